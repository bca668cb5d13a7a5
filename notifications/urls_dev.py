from django.urls import path

from notifications.views import dev_mail as views

# Routed in local mode only.
urlpatterns = [
    path("", views.dev_mail, name="dev-mail"),
    path("<uuid:pk>/", views.dev_mail_one, name="dev-mail-one"),
    path("<uuid:pk>/html/", views.dev_mail_html, name="dev-mail-html"),
]
