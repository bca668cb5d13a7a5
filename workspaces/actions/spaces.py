from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts.models import User
from minichat.lib.transactions import action
from workspaces import events
from workspaces.models import Entitlements, Membership, Plan, Workspace
from workspaces.roles import Role

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


@action
def rename(workspace: Workspace, *, name: str, by: Membership) -> Workspace:
    """The same name again is no change and leaves no line in the audit log."""
    if name != workspace.name:
        before, workspace.name = workspace.name, name
        workspace.save(update_fields=["name", "updated_at"])
        events.emit(events.WORKSPACE_RENAMED, workspace, actor=by, before=before)
    return workspace


def _insert(name: str, slug: str, locale: str) -> Workspace:
    slug = slug[:50]
    try:
        with transaction.atomic():
            return Workspace.objects.create(name=name, slug=slug, locale=locale)
    except IntegrityError:
        return Workspace.objects.create(name=name, slug=f"{slug}-{get_random_string(6).lower()}", locale=locale)
