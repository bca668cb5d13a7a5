from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts.models import User
from minichat.lib.files import Picture
from minichat.lib.transactions import action
from workspaces import events
from workspaces.models import Entitlements, Membership, Plan, Workspace
from workspaces.roles import Role
from workspaces.shelf import LOGOS
from workspaces.team import add_member, change_role, deactivate_member, reactivate_member, remove_member

__all__ = [
    "add_member",
    "change_role",
    "create_workspace",
    "deactivate_member",
    "mark_used",
    "reactivate_member",
    "remove_logo",
    "remove_member",
    "set_logo",
]

DEFAULT_PLAN = "free"


@action
def create_workspace(user: User, *, name: str, slug: str = "", locale: str = "", plan: str = DEFAULT_PLAN) -> Workspace:
    """A workspace with `user` as its owner. A taken or empty slug gets a random tail (Thai has no ASCII form)."""
    workspace = _insert(name, slug or slugify(name) or "shop", locale or user.locale or "en")
    membership = workspace.memberships.create(user=user, role=Role.OWNER)
    entitlements = Entitlements(workspace=workspace)
    entitlements.take_over(Plan.objects.get(slug=plan))
    entitlements.save()
    events.emit(events.WORKSPACE_CREATED, workspace, actor=membership)
    return workspace


def set_logo(workspace: Workspace, *, picture: Picture, by: Membership) -> Workspace:
    """The files are written before the row is locked: a slow disk or bucket holds up nobody."""
    return _swap_logo(workspace, LOGOS.put(picture), by)


def remove_logo(workspace: Workspace, *, by: Membership) -> Workspace:
    return _swap_logo(workspace, "", by)


@action
def _swap_logo(workspace: Workspace, key: str, by: Membership) -> Workspace:
    """Under the row's lock, so that of two logos at once the earlier one's files go."""
    before = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk).logo
    workspace.logo = key
    if before or key:
        LOGOS.drop(before)
        workspace.save(update_fields=["logo", "updated_at"])
        events.emit(events.WORKSPACE_LOGO_CHANGED if key else events.WORKSPACE_LOGO_REMOVED, workspace, actor=by)
    return workspace


def mark_used(membership: Membership) -> None:
    """Remember that this workspace was entered last, so that `/w/` leads back to it."""
    Membership.unscoped.filter(pk=membership.pk).update(last_used_at=timezone.now())


def _insert(name: str, slug: str, locale: str) -> Workspace:
    slug = slug[:50]
    try:
        with transaction.atomic():
            return Workspace.objects.create(name=name, slug=slug, locale=locale)
    except IntegrityError:
        return Workspace.objects.create(name=name, slug=f"{slug}-{get_random_string(6).lower()}", locale=locale)
