from __future__ import annotations

from django.db import models

from ai.models.offer import LONGEST_MODEL
from ai.naming import provider_name
from workspaces.tenancy import WorkspaceOwned

MOST_LINKS = 4


class ChainLink(WorkspaceOwned):
    """Who is asked for an answer, one after the other. The built-in answerer comes after the last and has no row."""

    position = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=LONGEST_MODEL)

    class Meta:
        default_related_name = "ai_chain"
        ordering = ["position", "created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "provider", "model"], name="one_link_per_model")]

    def __str__(self) -> str:
        return f"{provider_name(self.provider)}: {self.model}"
