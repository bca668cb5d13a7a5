"""Where allauth asks us: who may sign up, how addresses are written, what a mail looks like, how many attempts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import devices, limits, vouched
from accounts.addresses import normalise
from accounts.models import User
from accounts.preferences import keep_language
from accounts.signals import signed_in_anew
from minichat.lib.emails import with_html
from minichat.lib.text import clean_line
from minichat.lib.throttle import client_ip

WAYS = {
    "reauthenticate": gettext_lazy("Use your password"),
    "mfa_reauthenticate": gettext_lazy("Use a code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
    "mail": gettext_lazy("Use a code by email"),
}


class AccountAdapter(DefaultAccountAdapter):
    # --- Who ------------------------------------------------------------------------------------------------------

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUPS == "open" or bool(vouched.address(request))

    def clean_email(self, email: str) -> str:
        """The one form of an address; it may be longer than what was typed."""
        address = normalise(email)
        if len(address) > app_settings.EMAIL_MAX_LENGTH:
            raise ValidationError(_("This address is too long."), code="too_long")
        return address

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        user.name = form.cleaned_data["name"]  # type: ignore[attr-defined]
        user.locale = (translation.get_language() or "en")[:2]  # type: ignore[attr-defined]
        return super().save_user(request, user, form, commit)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The address, the first workspace and the welcome: all of it or nothing."""
        devices.remember(request, email_address.email)
        with transaction.atomic():
            return super().confirm_email(request, email_address)

    # --- How often ------------------------------------------------------------------------------------------------

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request).partition("/")[0]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check a password, unless there were too many wrong ones; only wrong ones count (S-04, SR-18)."""
        address = normalise(credentials.get("email", ""))
        limits.require_room_to_try(request, address)
        user = super().authenticate(request, **credentials)
        if user is None:
            limits.count_wrong_password(request, address)
        return user

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        address = user.email  # type: ignore[attr-defined]
        if not kwargs.get("signup") and not devices.is_known(request, address):
            context = {"sessions_url": reverse("account_sessions")}
            self.send_notification_mail("account/email/new_sign_in", user, context)
            signed_in_anew.send(type(user), request=request, user=user)
        devices.remember(request, address)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        # A person's language comes along, also to the pages that look at nobody's session.
        if user.locale:  # type: ignore[attr-defined]
            keep_language(response, user.locale)  # type: ignore[attr-defined]
        return response

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Whoever has neither password nor factor proves themselves by a code to their address (SR-17)."""
        methods = super().get_reauthentication_methods(user)
        for method in methods:
            method["description"] = WAYS[method["id"]]
        if not methods and user.is_authenticated:
            way = {"id": "mail", "description": WAYS["mail"], "url": reverse("account_confirm_by_mail")}
            methods.append(way)
        return methods

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages only: allauth's older JSON answers are a second door that nobody here uses."""
        return False

    # --- Mails ----------------------------------------------------------------------------------------------------

    def send_reset_link(self, user: User, token: str) -> None:
        uid = user_pk_to_url_str(user) if user.pk else "0"
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        context = {"user": user, "password_reset_url": f"{settings.BASE_URL}{path}"}
        self.send_mail("account/email/password_reset_key", user.email, context)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the person's own language, with links to the configured address only (SR-14)."""
        user = context.get("user") or User.objects.filter(email=email).first()
        context = {key: _at_home(value) if key.endswith("_url") else value for key, value in context.items()}
        with translation.override(getattr(user, "locale", "") or translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def get_http_user_agent(self, request: HttpRequest) -> str:
        return clean_line(super().get_http_user_agent(request))

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        message = super().render_mail(template_prefix, email, context, headers)
        if isinstance(message, EmailMultiAlternatives):
            with_html(message, code=str(context.get("code", "")))
        return message


def _at_home(url: str) -> str:
    """The same path at our own address, whatever host name the request came with."""
    parts = urlsplit(str(url))
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return f"{settings.BASE_URL}{path}"
