from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from workspaces.tenancy import WorkspaceOwned


class Contact(WorkspaceOwned):
    """The person behind one or more visitors: what is true about them outside any one chat."""

    name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    company = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, blank=True)
    number = models.PositiveIntegerField()
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "contacts"
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="contact_number")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, or "Visitor 12" for somebody who has not said it, in the reader's language."""
        return self.name or _("Visitor %(number)s") % {"number": self.number}
