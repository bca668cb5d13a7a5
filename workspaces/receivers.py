"""A confirmed address makes the first workspace; what happens in it ticks off its first steps; a workspace that goes
takes its logo along. What happens to accounts, in the room below, leaves its line in the audit log here."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.signals import account_changed
from minichat.lib.transactions import action
from workspaces import actions, emails, events, guests, setup
from workspaces.events import WORKSPACE_CREATED, Event, event_emitted
from workspaces.models import Membership, Workspace
from workspaces.shelf import LOGOS


@receiver(email_confirmed, dispatch_uid="workspaces.first_workspace")
def make_first_workspace(sender: Any, email_address: EmailAddress, **kwargs: Any) -> None:
    """Not on sign-up: that signal fires before the address is known to be theirs.

    Whoever came with an invitation for this very address lands in that workspace instead of one of their own.
    """
    user = email_address.user
    if Membership.unscoped.filter(user=user).exists() or guests.join_if_invited(kwargs.get("request"), user):
        return
    locale = (user.locale or translation.get_language() or "en")[:2]
    with translation.override(locale):
        name = _("%(name)s's workspace") % {"name": user.display_name}
    workspace = actions.create_workspace(
        user, name=name[:80], slug=user.email.partition("@")[0].replace(".", "-"), locale=locale
    )
    emails.send_welcome(user, workspace)


@receiver(event_emitted, dispatch_uid="workspaces.setup")
def follow_setup(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """A new workspace has its way before it; what happens later ticks off the steps of that way."""
    if event == WORKSPACE_CREATED:
        subject.setups.create()
    keys = setup.ticked_by(event, data.get("fields", ()))
    if keys:
        setup.tick(subject if isinstance(subject, Workspace) else subject.workspace, *keys)


@receiver(post_delete, sender=Workspace, dispatch_uid="workspaces.drop_logo")
def drop_logo(sender: Any, instance: Workspace, **kwargs: Any) -> None:
    LOGOS.drop(instance.logo)


# --- The audit log of accounts ----------------------------------------------------------------------------------------

CHANGES = {
    "export_asked_for": events.ACCOUNT_EXPORT_ASKED_FOR,
    "export_handed_out": events.ACCOUNT_EXPORT_HANDED_OUT,
    "factors_removed": events.ACCOUNT_FACTOR_REMOVED,
    "closed": events.ACCOUNT_CLOSED,
}


@receiver(account_changed, dispatch_uid="workspaces.audit_account")
def audit_account(sender: Any, user: User, what: str, **kwargs: Any) -> None:
    """Inside the change's own transaction: if the line cannot be written, the change fails (SR-61)."""
    _write_down(CHANGES[what], user)


@receiver(authenticator_added, dispatch_uid="workspaces.audit_factor_added")
def audit_factor_added(sender: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    _write_down(events.ACCOUNT_FACTOR_ADDED, user, kind=authenticator.type)


@receiver(authenticator_removed, dispatch_uid="workspaces.audit_factor_removed")
def audit_factor_removed(sender: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    _write_down(events.ACCOUNT_FACTOR_REMOVED, user, kind=authenticator.type)


@receiver(authenticator_reset, dispatch_uid="workspaces.audit_codes_renewed")
def audit_codes_renewed(sender: Any, user: User, **kwargs: Any) -> None:
    _write_down(events.ACCOUNT_CODES_RENEWED, user)


@receiver([password_changed, password_set, password_reset], dispatch_uid="workspaces.audit_password")
def audit_password(sender: Any, user: User, **kwargs: Any) -> None:
    _write_down(events.ACCOUNT_PASSWORD_CHANGED, user)


@action
def _write_down(event: events.Event, user: User, **data: Any) -> None:
    events.emit(event, user, **data)
