"""What this room keeps about a person (`accounts/holders.py`)."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from accounts import exports, sessions
from accounts.models import DataExport, PasswordHistory, User
from accounts.shelf import AVATARS


def sections(user: User) -> dict[str, Any]:
    """No secrets: neither passwords nor keys, and of factors only that they are there."""
    factors = Authenticator.objects.filter(user=user).order_by("pk")
    return {
        "profile": {
            "email": user.email,
            "name": user.name,
            "language": user.locale,
            "time_zone": user.timezone,
            "theme": user.theme,
            "photo": user.avatar_url(256),
            "joined_at": user.date_joined,
            "last_sign_in_at": user.last_login,
            "is_staff": user.is_staff,
        },
        "email_addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "second_steps": [
            {"kind": one.type, "name": str(one), "added_at": one.created_at, "last_used_at": one.last_used_at}
            for one in factors
        ],
        "connected_accounts": list(
            SocialAccount.objects.filter(user=user).values("provider", "uid", "date_joined", "last_login")
        ),
        "sessions": list(
            UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at", "last_seen_at")
        ),
        "passwords_changed_at": list(PasswordHistory.objects.filter(user=user).values_list("created_at", flat=True)),
        "exports": list(DataExport.objects.filter(user=user).values("created_at", "ready_at")),
    }


def objections(user: User) -> list[str]:
    return []


def forget(user: User) -> None:
    """The row stays as a stand-in without a name: what the person wrote for a workspace keeps an author."""
    AVATARS.drop(user.avatar)
    for export in DataExport.objects.filter(user=user):
        exports.drop(export)
    sessions.end_all(user)
    for model in (EmailAddress, SocialAccount, Authenticator, UserSession, PasswordHistory):
        model._default_manager.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
