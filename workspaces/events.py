"""One `emit`, three readers: the audit log, webhooks and the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.dispatch import Signal

from minichat.lib.logs import mask
from minichat.lib.transactions import inside_action
from workspaces.models import AuditEntry, Membership, Workspace

event_emitted = Signal()
_registry: dict[str, Event] = {}


@dataclass(frozen=True)
class Event:
    """Something that can happen. `audited`: it leaves a line in the audit log. `public`: webhooks may speak of it."""

    name: str
    audited: bool
    public: bool

    def __post_init__(self) -> None:
        _registry[self.name] = self


def public_events() -> list[Event]:
    return [event for event in _registry.values() if event.public]


def emit(event: Event, subject: models.Model, *, actor: Membership | None = None, **data: Any) -> None:
    """Say that `event` happened to `subject`. Only inside an `@action`: the line and the change commit together.

    Receivers may insert an outbox row or register on-commit; nothing slow, nothing remote.
    """
    if not inside_action():
        raise RuntimeError(f"{event.name} was emitted outside an @action.")
    if event.audited:
        _audit(event, subject, actor, data)
    event_emitted.send(type(subject), event=event, subject=subject, actor=actor, **data)


def _audit(event: Event, subject: models.Model, actor: Membership | None, data: dict[str, Any]) -> None:
    workspace_id = subject.pk if isinstance(subject, Workspace) else getattr(subject, "workspace_id", None)
    AuditEntry.unscoped.create(
        workspace_id=workspace_id,
        actor=actor,
        actor_label=str(actor or "")[:200],
        action=event.name,
        target_type=subject._meta.label_lower,
        target_id=str(subject.pk),
        target_label=str(subject)[:200],
        data={
            key: value if isinstance(value, (int, str, bool, list, dict)) else str(value)
            for key, value in mask(data).items()
        },
    )


WORKSPACE_CREATED = Event("workspace.created", audited=True, public=False)
WORKSPACE_LOGO_CHANGED = Event("workspace.logo_changed", audited=True, public=False)
WORKSPACE_LOGO_REMOVED = Event("workspace.logo_removed", audited=True, public=False)
MEMBER_ADDED = Event("member.added", audited=True, public=False)
MEMBER_ROLE_CHANGED = Event("member.role_changed", audited=True, public=False)
MEMBER_DEACTIVATED = Event("member.deactivated", audited=True, public=False)
WORKSPACE_RENAMED = Event("workspace.renamed", audited=True, public=False)
SETUP_HIDDEN = Event("setup.hidden", audited=True, public=False)
MEMBER_REACTIVATED = Event("member.reactivated", audited=True, public=False)
MEMBER_REMOVED = Event("member.removed", audited=True, public=False)
INVITATION_CREATED = Event("invitation.created", audited=True, public=False)
INVITATION_RESENT = Event("invitation.resent", audited=True, public=False)
INVITATION_REVOKED = Event("invitation.revoked", audited=True, public=False)
INVITATION_ACCEPTED = Event("invitation.accepted", audited=True, public=False)
OWNERSHIP_OFFERED = Event("ownership.offered", audited=True, public=False)
OWNERSHIP_OFFER_WITHDRAWN = Event("ownership.offer_withdrawn", audited=True, public=False)
OWNERSHIP_OFFER_DECLINED = Event("ownership.offer_declined", audited=True, public=False)
OWNERSHIP_TRANSFERRED = Event("ownership.transferred", audited=True, public=False)
