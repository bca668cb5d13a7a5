from __future__ import annotations

from django.db import models
from django.utils import timezone

from workspaces.tenancy import WorkspaceOwned


class VisitorEvent(WorkspaceOwned):
    """Something the website told about its visitor: "added to cart". The team sees it beside the conversation."""

    visitor = models.ForeignKey("chat.Visitor", models.CASCADE)
    name = models.CharField(max_length=80)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "visitor_events"
        indexes = [models.Index(fields=["visitor", "-at", "-id"], name="events_of_visitor")]

    def __str__(self) -> str:
        return self.name
