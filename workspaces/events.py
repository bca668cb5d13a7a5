"""One `emit`, three readers: the audit log, webhooks and the rooms above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.dispatch import Signal
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minichat.lib.logs import mask
from minichat.lib.transactions import inside_action
from workspaces.models import AuditEntry, Membership, Workspace

event_emitted = Signal()
_registry: dict[str, Event] = {}
_groups: dict[str, str | Promise] = {}


@dataclass(frozen=True)
class Event:
    """Something that can happen. `audited`: it leaves a line in the audit log. `public`: webhooks may speak of it.

    `says`: the line as a sentence (lazily translated), about `%(actor)s`, `%(target)s` and whatever else is emitted.
    Each audited event has one (`workspaces/sentences.py`).
    """

    name: str
    audited: bool
    public: bool
    says: str | Promise = ""

    def __post_init__(self) -> None:
        _registry[self.name] = self


def name_group(prefix: str, label: str | Promise) -> None:
    """What events whose name begins with `prefix` are about: a choice in the filter of the audit log."""
    _groups[prefix] = label


def groups() -> dict[str, str | Promise]:
    return _groups


def audited_events() -> list[Event]:
    return [event for event in _registry.values() if event.audited]


def event_named(name: str) -> Event | None:
    return _registry.get(name)


def public_events() -> list[Event]:
    return [event for event in _registry.values() if event.public]


def emit(event: Event, subject: models.Model, *, actor: Membership | None = None, **data: Any) -> None:
    """Say that `event` happened to `subject`. Only inside an `@action`: the line and the change commit together.

    Receivers may insert an outbox row or register on-commit; nothing slow, nothing remote.
    """
    if not inside_action():
        raise RuntimeError(f"{event.name} was emitted outside an @action.")
    if event.audited:
        _line(event, subject, actor, data).save()
    event_emitted.send(type(subject), event=event, subject=subject, actor=actor, **data)


Told = tuple[models.Model, dict[str, Any]]


def emit_each(event: Event, told: Sequence[Told], *, actor: Membership | None = None, in_bulk: bool = False) -> None:
    """`emit` for several rows of one kind, with one INSERT for all lines of the audit log.

    `in_bulk`: receivers hear of each row, and that people are told once of all of them.
    """
    if not inside_action():
        raise RuntimeError(f"{event.name} was emitted outside an @action.")
    if event.audited:
        AuditEntry.unscoped.bulk_create([_line(event, subject, actor, data) for subject, data in told])
    more = {"in_bulk": True} if in_bulk else {}
    for subject, data in told:
        event_emitted.send(type(subject), event=event, subject=subject, actor=actor, **data, **more)


def _line(event: Event, subject: models.Model, actor: Membership | None, data: dict[str, Any]) -> AuditEntry:
    workspace_id = subject.pk if isinstance(subject, Workspace) else getattr(subject, "workspace_id", None)
    return AuditEntry(
        workspace_id=workspace_id,
        actor=actor,
        actor_label=str(actor or "")[:200],
        action=event.name,
        target_type=subject._meta.label_lower,
        target_id=str(subject.pk),
        target_label=str(subject)[:200],
        data={
            key: value if value is None or isinstance(value, (int, str, bool, list, dict)) else str(value)
            for key, value in mask(data).items()
        },
    )


name_group("workspace", _("Workspace"))
name_group("member", _("Team members"))
name_group("invitation", _("Invitations"))
name_group("ownership", _("Ownership"))
name_group("pin", _("Supervisor PIN"))
name_group("export", _("Exports and imports"))
name_group("setup", _("First steps"))

WORKSPACE_CREATED = Event(
    "workspace.created", audited=True, public=False, says=_("%(actor)s created the workspace %(target)s.")
)
WORKSPACE_CHANGED = Event(
    "workspace.changed", audited=True, public=False, says=_("%(actor)s changed the settings: %(fields)s.")
)
WORKSPACE_SUSPENDED = Event(
    "workspace.suspended",
    audited=True,
    public=False,
    says=_("%(actor)s suspended the workspace. Reason: %(reason)s"),
)
WORKSPACE_RESUMED = Event(
    "workspace.resumed", audited=True, public=False, says=_("%(actor)s lifted the suspension of the workspace.")
)
WORKSPACE_CLOSED = Event("workspace.closed", audited=True, public=False, says=_("%(actor)s closed the workspace."))
WORKSPACE_RESTORED = Event(
    "workspace.restored", audited=True, public=False, says=_("%(actor)s restored the workspace.")
)
WORKSPACE_PURGED = Event(
    "workspace.purged", audited=True, public=False, says=_("%(actor)s deleted the workspace %(target)s for good.")
)
WORKSPACE_LOGO_CHANGED = Event(
    "workspace.logo_changed", audited=True, public=False, says=_("%(actor)s changed the logo.")
)
WORKSPACE_LOGO_REMOVED = Event(
    "workspace.logo_removed", audited=True, public=False, says=_("%(actor)s removed the logo.")
)
PIN_SET = Event("pin.set", audited=True, public=False, says=_("%(actor)s set a supervisor PIN."))
PIN_CHANGED = Event("pin.changed", audited=True, public=False, says=_("%(actor)s changed the supervisor PIN."))
PIN_REMOVED = Event("pin.removed", audited=True, public=False, says=_("%(actor)s removed the supervisor PIN."))
PIN_LOCKED = Event(
    "pin.locked", audited=True, public=False, says=_("%(actor)s entered a wrong supervisor PIN too often.")
)
CONFIG_EXPORTED = Event("export.config", audited=True, public=False, says=_("%(actor)s exported the settings."))
CONFIG_IMPORTED = Event(
    "export.imported", audited=True, public=False, says=_("%(actor)s imported settings. Changes: %(count)s.")
)
AUDIT_EXPORTED = Event(
    "export.audit", audited=True, public=False, says=_("%(actor)s exported the activity log (%(lines)s lines).")
)
MEMBER_ADDED = Event(
    "member.added", audited=True, public=False, says=_("%(actor)s added %(target)s to the team. Role: %(role)s.")
)
MEMBER_ROLE_CHANGED = Event(
    "member.role_changed",
    audited=True,
    public=False,
    says=_("%(actor)s changed the role of %(target)s from %(before)s to %(after)s."),
)
MEMBER_DEACTIVATED = Event(
    "member.deactivated", audited=True, public=False, says=_("%(actor)s took away the access of %(target)s.")
)
MEMBER_REACTIVATED = Event(
    "member.reactivated", audited=True, public=False, says=_("%(actor)s gave %(target)s access again.")
)
MEMBER_REMOVED = Event(
    "member.removed", audited=True, public=False, says=_("%(actor)s removed %(target)s from the team.")
)
INVITATION_CREATED = Event("invitation.created", audited=True, public=False, says=_("%(actor)s invited %(target)s."))
INVITATION_RESENT = Event(
    "invitation.resent", audited=True, public=False, says=_("%(actor)s sent the invitation to %(target)s again.")
)
INVITATION_REVOKED = Event(
    "invitation.revoked", audited=True, public=False, says=_("%(actor)s withdrew the invitation to %(target)s.")
)
INVITATION_ACCEPTED = Event(
    "invitation.accepted", audited=True, public=False, says=_("%(actor)s accepted the invitation to %(target)s.")
)
OWNERSHIP_OFFERED = Event(
    "ownership.offered", audited=True, public=False, says=_("%(actor)s offered to hand over the ownership: %(target)s.")
)
OWNERSHIP_OFFER_WITHDRAWN = Event(
    "ownership.offer_withdrawn", audited=True, public=False, says=_("%(actor)s withdrew the offer of ownership.")
)
OWNERSHIP_OFFER_DECLINED = Event(
    "ownership.offer_declined", audited=True, public=False, says=_("%(actor)s declined the ownership.")
)
OWNERSHIP_TRANSFERRED = Event(
    "ownership.transferred", audited=True, public=False, says=_("The ownership was handed over: %(target)s.")
)
SETUP_HIDDEN = Event("setup.hidden", audited=True, public=False, says=_("%(actor)s put the first steps away."))
# `used` and `limit` of the month's visitor messages; each once per month.
USAGE_NEAR_LIMIT = Event("usage.near_limit", audited=False, public=True)
USAGE_AT_LIMIT = Event("usage.at_limit", audited=False, public=True)
# Of a person, in no workspace: `workspaces/receivers.py` hears them from allauth and from accounts.
ACCOUNT_FACTOR_ADDED = Event(
    "account.factor_added", audited=True, public=False, says=_("%(target)s added a second step to sign-in.")
)
ACCOUNT_FACTOR_REMOVED = Event(
    "account.factor_removed", audited=True, public=False, says=_("A second step of %(target)s was removed.")
)
ACCOUNT_CODES_RENEWED = Event(
    "account.codes_renewed", audited=True, public=False, says=_("%(target)s made new recovery codes.")
)
ACCOUNT_PASSWORD_CHANGED = Event(
    "account.password_changed", audited=True, public=False, says=_("%(target)s has a new password.")
)
ACCOUNT_EXPORT_ASKED_FOR = Event(
    "account.export_asked_for", audited=True, public=False, says=_("%(target)s asked for a copy of their data.")
)
ACCOUNT_EXPORT_HANDED_OUT = Event(
    "account.export_handed_out", audited=True, public=False, says=_("%(target)s downloaded a copy of their data.")
)
ACCOUNT_CLOSED = Event("account.closed", audited=True, public=False, says=_("%(target)s closed their account."))
