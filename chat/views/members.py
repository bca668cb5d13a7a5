"""The team page: people of the workspace, with the presence that only the chat knows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chat.models.presence import PRESENCE_TTL
from workspaces.decorators import MemberRequest, member
from workspaces.models import Membership, Workspace
from workspaces.roles import RANK, Role


@member(Role.VIEWER)
@require_safe
def members(request: MemberRequest) -> HttpResponse:
    return render(request, "workspaces/members.html", {"members": team(request.workspace)})


def team(workspace: Workspace) -> list[dict[str, Any]]:
    """Everybody, the highest role first, people who left last."""
    online = _online(workspace)
    rows = sorted(workspace.memberships.select_related("user"), key=_position)
    return [_row(row, is_online=row.pk in online) for row in rows]


def _online(workspace: Workspace) -> set[UUID]:
    heard_of = workspace.presences.filter(seen_at__gt=timezone.now() - PRESENCE_TTL)
    return set(heard_of.values_list("membership_id", flat=True))


def _position(row: Membership) -> tuple[bool, int, str]:
    return (row.deactivated_at is not None, -RANK[Role(row.role)], row.name.casefold())


def _row(row: Membership, *, is_online: bool) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "avatar": row.avatar,
        "email": row.user.email,
        "role": row.role,
        "role_label": row.get_role_display(),
        "is_online": is_online and row.deactivated_at is None,
        "deactivated": row.deactivated_at is not None,
    }
