from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from minichat.lib.files.shelves import KEY_LENGTH
from workspaces.tenancy import WorkspaceOwned

if TYPE_CHECKING:
    from chat.models.inbox import Visitor

# Less than the day that unfinished uploads may stay (SR-48): the sweep comes once an hour.
UNSENT_LIFE = timedelta(hours=22)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def unsent(self) -> AttachmentQuerySet:
        return self.filter(message=None)

    def shown_to(self, sender_key: str) -> AttachmentQuerySet:
        """What was sent, and what this sender has uploaded and may still send."""
        return self.filter(Q(message__isnull=False) | Q(sender_key=sender_key))

    def visible_to_visitor(self, visitor: Visitor) -> AttachmentQuerySet:
        """What stands in their conversations, and their own uploads. What came with a note is not there for them."""
        sent = Q(message__public_seq__isnull=False, conversation__visitor=visitor)
        return self.filter(sent | Q(message=None, visitor=visitor))

    def left_behind(self) -> AttachmentQuerySet:
        """Nobody sent them, and nobody will."""
        return self.unsent().filter(created_at__lt=timezone.now() - UNSENT_LIFE)


class Attachment(WorkspaceOwned):
    """A file of a message. First it is uploaded and nobody's but its sender's; then one message takes it, once."""

    class Kind(models.TextChoices):
        IMAGE = "image"
        PDF = "pdf"

    message = models.ForeignKey("chat.Message", models.CASCADE, null=True, blank=True)
    # Where it may be sent. A visitor uploads before there is a conversation; the message says which it became.
    conversation = models.ForeignKey("chat.Conversation", models.CASCADE, null=True, blank=True)
    visitor = models.ForeignKey("chat.Visitor", models.CASCADE, null=True, blank=True)
    membership = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True)
    # As in messages: whose it is, and the name they gave it. Uploading twice is uploading once.
    sender_key = models.CharField(max_length=40)
    client_id = models.UUIDField()
    # Its drawer on the private shelf, and what all that lies in it weighs.
    key = models.CharField(max_length=KEY_LENGTH)
    kept = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    content_type = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    unscoped: ClassVar[Any] = AttachmentQuerySet.as_manager()

    class Meta:
        default_related_name = "attachments"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "sender_key", "client_id"], name="one_attachment_per_client_id"
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], name="attachment_unsent", condition=Q(message=None)),
            models.Index(fields=["key"], name="attachment_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
