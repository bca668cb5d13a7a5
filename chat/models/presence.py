from __future__ import annotations

from datetime import timedelta

from django.db import models

from workspaces.tenancy import WorkspaceOwned

PRESENCE_TTL = timedelta(seconds=60)


class Presence(WorkspaceOwned):
    """When a member's browser was last heard of. A crashed tab heals itself: the row grows old."""

    membership = models.OneToOneField("workspaces.Membership", models.CASCADE, related_name="presence")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "presences"

    def __str__(self) -> str:
        return f"{self.membership_id} {self.seen_at}"
