"""Hears what happens in the rooms below, and tells those whom it concerns."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import signed_in_anew
from notifications import actions, kinds
from workspaces.events import (
    INVITATION_ACCEPTED,
    MEMBER_ADDED,
    MEMBER_ROLE_CHANGED,
    USAGE_AT_LIMIT,
    USAGE_NEAR_LIMIT,
    Event,
    event_emitted,
)
from workspaces.models import Membership
from workspaces.roles import Role

MANAGERS = (Role.ADMIN, Role.OWNER)


@receiver(event_emitted, sender=Membership, dispatch_uid="notifications.member_added")
def tell_of_new_colleague(
    sender: Any, event: Event, subject: Membership, actor: Membership | None, **data: Any
) -> None:
    if event == MEMBER_ADDED:
        managers = subject.workspace.memberships.filter(role__in=MANAGERS).exclude(pk=subject.pk)
        actions.notify(kinds.MEMBER_JOINED, managers, by=actor, data={"name": subject.name})


@receiver(event_emitted, sender=Membership, dispatch_uid="notifications.role_changed")
def tell_of_new_role(sender: Any, event: Event, subject: Membership, actor: Membership | None, **data: Any) -> None:
    if event == MEMBER_ROLE_CHANGED and data["before"] != data["after"]:
        them = subject.workspace.memberships.filter(pk=subject.pk)
        actions.notify(kinds.ROLE_CHANGED, them, by=actor, data={"role": data["after"], "by": _name(actor)})


@receiver(event_emitted, dispatch_uid="notifications.invitation_accepted")
def tell_of_accepted_invitation(sender: Any, event: Event, subject: Any, actor: Membership | None, **data: Any) -> None:
    """Whoever invited them hears of this in place of "joined the team"."""
    if event == INVITATION_ACCEPTED and actor:
        inviter = actor.workspace.memberships.filter(pk=subject.invited_by_id)
        actions.notify(kinds.INVITATION_ACCEPTED, inviter, by=actor, data={"name": actor.name})


@receiver(event_emitted, dispatch_uid="notifications.usage")
def tell_of_used_up_plan(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    kind = {USAGE_NEAR_LIMIT: kinds.LIMIT_NEAR, USAGE_AT_LIMIT: kinds.LIMIT_REACHED}.get(event)
    if kind:
        managers = subject.memberships.filter(role__in=MANAGERS)
        actions.notify(kind, managers, data={"used": data["used"], "limit": data["limit"]})


@receiver(signed_in_anew, dispatch_uid="notifications.new_sign_in")
def tell_of_new_sign_in(sender: Any, user: User, **data: Any) -> None:
    actions.notify_person(kinds.NEW_SIGN_IN, user, data={})


@receiver([authenticator_added, authenticator_removed, authenticator_reset], dispatch_uid="notifications.second_step")
def tell_of_new_second_step(sender: Any, user: User, **data: Any) -> None:
    actions.notify_person(kinds.SECOND_STEP_CHANGED, user, data={})


@receiver([password_changed, password_reset, password_set], dispatch_uid="notifications.password_changed")
def tell_of_new_password(sender: Any, user: User, **data: Any) -> None:
    actions.notify_person(kinds.PASSWORD_CHANGED, user, data={})


@receiver(email_changed, dispatch_uid="notifications.email_changed")
def tell_of_new_address(sender: Any, user: User, to_email_address: Any, **data: Any) -> None:
    actions.notify_person(kinds.EMAIL_CHANGED, user, data={"email": to_email_address.email})


def _name(actor: Membership | None) -> str:
    return actor.name if actor else "MiniChat"
