"""Signed tokens with which the owner's server vouches for a visitor (SR-34).

A JWT, HS256 and nothing else, made with a secret of this inbox:
    header   kid   the id of the secret
    claims   sub   the owner's own name for the person, at most 200 characters
             aud   the widget key (`wk_…`) of the inbox
             exp   at most an hour from now
             jti   optional: then the token is taken once
             name, email, phone, company, language, attributes: optional
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models import IdentityKey, Inbox
from contacts.actions import Identity
from contacts.attributes import TRAITS, clean_attributes, clean_traits
from minichat.lib import crypto
from minichat.lib.errors import Invalid, MiniChatError
from minichat.lib.text import clean_line

ALGORITHM = "HS256"
LIFETIME = 60 * 60
LEEWAY = 60  # clocks differ
LONGEST_SUBJECT = 200
LONGEST_JTI = 64
PURPOSE = "chat.identity"


# What an owner's developers copy. The two words in capitals are filled in.
SAMPLES = (
    (
        "Python",
        """# pip install pyjwt
import os, time, jwt

def minichat_token(user):
    claims = {
        "sub": str(user.id),
        "aud": "WIDGET_KEY",
        "exp": int(time.time()) + 600,
        "name": user.name,
        "email": user.email,
    }
    secret = os.environ["MINICHAT_IDENTITY_SECRET"]
    return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": "KEY_ID"})""",
    ),
    (
        "PHP",
        """// composer require firebase/php-jwt
use Firebase\\JWT\\JWT;

function minichat_token($user) {
    $claims = [
        'sub' => (string) $user->id,
        'aud' => 'WIDGET_KEY',
        'exp' => time() + 600,
        'name' => $user->name,
        'email' => $user->email,
    ];
    return JWT::encode($claims, getenv('MINICHAT_IDENTITY_SECRET'), 'HS256', 'KEY_ID');
}""",
    ),
    (
        "Node",
        """// npm install jsonwebtoken
const jwt = require('jsonwebtoken');

function minichatToken(user) {
  const claims = { name: user.name, email: user.email };
  return jwt.sign(claims, process.env.MINICHAT_IDENTITY_SECRET, {
    algorithm: 'HS256',
    keyid: 'KEY_ID',
    subject: String(user.id),
    audience: 'WIDGET_KEY',
    expiresIn: 600,
  });
}""",
    ),
)


class IdentityRefused(MiniChatError):
    """Not ours, changed, or not what the contract asks for. The chat goes on, with nobody vouched for."""

    code, status = "identity_invalid", 403
    message = _("We could not check who you are.")


class IdentityExpired(IdentityRefused):
    code = "identity_expired"


class IdentityTooLong(IdentityRefused):
    code = "identity_lifetime"


class IdentityElsewhere(IdentityRefused):
    code = "identity_audience"


class IdentityKeyUnknown(IdentityRefused):
    code = "identity_key"


class IdentityReplayed(IdentityRefused):
    code = "identity_replayed"


class IdentityRequired(MiniChatError):
    """This inbox lets nobody in for whom its owner's server has not vouched."""

    code, status = "identity_required", 403
    message = _("Please sign in on this website to chat.")


@dataclass(frozen=True)
class Claim:
    """A token that was checked: who, with which secret, and until when it may not come again."""

    identity: Identity
    key: IdentityKey
    jti: str
    expires_at: datetime


def new_secret() -> tuple[str, str]:
    """A key id and the secret itself, which whoever makes it is shown once."""
    return f"ik_{secrets.token_hex(8)}", f"mis_{secrets.token_urlsafe(32)}"


def locked_up(secret: str) -> str:
    return crypto.encrypt(secret, purpose=PURPOSE)


def read(inbox: Inbox, token: str) -> Claim:
    """What `token` says, if everything about it is right. Raises `IdentityRefused`."""
    try:
        key = _key(inbox, jwt.get_unverified_header(token))
        secret = crypto.decrypt(key.secret, purpose=PURPOSE)
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=inbox.widget_key,
            leeway=LEEWAY,
            options={"require": ["exp", "sub", "aud"]},
        )
        return _claim(key, claims)
    except jwt.ExpiredSignatureError as error:
        raise IdentityExpired from error
    except jwt.InvalidAudienceError as error:
        raise IdentityElsewhere from error
    except (jwt.InvalidTokenError, crypto.Unreadable, Invalid, ValueError, OverflowError, RecursionError) as error:
        raise IdentityRefused from error


def _key(inbox: Inbox, header: dict[str, Any]) -> IdentityKey:
    kid = header.get("kid")
    if header.get("alg") != ALGORITHM or not isinstance(kid, str):
        raise IdentityRefused
    key = inbox.identity_keys.live().filter(kid=kid[:40]).first()
    if key is None:
        raise IdentityKeyUnknown
    return key


def _claim(key: IdentityKey, claims: dict[str, Any]) -> Claim:
    expires_at = datetime.fromtimestamp(int(claims["exp"]), UTC)
    if (expires_at - timezone.now()).total_seconds() > LIFETIME + LEEWAY:
        raise IdentityTooLong
    subject, jti = claims["sub"], claims.get("jti") or ""
    if not subject or subject != clean_line(subject) or len(subject) > LONGEST_SUBJECT or len(jti) > LONGEST_JTI:
        raise IdentityRefused
    traits, _rest = clean_traits({name: claims[name] for name in TRAITS.keys() & claims.keys()})
    attributes = clean_attributes(claims.get("attributes") or {})
    language = claims.get("language")
    language = language[:2] if isinstance(language, str) and language[:2] in dict(settings.VISITOR_LANGUAGES) else ""
    return Claim(Identity(subject, traits, attributes, language), key, jti, expires_at)
