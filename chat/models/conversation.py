from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.models.draft import Draft
from chat.models.handler import Handler
from chat.models.inbox import Inbox
from chat.models.label import Labelling
from chat.models.message import ANSWERS, Message
from workspaces.roles import Role
from workspaces.tenancy import WorkspaceOwned

if TYPE_CHECKING:
    from workspaces.models import Membership


class Status(models.TextChoices):
    OPEN = "open", _("Open")
    SNOOZED = "snoozed", _("Snoozed")
    RESOLVED = "resolved", _("Closed")


class Priority(models.IntegerChoices):
    LOW = 1, pgettext_lazy("priority", "Low")
    MEDIUM = 2, pgettext_lazy("priority", "Medium")
    HIGH = 3, pgettext_lazy("priority", "High")
    URGENT = 4, pgettext_lazy("priority", "Urgent")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, membership: Membership) -> ConversationQuerySet:
        """The one policy on who sees which conversations: pages, sockets and counts all ask here (SR-10)."""
        mine = self.filter(workspace=membership.workspace_id)
        if membership.may(Role.ADMIN):
            return mine
        return mine.exclude(inbox__in=Inbox.unscoped.hidden_from(membership))

    def open(self) -> ConversationQuerySet:
        return self.filter(status=Status.OPEN)

    def closed(self) -> ConversationQuerySet:
        return self.filter(status=Status.RESOLVED)

    def waiting(self) -> ConversationQuerySet:
        return self.open().filter(waiting_since__isnull=False)

    def mine(self, membership: Membership) -> ConversationQuerySet:
        return self.open().filter(assignee=membership)

    def unassigned(self) -> ConversationQuerySet:
        """Nobody has them, and the assistant neither."""
        return self.open().filter(assignee=None, handler=Handler.PEOPLE)

    def with_ai(self) -> ConversationQuerySet:
        """The assistant answers."""
        return self.open().filter(handler=Handler.AI)

    def snoozed(self) -> ConversationQuerySet:
        return self.filter(status=Status.SNOOZED)

    def labelled(self, ids: Iterable[str]) -> ConversationQuerySet:
        """With at least one of these labels; an id of no label of theirs finds nothing."""
        return self.filter(Exists(Labelling.unscoped.filter(conversation=OuterRef("pk"), label__in=list(ids))))

    def newest_first(self) -> ConversationQuerySet:
        return self.order_by("-last_message_at", "-id")

    def with_read_count(self, membership: Membership) -> ConversationQuerySet:
        """Adds `read_count`: how many of the visitor's messages this member has seen."""
        pointer = ConversationRead.unscoped.filter(conversation=OuterRef("pk"), membership=membership)
        return self.annotate(read_count=Coalesce(Subquery(pointer.values("inbound")[:1]), 0))

    def with_draft(self, membership: Membership) -> ConversationQuerySet:
        """Adds `has_draft`: whether this member has begun to write something there."""
        begun = Draft.unscoped.filter(conversation=OuterRef("pk"), membership=membership).exclude(body="")
        return self.annotate(has_draft=Exists(begun))

    def with_unseen(self) -> ConversationQuerySet:
        """Adds `unseen`: how many of the team's words the visitor has not seen."""
        said = Message.unscoped.filter(conversation=OuterRef("pk"), position__gt=OuterRef("visitor_read"))
        said = said.filter(kind__in=ANSWERS, deleted_at=None).order_by()
        counted = said.values("conversation").annotate(n=models.Count("pk")).values("n")
        return self.annotate(unseen=Coalesce(Subquery(counted), 0))

    def unread(self, membership: Membership) -> ConversationQuerySet:
        """What the assistant answers is read by nobody, and need not be."""
        return self.exclude(handler=Handler.AI).with_read_count(membership).filter(inbound__gt=F("read_count"))


class Conversation(WorkspaceOwned):
    """What a visitor and the team say to each other. Its counters number the changes of both streams."""

    inbox = models.ForeignKey("chat.Inbox", models.CASCADE)
    contact = models.ForeignKey("contacts.Contact", models.CASCADE)
    visitor = models.ForeignKey("chat.Visitor", models.CASCADE)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    handler = models.CharField(max_length=6, choices=Handler, default=Handler.PEOPLE)
    # Grows with each word of the visitor's and each change of hands: what the assistant began to say before is late.
    turn_version = models.PositiveIntegerField(default=0)
    assignee = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.MEDIUM)
    # When a snoozed conversation comes back, unless its visitor writes before.
    snoozed_until = models.DateTimeField(null=True, blank=True)
    # A copy of its labellings, so that a row is drawn and pushed without asking for them.
    label_ids = models.JSONField(default=list, blank=True)
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
    # How many seconds the visitor had waited for it.
    first_wait = models.PositiveIntegerField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    # Alarm clocks (`chat/alarms.py`): when the team is alerted that this one waits, when the visitor is mailed what was
    # answered, and when it ends by itself.
    alert_at = models.DateTimeField(null=True, blank=True)
    mail_at = models.DateTimeField(null=True, blank=True)
    end_at = models.DateTimeField(null=True, blank=True)
    # Up to which position the visitor was mailed what was answered.
    mailed_position = models.PositiveIntegerField(default=0)
    # What the visitor thought of it, once it was closed: 1 to 5, and perhaps why.
    rating = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    rating_comment = models.CharField(max_length=500, blank=True, default="")
    rated_at = models.DateTimeField(null=True, blank=True)
    last_message_at = models.DateTimeField()
    last_message_preview = models.CharField(max_length=200, blank=True)
    # How many files came with it. Without a text the preview is the name of the first.
    last_message_files = models.PositiveSmallIntegerField(default=0)
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
            models.Index(
                fields=["workspace", "-last_message_at", "-id"],
                name="conversation_with_ai",
                condition=Q(status="open", handler="ai"),
            ),
            models.Index(fields=["visitor", "-number"], name="conversation_of_visitor"),
            models.Index(fields=["alert_at"], name="conversation_alert_due", condition=Q(alert_at__isnull=False)),
            models.Index(fields=["mail_at"], name="conversation_mail_due", condition=Q(mail_at__isnull=False)),
            models.Index(fields=["end_at"], name="conversation_end_due", condition=Q(end_at__isnull=False)),
            models.Index(
                fields=["workspace", "waiting_since", "id"],
                name="conversation_longest_wait",
                condition=Q(status="open", waiting_since__isnull=False),
            ),
            models.Index(
                fields=["workspace", "-priority", "-last_message_at", "-id"],
                name="conversation_by_priority",
                condition=Q(status="open"),
            ),
            # For the list, and for the sweep of what is due in all workspaces.
            models.Index(
                fields=["workspace", "snoozed_until", "id"],
                name="conversation_snoozed",
                condition=Q(status="snoozed"),
            ),
            models.Index(fields=["snoozed_until"], name="conversation_due", condition=Q(status="snoozed")),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def give_to(self, membership: Membership | None) -> None:
        self.assignee = membership
        self.assignee_name = membership.name[:80] if membership else ""

    def readers(self) -> models.QuerySet[Membership]:
        """The members who may see it: `visible_to`, read from the other side."""
        return self.inbox.readers()

    def people_take_it(self) -> None:
        """From here on the assistant is silent, also with what it is about to say."""
        self.handler = Handler.PEOPLE
        self.turn_version += 1

    @property
    def public_status(self) -> str:
        """For the visitor: that the team has put it aside is the team's business."""
        return str(Status.OPEN if self.status == Status.SNOOZED else self.status)

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
