"""Google, GitHub and LINE: what each says about a person, and how much of it is believed (SR-12).

allauth's registry looks for a module of this name. An identity is (provider, subject). Of the mail addresses a provider
names we take one, and call it proven only where the provider says so and means it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.github.provider import GitHubProvider
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from allauth.socialaccount.providers.google.provider import GoogleProvider
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from allauth.socialaccount.providers.line.provider import LineProvider
from allauth.socialaccount.providers.line.views import LineOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from minichat.lib.text import clean_line

Claims = dict[str, Any]
# What an answer of the wrong shape makes of code that expected the right one.
MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, IndexError, ImproperlyConfigured)
KEPT_LENGTH = 254
NO_MAIL = "@users.noreply.github.com"


class Careful(OAuth2Adapter):
    """Answers of the wrong shape are refusals, not crashes; the way back is our own address (SR-14)."""

    nonce = ""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return f"{settings.BASE_URL}{reverse(f'{self.provider_id}_callback')}"

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        return _shaped(super().get_access_token_data, *args, **kwargs)

    def parse_token(self, data: Any) -> Any:
        return _shaped(super().parse_token, data)

    def complete_login(self, *args: Any, **kwargs: Any) -> SocialLogin:
        return _shaped(super().complete_login, *args, **kwargs)

    def require_nonce(self, claims: Claims) -> None:
        """The token was made for the sign-in that this browser began."""
        if not self.nonce or not constant_time_compare(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("the nonce is not ours")


class GoogleAdapter(Careful, GoogleOAuth2Adapter):
    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        return super().complete_login(request, app, token, **kwargs)

    def _decode_id_token(self, app: Any, id_token: str) -> Claims:
        """Signature, issuer, audience and age, although the token came from Google over TLS; then the nonce."""
        self.did_fetch_access_token = False
        claims: Claims = super()._decode_id_token(app, id_token)
        self.require_nonce(claims)
        return claims


class GitHubAdapter(Careful, GitHubOAuth2Adapter):
    pass


class LineAdapter(Careful, LineOAuth2Adapter):
    ISSUER = "https://access.line.me"

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """LINE checks the signature of its own token (`id_token_url`); we check that it is for us and for now."""
        login = super().complete_login(request, app, token, **kwargs)
        claims = login.account.extra_data.pop("checks")
        if claims.get("iss") != self.ISSUER or claims.get("aud") != app.client_id:
            raise OAuth2Error("the id_token is not for us")
        self.require_nonce(claims)
        return login


class Google(GoogleProvider):
    oauth2_adapter_class = GoogleAdapter

    def extract_uid(self, data: Claims) -> str:
        return _subject(data["sub"])

    def extract_common_fields(self, data: Claims) -> Claims:
        return {"name": data.get("name")}

    def extract_extra_data(self, data: Claims) -> Claims:
        return _kept(data, "email", "name", "hd")

    def extract_email_addresses(self, data: Claims) -> list[EmailAddress]:
        return _address(data.get("email"), proven=data.get("email_verified") is True)


class GitHub(GitHubProvider):
    oauth2_adapter_class = GitHubAdapter

    def extract_uid(self, data: Claims) -> str:
        if not isinstance(data["id"], int):
            raise ValueError("GitHub numbers its accounts")
        return str(data["id"])

    def extract_common_fields(self, data: Claims) -> Claims:
        """Not the public address of the profile, which anybody may choose."""
        return {"name": data.get("name") or data.get("login")}

    def extract_extra_data(self, data: Claims) -> Claims:
        return _kept(data, "login", "name")

    def extract_email_addresses(self, data: Claims) -> list[EmailAddress]:
        """The main one alone: of several, the person did not choose any other for us."""
        main: Claims = next((mail for mail in data.get("emails") or [] if mail["primary"] is True), {})
        if str(main.get("email", "")).endswith(NO_MAIL):
            return []
        return _address(main.get("email"), proven=main.get("verified") is True)


class Line(LineProvider):
    name = "LINE"
    oauth2_adapter_class = LineAdapter

    def extract_uid(self, data: Claims) -> str:
        return _subject(data["sub"])

    def extract_common_fields(self, data: Claims) -> Claims:
        return {"name": data.get("name")}

    def extract_extra_data(self, data: Claims) -> Claims:
        return {**_kept(data, "email", "name"), "checks": {key: data.get(key) for key in ("iss", "aud", "nonce")}}

    def extract_email_addresses(self, data: Claims) -> list[EmailAddress]:
        """LINE does not say that it has proven an address, so it never is."""
        return _address(data.get("email"), proven=False)


provider_classes: list[type[OAuth2Provider]] = [Google, GitHub, Line]


def origins() -> list[str]:
    """Where the buttons of the configured providers lead."""
    urls = [
        one.oauth2_adapter_class.authorize_url for one in provider_classes if one.id in settings.SOCIALACCOUNT_PROVIDERS
    ]
    return [f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, urls)]


def proven_address(login: SocialLogin) -> str:
    return next((address.email for address in login.email_addresses if address.verified), "")


def speaks_for(login: SocialLogin, address: str) -> bool:
    """Whether this provider may open the account of an address that it calls proven.

    GitHub mails a link before it calls an address verified. Google has looked once, perhaps years ago, except where the
    mailbox is Google's own: its consumers' and those of the Workspace domain that `hd` names.
    """
    domain = address.rpartition("@")[2]
    if login.account.provider == Google.id:
        return domain == "gmail.com" or domain == login.account.extra_data.get("hd")
    return login.account.provider == GitHub.id


def _address(email: Any, *, proven: bool) -> list[EmailAddress]:
    return [EmailAddress(email=email, verified=proven, primary=True)] if isinstance(email, str) and email else []


def _kept(data: Claims, *names: str) -> Claims:
    """Enough to show which account is connected, and nothing else about the person."""
    return {name: clean_line(data[name])[:KEPT_LENGTH] for name in names if isinstance(data.get(name), str)}


def _subject(said: Any) -> str:
    if not isinstance(said, str) or not said.isprintable():
        raise ValueError("no subject")
    return said


def _shaped(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return function(*args, **kwargs)
    except MISSHAPEN as error:
        raise OAuth2Error(f"an answer of the wrong shape: {type(error).__name__}") from error
