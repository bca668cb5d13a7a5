from __future__ import annotations

from django.db import models
from django.utils import timezone

from workspaces.tenancy import WorkspaceOwned


class Draft(WorkspaceOwned):
    """What a member has begun to write in a conversation, on whatever device; the reply and the note apart.

    An empty one remembers its counter: a tab that slept through the sending must not bring the text back.
    """

    conversation = models.ForeignKey("chat.Conversation", models.CASCADE)
    membership = models.ForeignKey("workspaces.Membership", models.CASCADE)
    note = models.BooleanField(default=False)
    body = models.TextField(blank=True)
    # Whom the text names: [{"id", "name"}], as in a message.
    mentions = models.JSONField(default=list, blank=True)
    # Each save carries the next number its tab knows of; of two the greater one stays.
    counter = models.PositiveBigIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "drafts"
        constraints = [
            models.UniqueConstraint(fields=["conversation", "membership", "note"], name="one_draft_per_member_and_kind")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.counter}"
