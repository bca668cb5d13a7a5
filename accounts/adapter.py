"""Where allauth asks us: who may sign up, how addresses are written, what a mail looks like, how many attempts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils import translation

from accounts import limits
from accounts.addresses import normalise
from minichat.lib.emails import with_html
from minichat.lib.text import clean_line
from minichat.lib.throttle import client_ip


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUPS == "open"

    def clean_email(self, email: str) -> str:
        return normalise(email)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request).partition("/")[0]

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        limits.count_signup(request)
        user.name = clean_line(form.cleaned_data.get("name", ""))  # type: ignore[attr-defined]
        user.locale = (translation.get_language() or "en")[:2]  # type: ignore[attr-defined]
        return super().save_user(request, user, form, commit)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check a password, unless there were too many wrong ones; only wrong ones count (S-04, SR-18)."""
        address = normalise(credentials.get("email", ""))
        limits.require_room_to_try(request, address)
        user = super().authenticate(request, **credentials)
        if user is None:
            limits.count_wrong_password(request, address)
        return user

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the person's own language, with links to the configured address only (SR-14)."""
        user = context.get("user")
        context = {key: _at_home(value) if key.endswith("_url") else value for key, value in context.items()}
        with translation.override(getattr(user, "locale", "") or translation.get_language()):
            super().send_mail(template_prefix, email, context)

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
