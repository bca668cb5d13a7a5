"""The visitor's door: a public key says which inbox, a credential says which visitor, nothing else says anything.

The session cookie is never read here (SR-35), and typed names or addresses open nothing (SR-33).
"""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from chat.models import Inbox, Visitor
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
    if not inbox.workspace.is_active:
        raise NotFound
    return inbox


def inbox_to_show(widget_key: str) -> Inbox:
    """Also of a workspace that is suspended or closed: its frame says so calmly, on a page that still loads it."""
    inbox = Inbox.unscoped.select_related("workspace").filter(widget_key=widget_key, closed_at=None).first()
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
def new_visitor(
    inbox: Inbox,
    *,
    origin: str = "",
    language: str = "",
    page: dict[str, str] | None = None,
    user_agent: str = "",
    ip: str | None = None,
) -> tuple[Visitor, str]:
    """A new visitor and their credential. The credential is returned once and kept only as a hash."""
    page = page or {}
    token = f"v1.{inbox.pk.hex[:8]}.{secrets.token_urlsafe(32)}"
    visitor = Visitor(
        workspace=inbox.workspace,
        inbox=inbox,
        contact=new_contact(inbox.workspace, language=language),
        token_hash=hashed(token),
        origin=origin[:255],
        language=language,
        user_agent=user_agent[:300],
        ip=ip,
        page_url=page.get("url", ""),
        page_title=page.get("title", ""),
        referrer=page.get("referrer", ""),
    )
    visitor.save(force_insert=True)
    return visitor, token


def visitor_by_token(inbox_key: str, token: str) -> Visitor:
    """The visitor of this credential in this inbox, with all that posting needs loaded.

    Raises `Unauthenticated` for an unknown credential, `NotFound` when there is no such inbox (any more): a client
    forgets a credential that is unknown, and would be nobody if the inbox came back. `Forbidden` for a blocked visitor.
    """
    visitor = (
        Visitor.unscoped.select_related("inbox__workspace", "contact", "workspace")
        .filter(token_hash=hashed(token), inbox__widget_key=inbox_key, inbox__closed_at=None)
        .first()
    )
    if visitor is None:
        inbox_for(inbox_key)
        raise Unauthenticated
    if visitor.blocked_at is not None or visitor.workspace.status != Workspace.Status.ACTIVE:
        raise Forbidden
    return visitor


def visitor_of(request: HttpRequest, widget_key: str) -> Visitor:
    """The visitor of a bearer header; cookies and query strings are not looked at."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return visitor_by_token(widget_key, token.strip())


def hashed(token: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
