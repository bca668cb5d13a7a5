from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from contacts.models.form import FieldKind
from workspaces.tenancy import WorkspaceOwned

if TYPE_CHECKING:
    from workspaces.models import Membership


class LeadStatus(models.TextChoices):
    NEW = "new", pgettext_lazy("lead", "New")
    CONTACTED = "contacted", pgettext_lazy("lead", "Contacted")
    QUALIFIED = "qualified", pgettext_lazy("lead", "Qualified")
    CONVERTED = "converted", pgettext_lazy("lead", "Converted")
    LOST = "lost", pgettext_lazy("lead", "Lost")


# Nothing more is to be done.
CLOSED = (LeadStatus.CONVERTED, LeadStatus.LOST)


class Source(models.TextChoices):
    WIDGET = "widget", pgettext_lazy("source of a lead", "Chat")
    LANDING_PAGE = "landing_page", pgettext_lazy("source of a lead", "Landing page")
    CONTACT_FORM = "contact_form", pgettext_lazy("source of a lead", "Contact form")
    API = "api", pgettext_lazy("source of a lead", "API")


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, membership: Membership) -> LeadQuerySet:
        """Whoever may see the contact."""
        contacts = membership.workspace.contacts.visible_to(membership)
        return self.filter(workspace=membership.workspace_id, contact__in=contacts)

    def open(self) -> LeadQuerySet:
        return self.exclude(status__in=CLOSED)

    def newest_first(self) -> LeadQuerySet:
        return self.order_by("-created_at", "-id")


class Lead(WorkspaceOwned):
    """One opportunity: somebody left word, and something may become of it."""

    contact = models.ForeignKey("contacts.Contact", models.CASCADE)
    status = models.CharField(max_length=10, choices=LeadStatus, default=LeadStatus.NEW)
    source = models.CharField(max_length=14, choices=Source)
    message = models.TextField(blank=True)
    assignee = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True)
    assignee_name = models.CharField(max_length=80, blank=True)
    page_url = models.CharField(max_length=500, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    referrer = models.CharField(max_length=500, blank=True)
    # Sent with the form: the same form twice is one lead.
    client_id = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    unscoped: ClassVar[Any] = LeadQuerySet.as_manager()

    class Meta:
        default_related_name = "leads"
        constraints = [models.UniqueConstraint(fields=["workspace", "client_id"], name="one_lead_per_client_id")]
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="leads_newest"),
            models.Index(fields=["workspace", "status", "-created_at", "-id"], name="leads_by_status"),
        ]

    def __str__(self) -> str:
        return str(self.contact)

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def email(self) -> str:
        """Where somebody who left word wants to be answered: as typed here."""
        return next((answer.value for answer in self.answers.all() if answer.kind == FieldKind.EMAIL), "")


class LeadAnswer(WorkspaceOwned):
    """What was typed, beside the words of the question as they were then."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="answers")
    field = models.ForeignKey("contacts.LeadField", models.SET_NULL, null=True, blank=True)
    kind = models.CharField(max_length=8, choices=FieldKind)
    label = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_related_name = "lead_answers"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.question

    @property
    def question(self) -> str:
        return self.label or str(FieldKind(self.kind).label)
