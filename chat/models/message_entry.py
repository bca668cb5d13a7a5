from __future__ import annotations

from django.db import models

from minichat.lib.postings import TokensField
from workspaces.tenancy import WorkspaceOwned


class MessageEntry(WorkspaceOwned):
    """A message as search finds it. Made from the message alone, so it can be thrown away and made anew."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    # Its key is the beginning of the index below.
    workspace = models.ForeignKey("workspaces.Workspace", models.CASCADE, db_index=False)
    message = models.OneToOneField("chat.Message", models.CASCADE, related_name="entry")
    # When the message was written: results are newest first.
    at = models.DateTimeField()
    text = models.TextField()
    tokens = TokensField()
    created_at = None  # type: ignore[assignment]

    class Meta:
        default_related_name = "message_entries"
        indexes = [models.Index(fields=["workspace", "-at", "-message"], name="message_entry_newest")]

    def __str__(self) -> str:
        return self.text
