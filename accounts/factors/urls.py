"""Under allauth's own names, so that its flows find them. What is not here does not exist."""

from __future__ import annotations

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from accounts.factors import views
from accounts.fresh import fresh
from accounts.pages import page, signed_in

urlpatterns = [
    path("", signed_in(views.IndexView.as_view()), name="mfa_index"),
    path("authenticate/", page(views.AuthenticateView.as_view()), name="mfa_authenticate"),
    path("reauthenticate/", signed_in(base.reauthenticate), name="mfa_reauthenticate"),
    path("totp/activate/", fresh(views.ActivateView.as_view()), name="mfa_activate_totp"),
    path("totp/deactivate/", fresh(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("recovery-codes/", fresh(views.recovery_codes), name="mfa_view_recovery_codes"),
    path("recovery-codes/generate/", fresh(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("webauthn/login/", page(views.LoginView.as_view()), name="mfa_login_webauthn"),
    path(
        "webauthn/reauthenticate/",
        signed_in(views.ConfirmByPasskeyView.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("webauthn/add/", fresh(views.AddPasskeyView.as_view()), name="mfa_add_webauthn"),
    path("webauthn/keys/<int:pk>/edit/", fresh(views.RenamePasskeyView.as_view()), name="mfa_edit_webauthn"),
    path("webauthn/keys/<int:pk>/remove/", fresh(views.RemovePasskeyView.as_view()), name="mfa_remove_webauthn"),
]
