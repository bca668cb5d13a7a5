from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat import events, identity
from chat.models import IdentityKey, Inbox
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership

# The one in use and the next one: that is what changing them without a gap takes.
MOST_KEYS = 2


@action
def make_identity_key(inbox: Inbox, *, by: Membership) -> tuple[IdentityKey, str]:
    """A new secret for vouching for visitors. It is returned once and never again."""
    inbox = inbox.workspace.inboxes.select_for_update().get(pk=inbox.pk)
    if inbox.identity_keys.live().count() >= MOST_KEYS:
        raise Conflict(_("Two secrets are in use. Revoke the old one before you make another."))
    kid, secret = identity.new_secret()
    key = inbox.identity_keys.create(workspace_id=inbox.workspace_id, kid=kid, secret=identity.locked_up(secret))
    emit(events.IDENTITY_KEY_CREATED, inbox, actor=by, kid=kid)
    return key, secret


@action
def revoke_identity_key(key: IdentityKey, *, by: Membership) -> IdentityKey:
    """From now on it vouches for nobody, and whoever came in by it has to be vouched for anew."""
    key = by.workspace.identity_keys.select_for_update().select_related("inbox").get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.secret = ""
        key.save(update_fields=["revoked_at", "secret"])
        emit(events.IDENTITY_KEY_REVOKED, key.inbox, actor=by, kid=key.kid)
    return key


@action
def enforce_identity(inbox: Inbox, *, enforced: bool, by: Membership) -> Inbox:
    """Whether people are let in for whom nobody vouches. With no secret nobody could be, so nobody could chat."""
    inbox = inbox.workspace.inboxes.select_for_update().get(pk=inbox.pk)
    if inbox.enforces_identity == enforced:
        return inbox
    if enforced and not inbox.identity_keys.live().exists():
        raise Conflict(_("Make a secret first: without one nobody could chat."))
    inbox.enforces_identity = enforced
    inbox.save(update_fields=["enforces_identity"])
    emit(events.IDENTITY_ENFORCED if enforced else events.IDENTITY_OPTIONAL, inbox, actor=by)
    return inbox
