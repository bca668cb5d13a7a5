"""Google, GitHub and LINE as far as sign-in needs them, inside the test: what our server asks them, they answer.

The other end of a real exchange: a code works once, for the client and the address it was made for, and only with the
verifier of the challenge it was asked with. A test changes what they say in `claims`, or breaks an answer in `broken`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import requests
from allauth.socialaccount.models import SocialAccount
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from requests.adapters import BaseAdapter

from accounts.models import User
from conftest import PASSWORD

PROVIDERS = ["google", "github", "line"]
SECRET = "2f9a6c0b7d1e48a3b5c6"
CLIENTS = {"google": "1-x.apps.googleusercontent.com", "github": "Iv1.abcdef", "line": "1234567890"}
HOSTS = {
    "accounts.google.com": "google",
    "oauth2.googleapis.com": "google",
    "www.googleapis.com": "google",
    "github.com": "github",
    "api.github.com": "github",
    "access.line.me": "line",
    "api.line.me": "line",
}


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def strangers_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate() -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stub")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key().public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key(), hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM).decode()


@dataclass
class Stub(BaseAdapter):
    """What the three say, and what they were asked."""

    claims: dict[str, Any] = field(default_factory=dict)
    emails: Any = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    signing: Any = None
    algorithm: str = "RS256"
    broken: dict[str, Any] = field(default_factory=dict)

    # --- The person's browser -------------------------------------------------------------------------------------

    def agree(self, location: str) -> tuple[str, dict[str, str]]:
        """The person says yes: where the browser is sent, and with what."""
        asked = dict(parse_qsl(urlsplit(location).query))
        assert asked["response_type"] == "code"
        code = secrets.token_urlsafe(12)
        self.codes[code] = {**asked, "provider": HOSTS[urlsplit(location).netloc]}
        return urlsplit(asked["redirect_uri"]).path, {"code": code, "state": asked["state"]}

    # --- Our server -----------------------------------------------------------------------------------------------

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        url = urlsplit(str(request.url))
        self.asked.append(f"{request.method} {url.netloc}{url.path}")
        form = {name: values[0] for name, values in parse_qs(str(request.body or "")).items()}
        status, said = self._answer(HOSTS[url.netloc], url.path, form, dict(request.headers))
        for path, broken in self.broken.items():
            if url.path.endswith(path):
                if isinstance(broken, Exception):
                    raise broken
                status, said = broken
        response = requests.Response()
        response.status_code, response.request, response.url = status, request, str(request.url)
        response.headers["Content-Type"] = "application/json"
        response._content = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        return response

    def close(self) -> None:
        pass

    def _answer(self, provider: str, path: str, form: dict[str, str], headers: dict[str, str]) -> tuple[int, Any]:
        if path.endswith(("/token", "/access_token")):
            return self._token(provider, form)
        if path == "/oauth2/v1/certs":
            return 200, {"one": certificate()}
        if path == "/oauth2/v2.1/verify":
            return self._line_verifies(form)
        token = headers.get("Authorization", "").partition(" ")[2]
        if token not in self.tokens:
            return 401, {"error": "invalid_token"}
        return 200, self.emails if path == "/user/emails" else {"id": 42, "login": "malee", **self.claims}

    def _token(self, provider: str, form: dict[str, str]) -> tuple[int, Any]:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or not self._is_theirs(provider, asked, form):
            return 400, {"error": "invalid_grant"}
        token = secrets.token_urlsafe(12)
        self.tokens[token] = asked
        said = {"access_token": token, "token_type": "bearer", "expires_in": 3600}
        if provider != "github":
            said["id_token"] = self.id_token(provider, asked)
        return 200, said

    def _is_theirs(self, provider: str, asked: dict[str, str], form: dict[str, str]) -> bool:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return (
            asked["provider"] == provider
            and form.get("client_id") == asked["client_id"] == CLIENTS[provider]
            and form.get("client_secret") == SECRET
            and form.get("redirect_uri") == asked["redirect_uri"]
            and asked.get("code_challenge_method") == "S256"
            and asked.get("code_challenge") == challenge
        )

    def id_token(self, provider: str, asked: dict[str, str]) -> str:
        issuer = "https://accounts.google.com" if provider == "google" else "https://access.line.me"
        claims = {
            "iss": issuer,
            "aud": CLIENTS[provider],
            "sub": "subject-1",
            "iat": int(datetime.now(UTC).timestamp()),
            "exp": int(datetime.now(UTC).timestamp()) + 600,
            "nonce": asked.get("nonce", ""),
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        signing = self.signing if self.signing is not None else key()
        return jwt.encode(claims, signing, algorithm=self.algorithm, headers={"kid": "one"})

    def _line_verifies(self, form: dict[str, str]) -> tuple[int, Any]:
        try:
            public = key().public_key()
            options: Any = {"verify_aud": False}
            return 200, jwt.decode(form["id_token"], public, algorithms=["RS256"], options=options)
        except jwt.PyJWTError:
            return 400, {"error": "invalid_request", "error_description": "Invalid IdToken."}


def begin(client: Client, provider: str, next_url: str = "", **extra: Any) -> str:
    """Press the button; answers where the browser goes."""
    answer = client.post(f"/accounts/{provider}/login/", {"next": next_url} if next_url else {}, **extra)
    assert answer.status_code == 302, answer.content
    return str(answer.url)


def come_back(client: Client, stub: Stub, location: str, **changes: str) -> Any:
    path, query = stub.agree(location)
    return client.get(path, {**query, **changes})


def sign_in_with(client: Client, stub: Stub, provider: str, **extra: Any) -> Any:
    return come_back(client, stub, begin(client, provider, **extra))


def says(stub: Stub, provider: str, address: str | None, *, proven: bool = True, **claims: Any) -> None:
    """Malee's account at the provider, with this address."""
    stub.claims = {"name": "Malee", **claims}
    if provider == "github":
        stub.emails = [{"email": address, "primary": True, "verified": proven}] if address else []
    elif address:
        stub.claims.update({"email": address, "email_verified": proven})


def connected(user: User, provider: str = "google", uid: str = "subject-1") -> SocialAccount:
    return SocialAccount.objects.create(user=user, provider=provider, uid="42" if provider == "github" else uid)


def nobody_new(ana: User) -> None:
    """Nothing was made, nothing connected, nobody let in."""
    assert list(User.objects.all()) == [ana]
    assert not SocialAccount.objects.exists()
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)
