from __future__ import annotations

from django.db import models

from workspaces.tenancy import WorkspaceOwned


class LeadOrigin(WorkspaceOwned):
    """The conversation that a lead came out of. Kept here: contacts know nothing of conversations."""

    lead = models.OneToOneField("contacts.Lead", models.CASCADE, related_name="origin")
    conversation = models.ForeignKey("chat.Conversation", models.CASCADE, related_name="lead_origins")

    class Meta:
        default_related_name = "lead_origins"

    def __str__(self) -> str:
        return f"{self.lead_id} ← {self.conversation_id}"
