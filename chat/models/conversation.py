from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import WorkspaceOwned

if TYPE_CHECKING:
    from workspaces.models import Membership


class Status(models.TextChoices):
    OPEN = "open", _("Open")
    SNOOZED = "snoozed", _("Snoozed")
    RESOLVED = "resolved", _("Closed")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, membership: Membership) -> ConversationQuerySet:
        """The one policy on who sees which conversations: pages, sockets and counts all ask here (SR-10)."""
        return self.filter(workspace=membership.workspace_id)

    def open(self) -> ConversationQuerySet:
        return self.filter(status=Status.OPEN)

    def closed(self) -> ConversationQuerySet:
        return self.filter(status=Status.RESOLVED)

    def waiting(self) -> ConversationQuerySet:
        return self.open().filter(waiting_since__isnull=False)

    def mine(self, membership: Membership) -> ConversationQuerySet:
        return self.open().filter(assignee=membership)

    def unassigned(self) -> ConversationQuerySet:
        return self.open().filter(assignee=None)

    def newest_first(self) -> ConversationQuerySet:
        return self.order_by("-last_message_at", "-id")

    def with_read_count(self, membership: Membership) -> ConversationQuerySet:
        """Adds `read_count`: how many of the visitor's messages this member has seen."""
        pointer = ConversationRead.unscoped.filter(conversation=OuterRef("pk"), membership=membership)
        return self.annotate(read_count=Coalesce(Subquery(pointer.values("inbound")[:1]), 0))

    def unread(self, membership: Membership) -> ConversationQuerySet:
        return self.with_read_count(membership).filter(inbound__gt=F("read_count"))


class Conversation(WorkspaceOwned):
    """What a visitor and the team say to each other. Its counters number the changes of both streams."""

    inbox = models.ForeignKey("chat.Inbox", models.CASCADE)
    contact = models.ForeignKey("contacts.Contact", models.CASCADE)
    visitor = models.ForeignKey("chat.Visitor", models.CASCADE)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    assignee = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True)
    # A copy of the assignee's name, so that a row is drawn without asking who that is.
    assignee_name = models.CharField(max_length=80, blank=True)
    # The two streams of the wire contract, and the number of rows; all move under this row's lock.
    last_seq = models.PositiveIntegerField(default=0)
    public_seq = models.PositiveIntegerField(default=0)
    last_position = models.PositiveIntegerField(default=0)
    # How many of the rows the visitor wrote: unread counts are a subtraction.
    inbound = models.PositiveIntegerField(default=0)
    # Marks: up to which position the visitor's messages reached and were seen by the team, and the other way round.
    team_got = models.PositiveIntegerField(default=0)
    team_read = models.PositiveIntegerField(default=0)
    visitor_got = models.PositiveIntegerField(default=0)
    visitor_read = models.PositiveIntegerField(default=0)
    waiting_since = models.DateTimeField(null=True, blank=True)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    last_message_at = models.DateTimeField()
    last_message_preview = models.CharField(max_length=200, blank=True)
    last_message_kind = models.CharField(max_length=8, blank=True)
    last_message_author = models.CharField(max_length=80, blank=True)

    unscoped: ClassVar[Any] = ConversationQuerySet.as_manager()

    class Meta:
        default_related_name = "conversations"
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="conversation_number")]
        indexes = [
            models.Index(fields=["workspace", "status", "-last_message_at", "-id"], name="conversation_list"),
            models.Index(
                fields=["workspace", "assignee", "-last_message_at", "-id"],
                name="conversation_mine",
                condition=Q(status="open"),
            ),
            models.Index(
                fields=["workspace", "-last_message_at", "-id"],
                name="conversation_waiting",
                condition=Q(status="open", waiting_since__isnull=False),
            ),
            models.Index(fields=["visitor", "-number"], name="conversation_of_visitor"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def give_to(self, membership: Membership | None) -> None:
        self.assignee = membership
        self.assignee_name = membership.name[:80] if membership else ""

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.OPEN and self.waiting_since is not None


class ConversationRead(WorkspaceOwned):
    """A member's read pointer. It only moves forward."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="reads")
    membership = models.ForeignKey("workspaces.Membership", models.CASCADE, related_name="reads")
    position = models.PositiveIntegerField(default=0)
    inbound = models.PositiveIntegerField(default=0)

    class Meta:
        default_related_name = "conversation_reads"
        constraints = [models.UniqueConstraint(fields=["conversation", "membership"], name="one_pointer_per_member")]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.position}"
