"""Who is there. Rows grow old by themselves, so a crashed tab or process heals in a minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from chat import audience
from chat.models import Inbox, Presence, Visitor
from chat.models.presence import PRESENCE_TTL
from contacts.actions import mark_seen as mark_contact_seen
from minichat.lib.people import initials
from workspaces.actions import mark_seen
from workspaces.models import Membership
from workspaces.roles import Role

# Between two pages of a site nobody is connected; this long it is still the same visit.
VISIT_GAP = timedelta(minutes=30)


def member_seen(membership: Membership) -> None:
    Presence.unscoped.update_or_create(
        membership=membership, defaults={"workspace_id": membership.workspace_id, "seen_at": timezone.now()}
    )
    mark_seen([membership.pk])


def member_gone(membership: Membership) -> None:
    Presence.unscoped.filter(membership=membership).update(seen_at=None)


def visitor_seen(visitor: Visitor) -> None:
    """Here now. Somebody who was away for longer than a walk from page to page takes has come anew."""
    now = timezone.now()
    before = max((at for at in (visitor.last_seen_at, visitor.left_at) if at), default=None)
    if visitor.arrived_at is None or before is None or now - before > VISIT_GAP:
        visitor.arrived_at = now
    visitor.last_seen_at = now
    mark_contact_seen(visitor.contact)
    Visitor.unscoped.filter(pk=visitor.pk).update(last_seen_at=now, arrived_at=visitor.arrived_at)


def visitor_asked(visitor: Visitor) -> None:
    """A poll: somebody without a socket stays present by asking, at the price of a write now and then."""
    if not visitor.is_online(timezone.now() + PRESENCE_TTL / 2):
        visitor_seen(visitor)


def visitor_gone(visitor: Visitor, closed_at: datetime) -> bool:
    """Their last tab here closed then. False if they have been heard of since: the next page is open already, here or
    in another process, and this is the end of the one before."""
    still = Q(last_seen_at=None) | Q(last_seen_at__lte=closed_at)
    return bool(Visitor.unscoped.filter(still, pk=visitor.pk).update(last_seen_at=None, left_at=closed_at))


def answering(inbox: Inbox) -> QuerySet[Membership]:
    """Members who may reply there and whose browser was heard of within the last minute."""
    return audience.answering(inbox).filter(presence__seen_at__gt=_still_here()).select_related("user")


def unanswered(membership: Membership) -> list[UUID]:
    """Of the inboxes that this member answers, those where nobody is there now. A fixed number of queries."""
    here = membership.workspace.memberships.filter(deactivated_at=None, presence__seen_at__gt=_still_here())
    answering = list(here.exclude(role=Role.VIEWER))
    seen = audience.seen_by([membership, *answering])
    return sorted(seen[membership.pk].difference(*(seen[one.pk] for one in answering)))


def _still_here() -> datetime:
    return timezone.now() - PRESENCE_TTL


def opens_at(inbox: Inbox) -> datetime | None:
    """When the inbox's hours begin again; None while they run or where there are none."""
    return inbox.hours.opens_at(timezone.now(), inbox.workspace.timezone)


def faces(inbox: Inbox) -> list[dict[str, str | None]]:
    """Up to three of those who answer, for the widget's header; empty: nobody is there."""
    if not inbox.hours.is_open(timezone.now(), inbox.workspace.timezone):
        return []
    return [
        {"name": member.name, "initials": initials(member.name), "avatar": member.avatar}
        for member in answering(inbox)[:3]
    ]
