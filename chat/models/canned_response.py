from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q

from workspaces.tenancy import WorkspaceOwned

if TYPE_CHECKING:
    from workspaces.models import Membership

LONGEST_SHORTCUT = 40
LONGEST_TEXT = 5_000


class CannedResponseQuerySet(models.QuerySet["CannedResponse"]):
    def usable_by(self, membership: Membership) -> CannedResponseQuerySet:
        """The team's and one's own, by shortcut."""
        return self.filter(Q(owner=None) | Q(owner=membership)).order_by("shortcut", "created_at")


class CannedResponse(WorkspaceOwned):
    """A text that is sent again and again, called by `/shortcut`. Without an owner it is the whole team's."""

    owner = models.ForeignKey("workspaces.Membership", models.CASCADE, null=True, blank=True)
    shortcut = models.CharField(max_length=LONGEST_SHORTCUT)
    body = models.TextField(max_length=LONGEST_TEXT)
    # They go out with it: `chat/quick_replies.py`, `chat/cards.py`.
    quick_replies = models.JSONField(default=list, blank=True)
    card = models.JSONField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    unscoped: ClassVar[Any] = CannedResponseQuerySet.as_manager()

    class Meta:
        default_related_name = "canned_responses"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "shortcut"], condition=Q(owner=None), name="one_shared_text_per_shortcut"
            ),
            models.UniqueConstraint(fields=["owner", "shortcut"], name="one_own_text_per_shortcut"),
        ]

    def __str__(self) -> str:
        return f"/{self.shortcut}"
