from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from minichat.lib.ids import uuid7
from workspaces.tenancy import WorkspaceOwned

if TYPE_CHECKING:
    from chat.models.attachment import Attachment


class Kind(models.TextChoices):
    VISITOR = "visitor"
    OPERATOR = "operator"
    AI = "ai"
    NOTE = "note"
    EVENT = "event"


# What a visitor waits for.
ANSWERS = (Kind.OPERATOR, Kind.AI)


class _Lines(models.Aggregate):
    """Texts of several rows as lines of one."""

    output_field = models.TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="group_concat(%(expressions)s, char(10))", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="string_agg(%(expressions)s, chr(10))", **extra)


class MessageQuerySet(models.QuerySet["Message"]):
    def public(self) -> MessageQuerySet:
        """What the visitor may see: never a note."""
        return self.filter(public_seq__isnull=False)

    def with_authors(self) -> MessageQuerySet:
        return self.select_related("author__user")

    def with_files(self) -> MessageQuerySet:
        return self.prefetch_related("attachments")

    def with_file_names(self) -> MessageQuerySet:
        """`file_names`: those of its files, one per line, or None; in the same statement."""
        rows: Any = self.model._meta.get_field("attachments").related_model
        files = rows._base_manager.filter(message=models.OuterRef("pk"))
        names = files.order_by().values("message").annotate(names=_Lines("name")).values("names")
        return self.annotate(file_names=models.Subquery(names))

    def changed_after(self, seq: int) -> MessageQuerySet:
        """For the team: rows whose last change is after `seq`, oldest change first."""
        return self.filter(seq__gt=seq).order_by("seq")


class Message(WorkspaceOwned):
    """One row of a conversation: a text, a private note, or an event everybody sees.

    An AI message has the id of the visitor's message it answers as its `client_id`: nobody is answered twice.
    """

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
    # `v:<visitor>`, `m:<membership>`, `ai` or `system`. Never null: a unique constraint does not see nulls.
    sender_key = models.CharField(max_length=40)
    client_id = models.UUIDField(default=uuid7)
    event = models.JSONField(null=True, blank=True)
    # Colleagues named in a note: [{"id", "name"}]. A name that an edit took out stays: nobody is told twice.
    mentions = models.JSONField(default=list, blank=True)
    # Short answers under a reply, for the visitor to choose from.
    quick_replies = models.JSONField(default=list, blank=True)
    # What stands under a reply to be looked at and opened: `chat/cards.py`.
    card = models.JSONField(null=True, blank=True)
    # What an AI message is taken from, as it was then: [{"title", "url", "page", "quote", "source"}].
    sources = models.JSONField(null=True, blank=True)
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

    @cached_property
    def files(self) -> list[Attachment]:
        """Read ahead by `with_files`, or set by the appender, so that nobody asks row by row."""
        return [] if self.deleted_at else list(self.attachments.all())

    @property
    def is_public(self) -> bool:
        return self.kind != Kind.NOTE
