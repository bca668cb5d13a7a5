from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts.models import User
from minichat.lib.transactions import action
from workspaces import addresses, events, limits, usage
from workspaces.addresses import AddressTaken
from workspaces.models import Entitlements, Membership, Plan, Workspace
from workspaces.roles import Role

DEFAULT_PLAN = "free"
SETTINGS = ("name", "slug", "timezone", "currency", "locale", "era")


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
def create_another(user: User, *, name: str) -> Workspace:
    """One that a person makes for themselves: as many as the best of their plans includes (`PlanLimit`)."""
    limits.lock_owner(user)
    limits.check_workspaces(user)
    return create_workspace(user, name=name)


@action
def change_settings(workspace: Workspace, *, by: Membership, **wanted: Any) -> Workspace:
    """Save what differs. Raises `AddressTaken` or `TooManyMoves` about the slug."""
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    before = {name: getattr(workspace, name) for name in SETTINGS}
    changes = {
        name: [before[name], wanted[name]] for name in SETTINGS if wanted.get(name, before[name]) != before[name]
    }
    if not changes:
        return workspace
    if "timezone" in changes:
        usage.move_month(workspace, wanted["timezone"])
    for name in changes.keys() - {"slug"}:
        setattr(workspace, name, wanted[name])
    if "slug" in changes:
        addresses.move(workspace, wanted["slug"])
    _save(workspace, changes)
    events.emit(events.WORKSPACE_CHANGED, workspace, actor=by, changes=changes, fields=list(changes))
    return workspace


def _save(workspace: Workspace, changes: dict[str, list[str]]) -> None:
    try:
        with transaction.atomic():
            workspace.save(update_fields=[*changes, "updated_at"])
    except IntegrityError as error:
        raise AddressTaken from error
    if "slug" in changes and addresses.is_kept_for_others(workspace.slug, workspace):
        raise AddressTaken


def _insert(name: str, slug: str, locale: str) -> Workspace:
    slug = slug[: addresses.LONGEST]
    if not addresses.is_reserved(slug):
        try:
            with transaction.atomic():
                workspace = Workspace.objects.create(name=name, slug=slug, locale=locale)
                if addresses.is_kept_for_others(slug, workspace):
                    raise AddressTaken
                return workspace
        except (IntegrityError, AddressTaken):
            pass
    return Workspace.objects.create(name=name, slug=f"{slug}-{get_random_string(6).lower()}", locale=locale)
