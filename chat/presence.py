"""Who is there. Rows grow old by themselves, so a crashed tab or process heals in a minute."""

from __future__ import annotations

from django.utils import timezone

from chat.models import Inbox, Presence, Visitor
from chat.models.presence import PRESENCE_TTL
from minichat.lib.people import initials
from workspaces.actions import mark_seen
from workspaces.models import Membership, Workspace
from workspaces.roles import Role


def member_seen(membership: Membership) -> None:
    Presence.unscoped.update_or_create(
        membership=membership, defaults={"workspace_id": membership.workspace_id, "seen_at": timezone.now()}
    )
    mark_seen([membership.pk])


def member_gone(membership: Membership) -> None:
    Presence.unscoped.filter(membership=membership).update(seen_at=None)


def visitor_seen(visitor: Visitor) -> None:
    visitor.last_seen_at = timezone.now()
    Visitor.unscoped.filter(pk=visitor.pk).update(last_seen_at=visitor.last_seen_at)


def visitor_asked(visitor: Visitor) -> None:
    """A poll: somebody without a socket stays present by asking, at the price of a write now and then."""
    if not visitor.is_online(timezone.now() + PRESENCE_TTL / 2):
        visitor_seen(visitor)


def visitor_gone(visitor: Visitor) -> None:
    Visitor.unscoped.filter(pk=visitor.pk).update(last_seen_at=None)


def answering(workspace: Workspace):  # noqa: ANN201
    """Members who may reply and whose browser was heard of within the last minute."""
    return (
        workspace.memberships.filter(deactivated_at=None, presence__seen_at__gt=timezone.now() - PRESENCE_TTL)
        .exclude(role=Role.VIEWER)
        .select_related("user")
    )


def faces(inbox: Inbox) -> list[dict[str, str | None]]:
    """Up to three of those who answer, for the widget's header; empty: nobody is there."""
    return [
        {"name": member.name, "initials": initials(member.name), "avatar": member.avatar}
        for member in answering(inbox.workspace)[:3]
    ]
