"""A visitor is vouched for: from then on all their browsers are one visitor, with all that was said from them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from chat import identity
from chat.actions.pages import note_page
from chat.append import Appender, locked
from chat.identity import Claim
from chat.models import Credential, Inbox, Status, Visitor
from chat.widget import credentials
from contacts.actions import recognise
from contacts.models import Contact
from minichat.lib.errors import Forbidden
from minichat.lib.merging import repoint
from minichat.lib.transactions import action

# What the browser that was here last knows better, if it knows it.
TAKEN_ALONG = ["page_url", "page_title", "user_agent", "ip", "form_answered_at", "consent"]
USED_EVERY = timedelta(minutes=5)


@action
def identify(inbox: Inbox, claim: Claim, *, visitor: Visitor | None, **arrival: Any) -> tuple[Visitor, str | None]:
    """The one visitor of this contact in this inbox, and a new credential where the old one does not do any more.

    `visitor` is who showed a credential just now. If nobody had vouched for them, what they said so far is taken along,
    and their old credentials end: whoever else knew one sees nothing of the verified history. Somebody who was vouched
    for as another person stays that person; the browser gets a credential for the new one. `arrival` describes the
    browser, for a visitor who has to be made.
    """
    if visitor is not None and _is_known(visitor, claim):
        _use(inbox, claim, again=True)
        contact = recognise(inbox.workspace, identity=claim.identity)
        visitor.contact = contact
        return visitor, None
    inbox.workspace.inboxes.select_for_update(no_key=True).get(pk=inbox.pk)
    _use(inbox, claim, again=False)
    before = visitor if visitor is not None and visitor.verified_at is None else None
    known = before.contact if before is not None and not _is_shared(before) else None
    contact = recognise(inbox.workspace, identity=claim.identity, known=known)
    visitor = _visitor_of(inbox, contact, before, arrival)
    return visitor, credentials.issue(visitor, key=claim.key)


def _is_known(visitor: Visitor, claim: Claim) -> bool:
    """Vouched for already, as the same person and with the same secret."""
    same = visitor.verified_at is not None and visitor.contact.external_id == claim.identity.subject
    return same and credentials.of(visitor).key_id == claim.key.pk


def _is_shared(visitor: Visitor) -> bool:
    """Others have been put together with them by hand: nobody has vouched for those."""
    return visitor.contact.external_id is not None or visitor.contact.visitors.exclude(pk=visitor.pk).exists()


def _visitor_of(inbox: Inbox, contact: Contact, before: Visitor | None, arrival: dict[str, Any]) -> Visitor:
    there_is = inbox.visitors.filter(contact=contact, verified_at__isnull=False).first()
    is_blocked = there_is is not None and there_is.blocked_at is not None
    if is_blocked or inbox.workspace.blocks.filter(contact=contact).exists():  # in whichever inbox that was
        raise Forbidden
    if there_is is None and before is None:
        visitor = credentials.visitor_row(inbox, contact, **arrival)
        visitor.verified_at = timezone.now()
        visitor.save(force_insert=True)
        if visitor.page_url:
            note_page(visitor, url=visitor.page_url, title=visitor.page_title)
    elif there_is is None:
        assert before is not None
        visitor = _promote(before, contact)
    else:
        visitor = there_is
        if before is not None:
            _merge(before, visitor)
    visitor.inbox, visitor.contact, visitor.workspace = inbox, contact, inbox.workspace
    return visitor


def _promote(visitor: Visitor, contact: Contact) -> Visitor:
    visitor = visitor.workspace.visitors.select_for_update(no_key=True).get(pk=visitor.pk)
    visitor.contact, visitor.verified_at = contact, timezone.now()
    visitor.save(update_fields=["contact", "verified_at"])
    visitor.credentials.all().delete()
    visitor.conversations.update(contact=contact)
    _tell_team(visitor, contact)
    return visitor


def _merge(before: Visitor, visitor: Visitor) -> None:
    rows = visitor.workspace.visitors.select_for_update(no_key=True).filter(pk__in=[before.pk, visitor.pk])
    if any(row.blocked_at for row in rows.order_by("pk")):
        raise Forbidden  # just now
    for said in (visitor.workspace.messages, visitor.workspace.attachments):
        said.filter(sender_key=before.sender_key).update(sender_key=visitor.sender_key)
    moved = list(before.conversations.values_list("pk", flat=True))
    repoint(before, visitor, but=(Credential,))
    visitor.conversations.filter(pk__in=moved).update(contact=visitor.contact_id)
    for name in TAKEN_ALONG:
        setattr(visitor, name, getattr(before, name) or getattr(visitor, name))
    visitor.save(update_fields=TAKEN_ALONG)
    before.delete()
    _tell_team(visitor, visitor.contact)


def _tell_team(visitor: Visitor, contact: Contact) -> None:
    """A line in the conversation that is going on; the visitor sees nothing of it."""
    newest = visitor.conversations.order_by("-number").first()
    if newest is None or newest.status == Status.RESOLVED:
        return
    conversation = locked(visitor.workspace, newest.pk, while_suspended=True)
    with Appender() as appender:
        appender.event(conversation, "recognised", public=False, who=contact.display_name)


def _use(inbox: Inbox, claim: Claim, *, again: bool) -> None:
    """A token with a name comes once; from somebody whom it opened already nothing is gained by it (`again`)."""
    now = timezone.now()
    if claim.key.used_at is None or now - claim.key.used_at > USED_EVERY:
        claim.key.used_at = now
        claim.key.save(update_fields=["used_at"])
    if not claim.jti:
        return
    inbox.used_tokens.filter(expires_at__lt=now - timedelta(seconds=identity.LEEWAY * 2)).delete()
    _row, is_new = inbox.used_tokens.get_or_create(
        jti=claim.jti, defaults={"workspace_id": inbox.workspace_id, "expires_at": claim.expires_at}
    )
    if not is_new and not again:
        raise identity.IdentityReplayed
