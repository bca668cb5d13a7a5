from __future__ import annotations

from django.db import models
from django.utils import timezone

from workspaces.tenancy import WorkspaceOwned


class Sorting(WorkspaceOwned):
    """That the assistant has looked for labels for a conversation: once, whatever it found."""

    conversation = models.OneToOneField("chat.Conversation", models.CASCADE, related_name="ai_sorting")
    # Whoever began and is not done after a while is dead, and the next one begins anew.
    begun_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "ai_sortings"

    def __str__(self) -> str:
        return f"labels of {self.conversation_id}"
