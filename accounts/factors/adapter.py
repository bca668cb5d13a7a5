"""Where allauth's second factors ask us: how secrets are kept, and what apps and passkeys call this house."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from minichat.lib import crypto

PURPOSE = "factors"
HOUSE = "MiniChat"


class FactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text, purpose=PURPOSE)

    def get_totp_issuer(self) -> str:
        return HOUSE

    def generate_authenticator_name(self, user: AbstractBaseUser, type: TextChoices) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number} if number > 1 else _("My passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": passkey_host(), "name": HOUSE}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        entity = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.display_name}  # type: ignore[attr-defined]


def passkey_host() -> str:
    """The name that passkeys are bound to: the configured one (SR-14). A local house answers to several."""
    if settings.LOCAL:
        return urlsplit(f"//{context.request.get_host()}").hostname or ""
    return urlsplit(settings.BASE_URL).hostname or ""


def passkeys_work_here() -> bool:
    """Browsers bind a passkey to a name; under a bare address such as 127.0.0.1 there are none."""
    try:
        ipaddress.ip_address(passkey_host())
    except ValueError:
        return True
    return False
