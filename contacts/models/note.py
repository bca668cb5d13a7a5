from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from workspaces.tenancy import WorkspaceOwned

LONGEST_NOTE = 5_000


class NoteQuerySet(models.QuerySet["Note"]):
    def newest_first(self) -> NoteQuerySet:
        return self.select_related("author__user").order_by("-created_at", "-id")


class Note(WorkspaceOwned):
    """What the team remembers about a contact. No visitor ever sees it."""

    contact = models.ForeignKey("contacts.Contact", models.CASCADE)
    author = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True)
    # A copy: whoever leaves stays named.
    author_name = models.CharField(max_length=80, blank=True)
    body = models.TextField(max_length=LONGEST_NOTE)
    # Sent with the form: the same note twice is one note.
    client_id = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)

    unscoped: ClassVar[Any] = NoteQuerySet.as_manager()

    class Meta:
        default_related_name = "notes"
        constraints = [models.UniqueConstraint(fields=["workspace", "client_id"], name="one_note_per_client_id")]
        indexes = [models.Index(fields=["contact", "-created_at", "-id"], name="notes_of_contact")]

    def __str__(self) -> str:
        return str(self.contact)
