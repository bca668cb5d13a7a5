from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from workspaces.roles import RANK, Role
from workspaces.shelf import LOGOS
from workspaces.tenancy import WorkspaceOwned


class Workspace(models.Model):
    """The tenant: a shop, its people, its limits."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Closed")
        # Its rows are being deleted; there is no way back.
        PURGING = "purging", _("Being deleted")

    class Era(models.TextChoices):
        BUDDHIST = "buddhist", _("Buddhist era (2569)")
        COMMON = "common", _("Common era (2026)")

    # Nobody is let in any more.
    SHUT = (Status.CLOSED, Status.PURGING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    timezone = models.CharField(_("time zone"), max_length=64, default="Asia/Bangkok")
    locale = models.CharField(_("language"), max_length=8, default="en")
    currency = models.CharField(_("currency"), max_length=3, default="THB")
    # Which years Thai pages show.
    era = models.CharField(_("years in Thai"), max_length=8, choices=Era, default=Era.BUDDHIST)
    billing_email = models.EmailField(blank=True)
    # The key of the logo on its shelf.
    logo = models.CharField(max_length=32, blank=True, default="", editable=False)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(auto_now=True)
    # Set by our staff. A workspace that was suspended and then closed is suspended again when it is restored.
    suspended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    end_announced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("workspace")
        verbose_name_plural = _("workspaces")
        indexes = [
            models.Index(
                fields=["closed_at"], name="workspaces_to_delete", condition=models.Q(status__in=["closed", "purging"])
            )
        ]

    def __str__(self) -> str:
        return self.name

    def logo_url(self, size: int = 128) -> str | None:
        return LOGOS.url(self.logo, size)

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def is_suspended(self) -> bool:
        return self.status == self.Status.SUSPENDED


class OldSlug(WorkspaceOwned):
    """An address that a workspace had. Until it expires it leads to the new one and nobody else may take it."""

    slug = models.SlugField(max_length=60, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        default_related_name = "old_slugs"

    def __str__(self) -> str:
        return self.slug


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        return self.filter(deactivated_at=None)

    def owners(self) -> MembershipQuerySet:
        return self.active().filter(role=Role.OWNER)

    def on_the_team(self) -> MembershipQuerySet:
        """Whoever the team page lists: also people who are deactivated for now, not those who were removed."""
        return self.filter(removed_at=None)

    def matching(self, text: str) -> MembershipQuerySet:
        return self.filter(Q(user__name__icontains=text) | Q(user__email__icontains=text)) if text else self

    def sortable(self) -> MembershipQuerySet:
        """Adds what lists are sorted by; nothing of it is ever null, so that a page can begin after any row."""
        rank = Case(*[When(role=role, then=Value(rank)) for role, rank in RANK.items()], default=Value(0))
        return self.annotate(
            sort_name=Lower(Coalesce(NullIf("user__name", Value("")), "user__email", output_field=models.CharField())),
            rank=rank,
            is_off=Case(When(deactivated_at=None, then=Value(0)), default=Value(1)),
            seen=Coalesce("last_seen_at", "created_at"),
        )


class Membership(WorkspaceOwned):
    """A person in a workspace. Roles are questions to it, asked in words.

    The row outlives its right: what somebody wrote keeps its author, and whoever comes back is the same member.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    # Every door asks for this one. A removed member is deactivated as well, and off the list.
    deactivated_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    unscoped: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        default_related_name = "memberships"
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_person")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"

    @property
    def name(self) -> str:
        return self.user.display_name

    @property
    def avatar(self) -> str | None:
        """The address of their photo, small."""
        return self.user.avatar_url()

    def may(self, role: Role) -> bool:
        """Whether this membership may do what `role` may."""
        return Role(self.role).includes(role)

    def can_reply(self) -> bool:
        return self.may(Role.OPERATOR)

    def can_manage(self) -> bool:
        return self.may(Role.ADMIN)

    def is_owner(self) -> bool:
        return self.role == Role.OWNER


class SupervisorPin(WorkspaceOwned):
    """What is asked for before something that cannot be undone or leaves the house. Kept as a slow hash."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="supervisor_pin")
    hash = models.CharField(max_length=200)
    length = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField(default=now)

    class Meta:
        default_related_name = "supervisor_pins"

    def __str__(self) -> str:
        return f"PIN of {self.workspace_id}"


class PinTries(WorkspaceOwned):
    """Wrong PINs of one person in one workspace. A row, not the cache: a restart must not give new tries."""

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="pin_tries")
    failures = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "pin_tries"
        verbose_name_plural = "pin tries"

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.failures}"


INVITATION_LIFETIME = timedelta(days=7)
OFFER_LIFETIME = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; its time may have run out."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> InvitationQuerySet:
        """Those that can still be accepted; each keeps a seat."""
        return self.unanswered().filter(expires_at__gt=now())


class Invitation(WorkspaceOwned):
    """A place on the team, offered to whoever proves to own an address. The token is in the mail only (SR-19)."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        EXPIRED = "expired", _("Expired")
        ACCEPTED = "accepted", _("Accepted")
        REVOKED = "revoked", _("Withdrawn")

    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, models.CASCADE, related_name="invitations_sent")
    sent_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    unscoped: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        default_related_name = "invitations"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                name="one_invitation_per_address",
                condition=Q(accepted_at=None, revoked_at=None),
            )
        ]
        indexes = [models.Index(fields=["workspace", "-sent_at", "-id"], name="invitations_by_workspace")]

    def __str__(self) -> str:
        return self.email

    @property
    def state(self) -> State:
        if self.accepted_at is not None:
            return self.State.ACCEPTED
        if self.revoked_at is not None:
            return self.State.REVOKED
        return self.State.OPEN if self.expires_at > now() else self.State.EXPIRED

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class OwnershipOfferQuerySet(models.QuerySet["OwnershipOffer"]):
    def unanswered(self) -> OwnershipOfferQuerySet:
        return self.filter(answered_at=None)

    def open(self) -> OwnershipOfferQuerySet:
        return self.unanswered().filter(expires_at__gt=now())


class OwnershipOffer(WorkspaceOwned):
    """An owner wants to hand the workspace over; nothing changes before the other one says yes."""

    offered_by = models.ForeignKey(Membership, models.CASCADE, related_name="offers_made")
    offered_to = models.ForeignKey(Membership, models.CASCADE, related_name="offers_received")
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(default=False)

    unscoped: ClassVar[Any] = OwnershipOfferQuerySet.as_manager()

    class Meta:
        default_related_name = "ownership_offers"
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="one_ownership_offer", condition=Q(answered_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.offered_by} → {self.offered_to}"


class PlanColumns(models.Model):
    """What a plan allows. `null` means unlimited."""

    visitor_messages = models.PositiveIntegerField(null=True, blank=True)
    seats = models.PositiveIntegerField(null=True, blank=True)
    workspaces = models.PositiveIntegerField(null=True, blank=True)
    inboxes = models.PositiveIntegerField(null=True, blank=True)
    products = models.PositiveIntegerField(null=True, blank=True)
    orders = models.PositiveIntegerField(null=True, blank=True)
    faqs = models.PositiveIntegerField(null=True, blank=True)
    passages = models.PositiveIntegerField(null=True, blank=True)
    api_requests_per_hour = models.PositiveIntegerField(null=True, blank=True)
    removes_branding = models.BooleanField(default=False)
    has_flows_and_channels = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Plan(PlanColumns):
    """One line of the price list; edited by staff, seeded by a migration."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    is_public = models.BooleanField(default=True)
    usd_month = models.PositiveIntegerField(default=0)
    thb_month = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


LIMITS = [field.name for field in PlanColumns._meta.local_fields]


class Entitlements(PlanColumns, WorkspaceOwned):
    """What this workspace may do now: a copy of its plan's columns, so that a look at limits is one row."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="entitlements")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")

    class Meta:
        default_related_name = "entitlements"

    def __str__(self) -> str:
        return f"{self.workspace}: {self.plan}"

    def take_over(self, plan: Plan) -> None:
        """Copy the plan's columns."""
        self.plan = plan
        for name in LIMITS:
            setattr(self, name, getattr(plan, name))


class UsageCounter(WorkspaceOwned):
    """How much of a metric a workspace has used in a period (`2026-11-03`: the day the period began; `-`: for ever)."""

    metric = models.CharField(max_length=40)
    period = models.CharField(max_length=12)
    used = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_related_name = "usage_counters"
        constraints = [models.UniqueConstraint(fields=["workspace", "metric", "period"], name="one_counter_per_period")]

    def __str__(self) -> str:
        return f"{self.metric} {self.period}: {self.used}"


class AuditEntry(models.Model):
    """Who did what. Append-only; labels are copied so that a line outlives what it speaks of."""

    workspace = models.ForeignKey(Workspace, models.SET_NULL, null=True, blank=True, related_name="audit_entries")
    actor = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    actor_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target_label = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True, blank=True)
    at = models.DateTimeField(default=now)

    unscoped = models.Manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["workspace", "-at"], name="audit_by_workspace")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise TypeError("Audit entries are never changed.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("Audit entries are never deleted.")


class Setup(WorkspaceOwned):
    """How far a new workspace has come (`workspaces/setup.py`)."""

    # The steps that are done, each with its moment.
    done = models.JSONField(default=dict)
    # The pages were walked through or passed over; the list was put away.
    left_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "setups"
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_setup_per_workspace")]

    def __str__(self) -> str:
        return f"setup of {self.workspace_id}"
