from django.urls import path

from minichat.lib.files import views

urlpatterns = [
    path("media/<slug:shelf>/<str:key>/<int:size>.webp", views.picture, name="picture"),
    path("files/<str:token>/", views.file, name="file"),
]
