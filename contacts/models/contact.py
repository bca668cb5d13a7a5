from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.folding import folded, found_by
from minichat.lib import people
from workspaces.tenancy import WorkspaceOwned

if TYPE_CHECKING:
    from workspaces.models import Membership

MOST_ATTRIBUTES = 50
LONGEST_KEY = 40
LONGEST_VALUE = 500

# What the rooms above know about who may see whom: each narrows the rows by one condition.
narrowings: list[Callable[[Membership], Q]] = []


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, membership: Membership) -> ContactQuerySet:
        """The one policy on who sees which contacts (SR-10)."""
        rows = self.filter(workspace=membership.workspace_id)
        for narrowing in narrowings:
            rows = rows.filter(narrowing(membership))
        return rows

    def matching(self, text: str) -> ContactQuerySet:
        """Those in whose name, address, number or company each word stands, whatever its case."""
        return self.filter(found_by(text, "folded"))

    def said_who_they_are(self) -> ContactQuerySet:
        return self.exclude(name="", email="", phone="", company="")

    def verified(self) -> ContactQuerySet:
        return self.filter(verified_at__isnull=False)

    def alike(self, contact: Contact) -> ContactQuerySet:
        """Those who gave the same address or number: perhaps the same person, which a person decides."""
        same = Q(pk__in=[])
        for name in ("email", "phone"):
            if value := getattr(contact, name):
                same |= Q(**{f"{name}__iexact": value})
        return self.filter(same)

    def last_seen_first(self) -> ContactQuerySet:
        return self.order_by("-last_seen_at", "-id")


class FoldedField(models.TextField):
    """What a row is found by. Made anew from its sources each time the row is written."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """In the database it is a text like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def pre_save(self, instance: models.Model, add: bool) -> str:
        text = folded(*[str(getattr(instance, source)) for source in self.sources])
        setattr(instance, self.attname, text)
        return text


class Contact(WorkspaceOwned):
    """The person behind one or more visitors: what is true about them outside any one chat.

    Name, address and numbers are as typed: they prove nothing and open nothing (SR-33). Who was vouched for by the
    customer's own server has an `external_id` and is verified.
    """

    name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    company = models.CharField(max_length=80, blank=True)
    external_id = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  null: nobody has vouched
    verified_at = models.DateTimeField(null=True, blank=True)
    # The address that the customer's own server has vouched for, or that the person has proven by a code in the chat:
    # mails to the person go there and nowhere else.
    proven_email = models.EmailField(blank=True, default="")
    # When they asked for no more mails about what is answered in the chat.
    mail_off_at = models.DateTimeField(null=True, blank=True)
    # Whatever else is known: text by text.
    attributes = models.JSONField(default=dict, blank=True)
    # Which of all this the customer's server has vouched for: "name", "attributes.plan". The rest is as typed.
    proven = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=8, blank=True)
    number = models.PositiveIntegerField()
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    folded = FoldedField(sources=("name", "email", "phone", "company"), blank=True, default="", editable=False)

    unscoped: ClassVar[Any] = ContactQuerySet.as_manager()

    class Meta:
        default_related_name = "contacts"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="contact_number"),
            models.UniqueConstraint(fields=["workspace", "external_id"], name="one_contact_per_external_id"),
        ]
        indexes = [models.Index(fields=["workspace", "-last_seen_at", "-id"], name="contact_last_seen")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def can_be_mailed(self) -> bool:
        return bool(self.proven_email) and self.mail_off_at is None

    @property
    def display_name(self) -> str:
        """The name, or "Visitor 12" for somebody who has not said it, in the reader's language."""
        return self.name or _("Visitor %(number)s") % {"number": self.number}

    @property
    def hue(self) -> int:
        """The colour of their avatar, the same everywhere."""
        return people.hue(f"contact {self.number}")

    @property
    def person(self) -> dict[str, Any]:
        """What an avatar is drawn from."""
        return {"name": self.display_name, "hue": self.hue}

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None
