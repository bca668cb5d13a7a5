"""Who sees an inbox, for many members or rows at once: the rule is in `chat/models/inbox.py` (SR-10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from chat.models import Inbox, InboxMember, Visitor
from workspaces.models import Membership
from workspaces.roles import Role

ALWAYS = (Role.OWNER, Role.ADMIN)


def answering(inbox: Inbox) -> QuerySet[Membership]:
    """Those who see it and may reply."""
    return inbox.readers().exclude(role=Role.VIEWER)


def seen_by(memberships: Iterable[Membership]) -> dict[Any, set[UUID]]:
    """The inboxes of each member, in two queries for all of them together. Roles are taken from the objects."""
    members = list(memberships)
    chosen: dict[Any, set[UUID]] = {member.pk: set() for member in members}
    for membership, inbox in InboxMember.unscoped.filter(membership__in=chosen).values_list("membership", "inbox"):
        chosen[membership].add(inbox)
    by_workspace: dict[Any, list[tuple[UUID, bool]]] = {}
    rows = Inbox.unscoped.filter(workspace__in={member.workspace_id for member in members})
    for workspace, pk, is_private in rows.values_list("workspace", "pk", "is_private"):
        by_workspace.setdefault(workspace, []).append((pk, is_private))
    return {
        member.pk: {
            pk
            for pk, is_private in by_workspace.get(member.workspace_id, [])
            if not is_private or member.may(Role.ADMIN) or pk in chosen[member.pk]
        }
        for member in members
    }


def contacts_for(membership: Membership) -> Q:
    """Contacts this member may see: those of an inbox they see, and those that no visitor stands behind."""
    if membership.may(Role.ADMIN):
        return Q()
    visits = Visitor.unscoped.filter(contact=OuterRef("pk"))
    hidden = Inbox.unscoped.hidden_from(membership)
    return ~Exists(visits.filter(inbox__in=hidden)) | Exists(visits.exclude(inbox__in=hidden))
