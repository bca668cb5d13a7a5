from __future__ import annotations

import secrets
from datetime import datetime

from django.db import models
from django.utils import timezone

from workspaces.tenancy import WorkspaceOwned


def new_widget_key() -> str:
    return "wk_" + secrets.token_hex(16)


class Inbox(WorkspaceOwned):
    """A door for visitors: one widget on the owner's sites."""

    name = models.CharField(max_length=80)
    widget_key = models.CharField(max_length=40, unique=True, default=new_widget_key, editable=False)
    # Exact origins ("https://shop.example"); empty: no site may load the widget.
    allowed_origins = models.JSONField(default=list, blank=True)
    # "#rrggbb"; empty: the house's own.
    color = models.CharField(max_length=7, blank=True, default="")
    # In which the chat speaks; empty: the visitor's own.
    language = models.CharField(max_length=8, blank=True, default="")
    # When a page of the owner's first opened the widget.
    installed_at = models.DateTimeField(null=True, blank=True, editable=False)
    greeting = models.CharField(max_length=500, blank=True)
    offline_text = models.CharField(max_length=500, blank=True)
    retention_days = models.PositiveIntegerField(null=True, default=365)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "inboxes"
        verbose_name_plural = "inboxes"

    def __str__(self) -> str:
        return self.name


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


class Visitor(WorkspaceOwned):
    """One browser of a contact, known by a credential whose hash is kept here."""

    inbox = models.ForeignKey(Inbox, models.CASCADE)
    contact = models.ForeignKey("contacts.Contact", models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    origin = models.CharField(max_length=255, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    referrer = models.CharField(max_length=500, blank=True)
    page_url = models.CharField(max_length=500, blank=True)
    page_title = models.CharField(max_length=200, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "visitors"

    def __str__(self) -> str:
        return f"visitor {self.pk}"

    @property
    def sender_key(self) -> str:
        return f"v:{self.pk}"

    def is_online(self, now: datetime | None = None) -> bool:
        from chat.models.presence import PRESENCE_TTL

        return self.last_seen_at is not None and (now or timezone.now()) - self.last_seen_at < PRESENCE_TTL
