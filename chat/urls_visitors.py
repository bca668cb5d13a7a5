from django.urls import path

from chat.views import visitors

urlpatterns = [
    path("", visitors.index, name="visitors"),
    path("<uuid:pk>/chat/", visitors.start, name="start-chat"),
]
