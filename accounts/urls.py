"""The doors of django-allauth that we use, each one named: what is not here does not exist."""

from __future__ import annotations

from allauth.account import views
from allauth.socialaccount import views as social_views
from django.urls import include, path, re_path

from accounts import by_code, data, mail_code, photo, profile, session_pages, social
from accounts.fresh import fresh, fresh_posts
from accounts.pages import page, token_page

urlpatterns = [
    path("signup/", page(views.signup), name="account_signup"),
    path("confirm-email/", page(views.email_verification_sent), name="account_email_verification_sent"),
    path("login/", page(views.login), name="account_login"),
    path("login/code/", page(by_code.request_code), name="account_request_login_code"),
    path("login/code/confirm/", page(by_code.confirm_code), name="account_confirm_login_code"),
    path("logout/", page(views.logout), name="account_logout"),
    path("inactive/", page(views.account_inactive), name="account_inactive"),
    path("reauthenticate/", page(views.reauthenticate), name="account_reauthenticate"),
    path("email/", fresh_posts(views.email), name="account_email"),
    path("reauthenticate/mail/", mail_code.confirm, name="account_confirm_by_mail"),
    path("2fa/", include("accounts.factors.urls")),
    path("profile/", profile.edit, name="account_profile"),
    path("social/signup/", page(social_views.signup), name="socialaccount_signup"),
    path("methods/", social.methods, name="socialaccount_connections"),
    path("methods/<slug:provider>/connect/", social.connect, name="account_connect"),
    path("methods/<slug:provider>/disconnect/", social.disconnect, name="account_disconnect"),
    path("<slug:provider>/login/", social.begin, name="account_begin"),
    path("google/login/callback/", social.google, name="google_callback"),
    path("github/login/callback/", social.github, name="github_callback"),
    path("line/login/callback/", social.line, name="line_callback"),
    path("sessions/", session_pages.show, name="account_sessions"),
    path("sessions/delete/", session_pages.delete, name="account_end_session"),
    path("sessions/delete-others/", session_pages.delete_others, name="account_end_other_sessions"),
    path("data/", data.show, name="account_data"),
    path("data/exports/", data.create, name="account_export"),
    path("data/exports/<uuid:pk>/", data.download, name="account_export_file"),
    path("close/", data.close, name="account_close"),
    path("photo/", photo.show, name="account_photo"),
    path("avatar/", photo.create, name="account_avatar"),
    path("avatar/delete/", photo.delete, name="account_remove_avatar"),
    path("password/change/", page(views.password_change), name="account_change_password"),
    path("password/set/", fresh(views.password_set), name="account_set_password"),
    path("password/reset/", page(views.password_reset), name="account_reset_password"),
    path("password/reset/done/", page(views.password_reset_done), name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        page(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        token_page(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
]
