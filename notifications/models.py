from __future__ import annotations

import uuid
from datetime import time

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Channel, Kind
from workspaces.tenancy import WorkspaceOwned


class OutgoingEmail(models.Model):
    """A mail as a row: written in the caller's transaction, sent after it, tried again until it went or is given up."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(
        "workspaces.Workspace", models.CASCADE, null=True, blank=True, related_name="outgoing_emails"
    )
    to = models.JSONField(default=list)
    from_email = models.CharField(max_length=320)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="outgoing_email_due",
                condition=models.Q(status__in=["queued", "sending"]),
            )
        ]

    def __str__(self) -> str:
        # Not the subject: it may hold a code, and this is what lists and logs show.
        return f"{self.pk} ({self.status})"


class Notification(WorkspaceOwned):
    """Something a member is told. The words are made when it is read: language, names of roles and links follow."""

    membership = models.ForeignKey("workspaces.Membership", models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    # The id in the address it leads to, if that has one.
    target = models.CharField(max_length=64, blank=True, default="")
    # Whether the bell shows it; else it exists for the other channels alone.
    in_app = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True, blank=True)
    # When the channel's turn comes, if it has to wait; null: it does not, or not any more.
    mail_due_at = models.DateTimeField(null=True, blank=True)
    browser_due_at = models.DateTimeField(null=True, blank=True)

    # Of a row that is being made: what happens with the commit.
    mails_at_once = False
    shows_at_once = False

    class Meta:
        default_related_name = "notifications"
        indexes = [
            models.Index(
                fields=["membership", "-created_at", "-id"], name="notification_list", condition=Q(in_app=True)
            ),
            models.Index(
                fields=["membership"], name="notification_unread", condition=Q(in_app=True, read_at__isnull=True)
            ),
            models.Index(fields=["mail_due_at"], name="notification_mail_due", condition=Q(mail_due_at__isnull=False)),
            models.Index(
                fields=["browser_due_at"], name="notification_browser_due", condition=Q(browser_due_at__isnull=False)
            ),
            models.Index(fields=["target"], name="notification_target", condition=Q(read_at__isnull=True)),
            models.Index(fields=["created_at"], name="notification_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.pk})"


class NotificationSettings(WorkspaceOwned):
    """What a member wants to hear of, where and when. Only what differs from the kinds' defaults is kept."""

    membership = models.OneToOneField("workspaces.Membership", models.CASCADE, related_name="notification_settings")
    # {kind: {channel: bool}}
    choices = models.JSONField(default=dict)
    is_quiet = models.BooleanField(default=False)
    quiet_from = models.TimeField(default=time(22))
    quiet_until = models.TimeField(default=time(7))
    # Empty: the workspace's.
    timezone = models.CharField(max_length=64, blank=True, default="")
    # {kind: when its mails were last turned on by hand}: unsubscribe links of earlier mails are dead.
    mail_on_at = models.JSONField(default=dict)

    class Meta:
        default_related_name = "notification_settings_rows"

    def __str__(self) -> str:
        return str(self.membership_id)

    def wants(self, kind: Kind, channel: Channel) -> bool:
        if channel in kind.always:
            return True
        return bool(self.choices.get(kind.name, {}).get(channel.value, channel in kind.channels))

    def choose(self, kind: Kind, channel: Channel, wanted: bool) -> None:
        """Remember the choice, or forget it when it is what everybody gets."""
        own = self.choices.setdefault(kind.name, {})
        if channel == Channel.MAIL and wanted and not self.wants(kind, channel):
            self.mail_on_at[kind.name] = int(timezone.now().timestamp())
        if wanted == (channel in kind.channels):
            own.pop(channel.value, None)
        else:
            own[channel.value] = wanted
        if not own:
            del self.choices[kind.name]
