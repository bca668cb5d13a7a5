from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import WorkspaceOwned

LONGEST_LABEL = 120
LONGEST_CONSENT = 500


class FieldKind(models.TextChoices):
    NAME = "name", _("Name")
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")
    COMPANY = "company", _("Company")
    # A question of the owner's own, answered in a line.
    TEXT = "text", _("Own question")


class LeadForm(WorkspaceOwned):
    """What somebody is asked before a conversation begins."""

    consent = models.CharField(max_length=LONGEST_CONSENT, blank=True)
    # Whoever fills it in is a lead, also while somebody is there to talk to.
    makes_leads = models.BooleanField(default=False)
    # While nobody is there, whoever writes says where to answer.
    asks_when_away = models.BooleanField(default=False)

    class Meta:
        default_related_name = "lead_forms"

    def __str__(self) -> str:
        return f"form {self.pk}"


class LeadField(WorkspaceOwned):
    """One thing that is asked. What is not asked has no row."""

    form = models.ForeignKey(LeadForm, models.CASCADE, related_name="fields")
    kind = models.CharField(max_length=8, choices=FieldKind)
    # The words of an own question; the other kinds are called in the reader's language.
    label = models.CharField(max_length=LONGEST_LABEL, blank=True)
    required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_related_name = "lead_fields"
        constraints = [models.UniqueConstraint(fields=["form", "kind"], name="one_field_per_kind")]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label or self.kind
