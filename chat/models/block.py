from __future__ import annotations

from django.db import models

from workspaces.tenancy import WorkspaceOwned


class Block(WorkspaceOwned):
    """Somebody who may not write any more. Doors ask `Visitor.blocked_at`; this says who did it and when."""

    contact = models.OneToOneField("contacts.Contact", models.CASCADE, related_name="block")
    by = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True)
    by_name = models.CharField(max_length=80)

    class Meta:
        default_related_name = "blocks"
        indexes = [models.Index(fields=["workspace", "-created_at", "-id"], name="block_list")]

    def __str__(self) -> str:
        return str(self.contact_id)
