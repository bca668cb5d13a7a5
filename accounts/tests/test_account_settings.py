"""What is asked of allauth and Django, said out loud, as a process of each mode has it (SR-11, SR-15)."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from minichat.tests.test_settings import LOCAL, PRODUCTION, SELFHOST, in_a_process

pytestmark = pytest.mark.pure

LOOK = """
import json, django
django.setup()
from django.conf import settings
from django.core.checks import run_checks
from django.urls import NoReverseMatch, reverse
from allauth.account import app_settings
def routed(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
groups = ("SESSION", "CSRF", "SECURE", "ACCOUNT", "SOCIALACCOUNT", "MFA_")
names = [name for name in dir(settings) if name.isupper() and name.startswith(groups)]
values = {name: getattr(settings, name) for name in names}
print(json.dumps({
    **values,
    "dev-mail": routed("dev-mail"),
    "errors": [error.id for error in run_checks() if error.is_serious()],
    "USE_X_FORWARDED_HOST": settings.USE_X_FORWARDED_HOST,
    "ENGINE": settings.SESSION_ENGINE,
    "HASHER": settings.PASSWORD_HASHERS[0],
    "EMAIL_BACKEND": settings.EMAIL_BACKEND,
    "DELIVERY": settings.DELIVERY_EMAIL_BACKEND,
    "RESET_SECONDS": settings.PASSWORD_RESET_TIMEOUT,
    "APPS": settings.INSTALLED_APPS,
}, default=str))
"""
MODES = {"local": LOCAL, "selfhost": SELFHOST, "production": PRODUCTION}


@cache
def of(mode: str) -> dict[str, Any]:
    done = in_a_process(
        MODES[mode], "-c", f"import os; os.environ['DJANGO_SETTINGS_MODULE']='minichat.settings'\n{LOOK}"
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


EXPLICIT = {
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS": 3,
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT": 15 * 60,
    "ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS": 3,
    "ACCOUNT_LOGIN_BY_CODE_TIMEOUT": 15 * 60,
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
    "ACCOUNT_LOGIN_ON_GET": False,
    "SOCIALACCOUNT_LOGIN_ON_GET": False,
    "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,
    "SOCIALACCOUNT_STORE_TOKENS": False,
    "SOCIALACCOUNT_ADAPTER": "accounts.social_adapter.SocialAdapter",
    "SOCIALACCOUNT_PROVIDERS": {},
    "ACCOUNT_LOGOUT_ON_GET": False,
    "ACCOUNT_CHANGE_EMAIL": True,
    "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
    "ACCOUNT_REAUTHENTICATION_TIMEOUT": 5 * 60,
    "ACCOUNT_EMAIL_NOTIFICATIONS": True,
    "RESET_SECONDS": 60 * 60,
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_WEBAUTHN_USER_VERIFICATION": "required",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    "MFA_PASSKEY_SIGNUP_ENABLED": False,
    "MFA_TRUST_ENABLED": False,
    "MFA_ALLOW_UNVERIFIED_EMAIL": False,
    "MFA_RECOVERY_CODES_SHOW_ONCE": True,
    "USE_X_FORWARDED_HOST": False,
    "EMAIL_BACKEND": "notifications.backends.OutboxBackend",
    "HASHER": "django.contrib.auth.hashers.Argon2PasswordHasher",
    "ENGINE": "django.contrib.sessions.backends.db",
    "SESSION_COOKIE_AGE": 7 * 24 * 60 * 60,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_SAMESITE": "Lax",
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("name", "value"), EXPLICIT.items())
def test_SR11_a_setting_is_what_it_shall_be_in_every_mode(mode: str, name: str, value: object) -> None:
    assert of(mode)[name] == value


@pytest.mark.parametrize("mode", MODES)
def test_SR11_no_door_of_allauth_but_the_account_pages(mode: str) -> None:
    used = ["allauth", "allauth.account", "allauth.mfa", "allauth.socialaccount"]
    assert [app for app in of(mode)["APPS"] if app.startswith("allauth")] == used
    assert "django_ratelimit" not in of(mode)["APPS"]


@pytest.mark.parametrize(
    ("mode", "prefix", "secure"), [("local", "", False), ("selfhost", "", False), ("production", "__Host-", True)]
)
def test_SR15_the_cookies_are_bound_to_the_host_wherever_there_is_https(mode: str, prefix: str, secure: bool) -> None:
    found = of(mode)
    assert found["SESSION_COOKIE_NAME"] == f"{prefix}minichat_session"
    assert found["CSRF_COOKIE_NAME"] == f"{prefix}minichat_csrf"
    assert found["SESSION_COOKIE_SECURE"] is secure
    assert found["CSRF_COOKIE_SECURE"] is secure


@pytest.mark.parametrize(("mode", "path"), [("local", "/dev/mail/"), ("selfhost", None), ("production", None)])
def test_mail_can_be_read_in_local_mode_only(mode: str, path: str | None) -> None:
    assert of(mode)["dev-mail"] == path
    assert of(mode)["errors"] == []


@pytest.mark.parametrize(("mode", "backend"), [("local", "dummy"), ("selfhost", "smtp"), ("production", "smtp")])
def test_mail_leaves_the_machine_in_the_other_modes_only(mode: str, backend: str) -> None:
    assert of(mode)["DELIVERY"] == f"django.core.mail.backends.{backend}.EmailBackend"
