"""Addresses of workspaces (`/w/<slug>/`): what one looks like, and how long an old one leads to the new one."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from minichat.lib.errors import Conflict
from workspaces.models import OldSlug, Workspace

SHORTEST, LONGEST = 3, 50
# Links in mails and bookmarks are followed for a while; `docs/configuration.md` tells owners.
KEPT_FOR = timedelta(days=90)
# One workspace must not hold names by the dozen.
MOST_KEPT = 5
SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# What could be taken for a page of ours.
RESERVED = frozenset(
    [
        "about",
        "accounts",
        "admin",
        "api",
        "app",
        "billing",
        "blog",
        "dashboard",
        "demo",
        "dev",
        "docs",
        "help",
        "login",
        "logout",
        "mail",
        "minichat",
        "new",
        "pricing",
        "security",
        "settings",
        "signup",
        "staff",
        "static",
        "status",
        "support",
        "system",
        "undefined",
        "null",
        "widget",
        "www",
    ]
)


class AddressTaken(Conflict):
    message = _("This address is taken. Please choose another.")


class TooManyMoves(Conflict):
    message = _("The address was changed too often. Old addresses are kept for 90 days, at most five of them.")


def is_reserved(slug: str) -> bool:
    return slug in RESERVED


def is_kept_for_others(slug: str, workspace: Workspace) -> bool:
    """Whether `slug` still leads to another workspace. Looked at *after* the row was written: of two workspaces that
    give up and take an address at once, the unique index makes the taker wait for the other's commit."""
    kept = OldSlug.unscoped.filter(slug=slug, expires_at__gt=timezone.now())
    return kept.exclude(workspace=workspace).exists()


def move(workspace: Workspace, slug: str) -> None:
    """Keep the present address as an old one and give the row the new one; the caller saves, under the row's lock."""
    now = timezone.now()
    OldSlug.unscoped.filter(Q(expires_at__lte=now) | Q(workspace=workspace), slug=slug).delete()
    if workspace.old_slugs.filter(expires_at__gt=now).count() >= MOST_KEPT:
        raise TooManyMoves
    # Whoever had it before us has lost it, or we would not have it.
    OldSlug.unscoped.filter(slug=workspace.slug).delete()
    workspace.old_slugs.create(slug=workspace.slug, expires_at=now + KEPT_FOR)
    workspace.slug = slug


def forget_expired() -> int:
    return OldSlug.unscoped.filter(expires_at__lte=timezone.now()).delete()[0]
