from django.urls import path

from notifications.views import centre, settings, unsubscribe

urlpatterns = [
    path("w/<slug:slug>/notifications/", centre.index, name="notifications"),
    path("w/<slug:slug>/notifications/latest/", centre.latest, name="notifications-latest"),
    path("w/<slug:slug>/notifications/count/", centre.count, name="notifications-count"),
    path("w/<slug:slug>/notifications/reading/", centre.read_all, name="read-all-notifications"),
    path("w/<slug:slug>/notifications/<uuid:pk>/reading/", centre.read, name="read-notification"),
    path("w/<slug:slug>/settings/notifications/", settings.show, name="notification-settings"),
    path("unsubscribe/<str:token>/", unsubscribe.show, name="unsubscribe"),
]
