from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chat.actions.inboxes import set_allowed_origins
from chat.models import Inbox
from minichat.lib.errors import Invalid
from minichat.lib.transactions import action
from workspaces.models import Membership

MOST_ORIGINS = 50


@action
def replace_origins(inbox: Inbox, *, origins: list[str], by: Membership) -> Inbox:
    """Save the whole list. The same list again is no change and leaves no line in the audit log."""
    inbox = _locked(inbox)
    return inbox if origins == inbox.allowed_origins else set_allowed_origins(inbox, origins=origins, by=by)


@action
def allow_origin(inbox: Inbox, *, origin: str, by: Membership) -> Inbox:
    """Add one site. Under the lock, because a colleague may be allowing another one at this moment."""
    inbox = _locked(inbox)
    if origin in inbox.allowed_origins:
        return inbox
    if len(inbox.allowed_origins) >= MOST_ORIGINS:
        raise Invalid(_("The list is full. Remove a site that is no longer used first."))
    return set_allowed_origins(inbox, origins=[*inbox.allowed_origins, origin], by=by)


def _locked(inbox: Inbox) -> Inbox:
    return inbox.workspace.inboxes.select_for_update().get(pk=inbox.pk)
