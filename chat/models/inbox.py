from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone

from chat import triggers
from chat.appearance import Appearance, read, words
from chat.hours import Schedule, schedule
from chat.models.handler import Handler
from chat.shelf import INBOX_LOGOS
from chat.triggers import Rule
from workspaces.roles import Role
from workspaces.tenancy import WorkspaceOwned

if TYPE_CHECKING:
    from workspaces.models import Membership


def new_widget_key() -> str:
    return "wk_" + secrets.token_hex(16)


class InboxQuerySet(models.QuerySet["Inbox"]):
    def open(self) -> InboxQuerySet:
        return self.filter(closed_at=None)

    def hidden_from(self, membership: Membership) -> InboxQuerySet:
        """Those for chosen members that this one is not among. Owners and admins see all of them.

        Whatever follows from it (conversations, groups, numbers) asks here: see `ConversationQuerySet.visible_to`.
        """
        private = self.filter(workspace=membership.workspace_id, is_private=True)
        if membership.may(Role.ADMIN):
            return private.none()
        return private.exclude(pk__in=InboxMember.unscoped.filter(membership=membership).values("inbox"))

    def visible_to(self, membership: Membership) -> InboxQuerySet:
        mine = self.filter(workspace=membership.workspace_id)
        if membership.may(Role.ADMIN):
            return mine
        chosen = InboxMember.unscoped.filter(membership=membership).values("inbox")
        return mine.filter(models.Q(is_private=False) | models.Q(pk__in=chosen))

    def oldest_first(self) -> InboxQuerySet:
        return self.order_by("created_at", "pk")


class Inbox(WorkspaceOwned):
    """A door for visitors: one widget on the owner's sites."""

    name = models.CharField(max_length=80)
    widget_key = models.CharField(max_length=40, unique=True, default=new_widget_key, editable=False)
    # Only chosen members see it (`InboxMember`), besides owners and admins.
    is_private = models.BooleanField(default=False)
    # Exact origins ("https://shop.example"); empty: no site may load the widget.
    allowed_origins = models.JSONField(default=list, blank=True)
    # "#rrggbb"; empty: the house's own.
    color = models.CharField(max_length=7, blank=True, default="")
    # In which the chat speaks; empty: the visitor's own.
    language = models.CharField(max_length=8, blank=True, default="")
    # When a page of the owner's first opened the widget.
    installed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Which one that was.
    installed_on = models.CharField(max_length=255, blank=True, default="", editable=False)
    # Presets, sides, sizes and the like as `chat.appearance` reads them.
    appearance = models.JSONField(default=dict, blank=True)
    # Over the chat; empty: the workspace's name.
    title = models.CharField(max_length=60, blank=True, default="")
    # Other words for one language: {"th": {"title", "greeting", "offline"}}.
    texts = models.JSONField(default=dict, blank=True)
    # When the chat speaks up by itself (`chat.triggers`).
    triggers = models.JSONField(default=list, blank=True)
    # The key of its own logo on the shelf; empty: the workspace's.
    logo = models.CharField(max_length=32, blank=True, default="", editable=False)
    greeting = models.CharField(max_length=500, blank=True)
    offline_text = models.CharField(max_length=500, blank=True)
    # What visitors are asked; none: nothing, but for an address while nobody is there (`chat/asking.py`).
    lead_form = models.OneToOneField("contacts.LeadForm", models.SET_NULL, null=True, blank=True, related_name="inbox")
    # Nobody is let in for whom the owner's server has not vouched.
    enforces_identity = models.BooleanField(default=False)
    retention_days = models.PositiveIntegerField(null=True, default=365)
    # Who answers what comes in: the team, or the assistant until it gives up or somebody takes over.
    answered_by = models.CharField(max_length=6, choices=Handler, default=Handler.PEOPLE)
    # When the team is there, in the workspace's time zone (`chat.hours`); empty: at any time.
    business_hours = models.JSONField(default=dict, blank=True)
    # How long a visitor waits while nobody is online, until the team is alerted; null: never.
    alert_seconds = models.PositiveIntegerField(null=True, blank=True, default=60)
    # How long a conversation stays open after an answer that nobody replies to; null: until somebody closes it.
    idle_minutes = models.PositiveIntegerField(null=True, blank=True, default=60)
    # Closed: the widget is gone from all sites, what was written stays.
    closed_at = models.DateTimeField(null=True, blank=True)

    unscoped: ClassVar[Any] = InboxQuerySet.as_manager()

    class Meta:
        default_related_name = "inboxes"
        verbose_name_plural = "inboxes"

    def __str__(self) -> str:
        return self.name

    def readers(self) -> models.QuerySet[Membership]:
        """The members who see it: `visible_to`, read from the other side.

        Whether it is private is asked of the database: a visitor's socket holds its inbox as it was hours ago.
        """
        is_open = models.Exists(self.workspace.inboxes.filter(pk=self.pk, is_private=False))
        chosen = models.Q(pk__in=self.inbox_members.values("membership"))
        always = models.Q(role__in=(Role.OWNER, Role.ADMIN))
        return self.workspace.memberships.filter(is_open | always | chosen, deactivated_at=None)

    @property
    def looks(self) -> Appearance:
        return read(self.appearance)

    @property
    def rules(self) -> list[Rule]:
        return triggers.read(self.triggers)

    def words(self, language: str) -> dict[str, str]:
        """Title, greeting and what is said while nobody is there, in this language; empty: ours."""
        general = {"title": self.title, "greeting": self.greeting, "offline": self.offline_text}
        return words(self.texts, language, general)

    def logo_url(self, size: int = 128) -> str | None:
        return INBOX_LOGOS.url(self.logo, size) or self.workspace.logo_url(size)

    @property
    def hours(self) -> Schedule:
        return schedule(self.business_hours)


class InboxMember(WorkspaceOwned):
    """A member who sees a private inbox."""

    inbox = models.ForeignKey(Inbox, models.CASCADE)
    membership = models.ForeignKey("workspaces.Membership", models.CASCADE)

    class Meta:
        default_related_name = "inbox_members"
        constraints = [models.UniqueConstraint(fields=["inbox", "membership"], name="one_row_per_inbox_member")]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.inbox_id}"


class RefusedOrigin(WorkspaceOwned):
    """A site that tried to load the widget and was refused; the owner may allow it with one click."""

    inbox = models.ForeignKey(Inbox, models.CASCADE)
    origin = models.CharField(max_length=255)
    count = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "refused_origins"
        constraints = [models.UniqueConstraint(fields=["inbox", "origin"], name="one_row_per_refused_origin")]

    def __str__(self) -> str:
        return self.origin


# A tab that stays open longer than that is nobody who is looking around.
LONGEST_VISIT = timedelta(days=1)


class VisitorQuerySet(models.QuerySet["Visitor"]):
    def visible_to(self, membership: Membership) -> VisitorQuerySet:
        """Those of the inboxes that this member sees."""
        mine = self.filter(workspace=membership.workspace_id)
        return mine.exclude(inbox__in=Inbox.unscoped.hidden_from(membership))

    def online(self) -> VisitorQuerySet:
        """Heard of within the last minute, in a visit that began within the last day."""
        from chat.models.presence import PRESENCE_TTL

        now = timezone.now()
        return self.filter(last_seen_at__gt=now - PRESENCE_TTL, arrived_at__gt=now - LONGEST_VISIT)


class Visitor(WorkspaceOwned):
    """One browser of a contact; of a verified contact all of them. They are known by their credentials."""

    inbox = models.ForeignKey(Inbox, models.CASCADE)
    contact = models.ForeignKey("contacts.Contact", models.CASCADE)
    # Since when the owner's server vouches for them. Then all their browsers are this one visitor.
    verified_at = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(max_length=255, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    referrer = models.CharField(max_length=500, blank=True)
    page_url = models.CharField(max_length=500, blank=True)
    page_title = models.CharField(max_length=200, blank=True)
    # As their browser calls it ("Asia/Tokyo"); empty: not told, or one that we do not know.
    timezone = models.CharField(max_length=64, blank=True)
    # When this visit began, and when the last tab of it went.
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    # When they filled in a form, and the words that they agreed to with it.
    form_answered_at = models.DateTimeField(null=True, blank=True)
    consent = models.CharField(max_length=500, blank=True, default="")

    unscoped: ClassVar[Any] = VisitorQuerySet.as_manager()

    class Meta:
        default_related_name = "visitors"
        # Not by `last_seen_at`: it moves every few seconds, and an index would have to move with it.
        indexes = [models.Index(fields=["workspace", "-arrived_at", "-id"], name="visitors_by_arrival")]
        constraints = [
            models.UniqueConstraint(
                fields=["inbox", "contact"],
                condition=models.Q(verified_at__isnull=False),
                name="one_verified_visitor_per_contact",
            )
        ]

    def __str__(self) -> str:
        return f"visitor {self.pk}"

    @property
    def sender_key(self) -> str:
        return f"v:{self.pk}"

    def is_online(self, now: datetime | None = None) -> bool:
        from chat.models.presence import PRESENCE_TTL

        return self.last_seen_at is not None and (now or timezone.now()) - self.last_seen_at < PRESENCE_TTL
