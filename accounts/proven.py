"""Which addresses somebody has proven to own: what whoever invites, links or merges must ask, never what was typed."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts.addresses import normalise
from accounts.models import User


def has_proven(user: User, address: str) -> bool:
    return EmailAddress.objects.filter(user=user, email=normalise(address), verified=True).exists()
