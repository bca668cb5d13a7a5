"""What people do on the account pages, in words. Each step answers with the page's response."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
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


# --- The second step --------------------------------------------------------------------------------------------------


def confirm(client: Client, password: str = PASSWORD) -> HttpResponse:
    """Prove again that it is you: the doors behind `@fresh` are open for five minutes."""
    return client.post("/accounts/reauthenticate/", {"password": password})


def totp_code(secret: str, steps: int = 0) -> str:
    """What an app with this secret shows, `steps` half minutes from now."""
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30 + steps))


def set_up_app(client: Client) -> str:
    """With the page, as people do; answers the secret."""
    confirm(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="secret"[^>]*>([A-Z2-7 ]+)<', page)[1]  # type: ignore[index]
    done = client.post("/accounts/2fa/totp/activate/", {"code": totp_code(secret)})
    assert done.status_code == 302, done.content.decode()
    return secret


def see_recovery_codes(client: Client) -> list[str]:
    page = client.get("/accounts/2fa/recovery-codes/")
    return re.findall(r"^(\d{4} \d{4})$", page.context["sheet"], re.MULTILINE) if page.status_code == 200 else []


def second_step(client: Client, code: str, **extra: Any) -> HttpResponse:
    return client.post("/accounts/2fa/authenticate/", {"code": code}, **extra)
