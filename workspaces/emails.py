from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from minichat.lib.emails import make_message
from minichat.lib.moments import told_in
from workspaces.lifecycle import ends_at
from workspaces.models import Workspace
from workspaces.roles import Role


def tell_owners(workspace: Workspace, name: str, *, reason: str = "", by: str = "") -> None:
    """The mail `name` to everybody who owns the workspace, each in their own language and the workspace's time."""
    owners = workspace.memberships.filter(role=Role.OWNER, deactivated_at=None, user__is_active=True)
    page = "closed-workspace" if workspace.status == Workspace.Status.CLOSED else "dashboard"
    context: dict[str, Any] = {
        "workspace": workspace,
        "url": settings.BASE_URL + reverse(page, args=[workspace.slug]),
        "home_url": settings.BASE_URL + reverse("home-workspace"),
        "reason": reason,
        "by": by,
        "ends_at": workspace.closed_at and ends_at(workspace),
    }
    for owner in owners.select_related("user"):
        with (
            translation.override(owner.user.locale or workspace.locale),
            told_in(workspace.timezone, workspace.era),
        ):
            make_message(name, owner.user.email, {"user": owner.user, **context}).send()


def send_welcome(user: User, workspace: Workspace) -> None:
    """After the address is proven: where the new workspace is and what comes next."""
    url = settings.BASE_URL + reverse("widget-settings", args=[workspace.slug])
    with translation.override(user.locale or workspace.locale):
        make_message("welcome", user.email, {"user": user, "workspace": workspace, "url": url}).send()
