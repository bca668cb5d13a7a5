"""What a visitor's browser shows to be that visitor again: issued once, renewed each month, kept as a hash (SR-33)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from chat.models import Credential, IdentityKey, Inbox, Visitor
from contacts.models import Contact
from minichat.lib.transactions import action

RENEWED_AFTER = timedelta(days=30)
# The old one works on meanwhile: other tabs still hold it, and an answer may be lost on its way.
GRACE = timedelta(days=1)


def hashed(token: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(inbox_key: str, token: str) -> Visitor | None:
    """The visitor of this credential in this inbox, open as it is, with all that posting needs loaded."""
    found = (
        Credential.unscoped.live()
        .select_related("visitor__inbox__workspace", "visitor__contact", "visitor__workspace")
        .filter(token_hash=hashed(token), visitor__inbox__widget_key=inbox_key, visitor__inbox__closed_at=None)
        .first()
    )
    if found is None:
        return None
    found.visitor.credential = found  # type: ignore[attr-defined]
    return found.visitor


def of(visitor: Visitor) -> Credential:
    """The credential that this visitor came with, or was given just now."""
    return visitor.credential  # type: ignore[attr-defined]


@action
def issue(visitor: Visitor, *, key: IdentityKey | None = None) -> str:
    """A new credential, returned once. Those that have run out go."""
    now = timezone.now()
    visitor.credentials.filter(expires_at__lt=now).delete()
    token = f"v1.{visitor.inbox_id.hex[:8]}.{secrets.token_urlsafe(32)}"
    credential = Credential(workspace_id=visitor.workspace_id, visitor=visitor, key=key, token_hash=hashed(token))
    credential.save(force_insert=True)
    visitor.credential = credential  # type: ignore[attr-defined]
    return token


@action
def renew(visitor: Visitor) -> str | None:
    """A fresh credential for one that has grown old; nothing while it is young."""
    old, now = of(visitor), timezone.now()
    if now - old.issued_at < RENEWED_AFTER:
        return None
    token = issue(visitor, key=old.key)
    if old.expires_at is None:
        old.expires_at = now + GRACE
        old.save(update_fields=["expires_at"])
    return token


@action
def end(visitor: Visitor) -> None:
    """The visitor has signed out of the page: what this browser showed opens nothing any more."""
    of(visitor).delete()


def visitor_row(
    inbox: Inbox,
    contact: Contact,
    *,
    origin: str = "",
    language: str = "",
    page: dict[str, str] | None = None,
    user_agent: str = "",
    ip: str | None = None,
    zone: str = "",
) -> Visitor:
    """A visitor as the browser describes itself, not saved yet."""
    page = page or {}
    return Visitor(
        workspace=inbox.workspace,
        inbox=inbox,
        contact=contact,
        origin=origin[:255],
        language=language,
        user_agent=user_agent[:300],
        ip=ip,
        timezone=zone,
        page_url=page.get("url", ""),
        page_title=page.get("title", ""),
        referrer=page.get("referrer", ""),
    )
