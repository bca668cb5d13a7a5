from __future__ import annotations

from django.db import models
from django.utils import timezone

from workspaces.tenancy import WorkspaceOwned

# Of one visitor; older ones go when a newer one comes.
MOST_PAGES = 50


class PageView(WorkspaceOwned):
    """A page that a visitor opened with the chat on it."""

    visitor = models.ForeignKey("chat.Visitor", models.CASCADE)
    url = models.CharField(max_length=500)
    title = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "page_views"
        indexes = [models.Index(fields=["visitor", "-at", "-id"], name="pages_of_visitor")]

    def __str__(self) -> str:
        return self.url
