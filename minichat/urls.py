from django.urls import include, path

urlpatterns: list = [
    path("w/<slug:slug>/conversations/", include("chat.urls")),
    path("", include("chat.widget.urls")),
]
