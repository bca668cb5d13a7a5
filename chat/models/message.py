from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from minichat.lib.ids import uuid7
from workspaces.tenancy import WorkspaceOwned


class Kind(models.TextChoices):
    VISITOR = "visitor"
    OPERATOR = "operator"
    NOTE = "note"
    EVENT = "event"


class MessageQuerySet(models.QuerySet["Message"]):
    def public(self) -> MessageQuerySet:
        """What the visitor may see: never a note."""
        return self.filter(public_seq__isnull=False)

    def with_authors(self) -> MessageQuerySet:
        return self.select_related("author__user")

    def changed_after(self, seq: int) -> MessageQuerySet:
        """For the team: rows whose last change is after `seq`, oldest change first."""
        return self.filter(seq__gt=seq).order_by("seq")


class Message(WorkspaceOwned):
    """One row of a conversation: a text, a private note, or an event everybody sees."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey("chat.Conversation", models.CASCADE)
    position = models.PositiveIntegerField()
    # The number of the row's last change in the team's stream, and in the visitor's (null: the visitor never sees it).
    seq = models.PositiveIntegerField()
    public_seq = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=8, choices=Kind)
    body = models.TextField(blank=True)
    author = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True)
    author_name = models.CharField(max_length=80, blank=True)
    # `v:<visitor>`, `m:<membership>` or `system`. Never null: a unique constraint does not see nulls.
    sender_key = models.CharField(max_length=40)
    client_id = models.UUIDField(default=uuid7)
    event = models.JSONField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    unscoped: ClassVar[Any] = MessageQuerySet.as_manager()

    class Meta:
        default_related_name = "messages"
        constraints = [
            # Not per conversation: the retry of a first message must find it.
            models.UniqueConstraint(fields=["workspace", "sender_key", "client_id"], name="one_message_per_client_id"),
            models.UniqueConstraint(fields=["conversation", "position"], name="one_message_per_position"),
        ]
        indexes = [
            models.Index(fields=["conversation", "seq"], name="message_by_seq"),
            models.Index(
                fields=["conversation", "public_seq"],
                name="message_by_public_seq",
                condition=Q(public_seq__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"

    @property
    def is_public(self) -> bool:
        return self.kind != Kind.NOTE
