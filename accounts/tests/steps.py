"""What people do on the account pages, in words. Each step answers with the page's response."""

from __future__ import annotations

import re
from typing import Any

from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from conftest import PASSWORD

GOOD_PASSWORD = "jasmine on the balcony 9"


def sign_up(client: Client, email: str, password: str = GOOD_PASSWORD, name: str = "", **extra: Any) -> HttpResponse:
    return client.post("/accounts/signup/", {"email": email, "password1": password, "name": name}, **extra)


def enter_code(client: Client, code: str) -> HttpResponse:
    return client.post("/accounts/confirm-email/", {"code": code})


def resend_code(client: Client) -> HttpResponse:
    return client.post("/accounts/confirm-email/", {"action": "resend"})


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> HttpResponse:
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)


def ask_for_code(client: Client, email: str, **extra: Any) -> HttpResponse:
    return client.post("/accounts/login/code/", {"email": email}, **extra)


def enter_login_code(client: Client, code: str, **extra: Any) -> HttpResponse:
    return client.post("/accounts/login/code/confirm/", {"code": code}, **extra)


def ask_for_reset(client: Client, email: str, **extra: Any) -> HttpResponse:
    return client.post("/accounts/password/reset/", {"email": email}, **extra)


def open_reset(client: Client, path: str) -> str:
    """Follow the link; answers the address of the page with the form."""
    return client.get(path).headers.get("Location", "")


def choose_password(client: Client, form: str, password: str = GOOD_PASSWORD) -> HttpResponse:
    return client.post(form, {"password1": password, "password2": password})


def code_of(mail: EmailMessage) -> str:
    return re.search(r"^\d{6}$", str(mail.body), re.MULTILINE)[0]  # type: ignore[index]


def link_of(mail: EmailMessage) -> str:
    return re.search(r"^https?://\S+$", str(mail.body), re.MULTILINE)[0]  # type: ignore[index]


def path_of(mail: EmailMessage) -> str:
    return "/" + link_of(mail).split("/", 3)[3]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
