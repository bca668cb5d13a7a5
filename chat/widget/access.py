"""The visitor's door: a public key says which inbox, a credential says which visitor, nothing else says anything.

The session cookie is never read here (SR-35), and typed names or addresses open nothing (SR-33).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from chat.identity import IdentityRequired
from chat.models import Inbox, Visitor
from chat.widget import credentials
from contacts.actions import new_contact
from minichat.lib.errors import Forbidden, NotFound, Unauthenticated
from minichat.lib.origins import is_origin, origin_allowed
from minichat.lib.transactions import action
from workspaces.models import Workspace

TICKET_SALT = "chat.widget.ticket"
TICKET_AGE = 24 * 60 * 60


def inbox_for(widget_key: str) -> Inbox:
    """The open inbox of an active workspace, with the workspace loaded.

    Raises `Forbidden` while the workspace is suspended, and `NotFound` when it is closed or there is none.
    """
    inbox = inbox_to_show(widget_key)
    if inbox.workspace.is_suspended:
        raise Forbidden
    if not inbox.workspace.is_active or inbox.closed_at is not None:
        raise NotFound
    return inbox


def inbox_to_show(widget_key: str) -> Inbox:
    """Also one that is closed, or of a workspace that is suspended or closed: its frame says so calmly, on a page that
    still loads it."""
    inbox = Inbox.unscoped.select_related("workspace").filter(widget_key=widget_key).first()
    if inbox is None or inbox.workspace.status == Workspace.Status.PURGING:
        raise NotFound
    return inbox


def is_own(origin: str) -> bool:
    """A page of our own: the preview and the trial page, which show a widget to those who set it up."""
    return is_origin(origin) and origin == settings.BASE_URL


def may_embed(inbox: Inbox, origin: str) -> bool:
    return is_own(origin) or origin_allowed(origin, inbox.allowed_origins, local_mode=settings.LOCAL)


def issue_ticket(inbox: Inbox, origin: str) -> str:
    """Proof that the frame page was served for this inbox and origin: needed to start as a new visitor."""
    return signing.dumps({"inbox": str(inbox.pk), "origin": origin}, salt=TICKET_SALT)


def origin_of_ticket(ticket: str, inbox: Inbox) -> str:
    """The origin the ticket was issued for; raises `Forbidden` when it is not ours, not for this inbox, or too old."""
    try:
        data = signing.loads(ticket, salt=TICKET_SALT, max_age=TICKET_AGE)
    except signing.BadSignature as error:
        raise Forbidden from error
    if data["inbox"] != str(inbox.pk) or not may_embed(inbox, data["origin"]):
        raise Forbidden
    return data["origin"]


@action
def new_visitor(inbox: Inbox, *, language: str = "", **arrival: Any) -> tuple[Visitor, str]:
    """A new visitor and their credential. The credential is returned once and kept only as a hash."""
    contact = new_contact(inbox.workspace, language=language)
    visitor = credentials.visitor_row(inbox, contact, language=language, **arrival)
    visitor.save(force_insert=True)
    return visitor, credentials.issue(visitor)


def visitor_by_token(inbox_key: str, token: str) -> Visitor:
    """The visitor of this credential in this inbox, with all that posting needs loaded.

    Raises `Unauthenticated` for an unknown credential, `NotFound` when there is no such inbox (any more): a client
    forgets a credential that is unknown, and would be nobody if the inbox came back. `Forbidden` for a blocked visitor,
    `IdentityRequired` for one who is not vouched for where the inbox demands it.
    """
    visitor = holder_of(inbox_key, token)
    if not is_admitted(visitor.inbox, visitor):
        raise IdentityRequired
    return visitor


def holder_of(inbox_key: str, token: str) -> Visitor:
    """As `visitor_by_token`, also where somebody has yet to vouch for them. Only for who is about to be vouched for."""
    visitor = credentials.find(inbox_key, token)
    if visitor is None:
        inbox_for(inbox_key)
        raise Unauthenticated
    if visitor.blocked_at is not None or visitor.workspace.status != Workspace.Status.ACTIVE:
        raise Forbidden
    return visitor


def is_admitted(inbox: Inbox, visitor: Visitor | None) -> bool:
    """Whether this inbox talks to people for whom nobody has vouched, or somebody has."""
    return not inbox.enforces_identity or (visitor is not None and visitor.verified_at is not None)


def token_of(request: HttpRequest) -> str:
    """The bearer header; cookies and query strings are not looked at."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token.strip()


def visitor_of(request: HttpRequest, widget_key: str) -> Visitor:
    return visitor_by_token(widget_key, token_of(request))
