"""The mails of this room. Visitors read them in the language they chat in."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chat import cards
from chat.models import Conversation, Kind, Message, Visitor
from contacts.models import Contact
from minichat.lib.emails import make_message
from minichat.lib.errors import NotFound
from minichat.lib.moments import calendar_date, clock, told_in
from minichat.lib.origins import parse_origin

STOP_SALT = "chat.unseen"
STOP_LIFETIME = timedelta(days=90)


def unseen_replies(conversation: Conversation, rows: Sequence[Message]) -> EmailMultiAlternatives:
    """`rows` are what the team said, with their attachments loaded."""
    contact = conversation.contact
    with translation.override(language_of(conversation)):
        stop_url = f"{settings.BASE_URL}{reverse('stop-visitor-mail', args=[stop_token(contact)])}"
        context = {
            "workspace": conversation.inbox.workspace,
            "name": contact.name,
            "lines": [{"by": row.author_name or _("Team"), "text": _said(row)} for row in rows],
            "page_url": _page(conversation),
            "stop_url": stop_url,
        }
        message = make_message("unseen-replies", contact.proven_email, context)
    message.extra_headers["List-Unsubscribe"] = f"<{stop_url}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def transcript(conversation: Conversation, rows: Sequence[Message], *, is_all: bool) -> EmailMultiAlternatives:
    """What was said, in the order of `rows`, which have their attachments loaded."""
    contact, workspace = conversation.contact, conversation.inbox.workspace
    zone = conversation.visitor.timezone or workspace.timezone
    with translation.override(language_of(conversation)), told_in(zone, workspace.era):
        context = {
            "workspace": workspace,
            "name": contact.name,
            "lines": [{"at": _moment(row.created_at), "by": _name(row, contact), "text": _said(row)} for row in rows],
            "is_all": is_all,
            "page_url": _page(conversation),
        }
        return make_message("transcript", contact.proven_email, context)


def address_code(visitor: Visitor, email: str, code: str) -> EmailMultiAlternatives:
    """To an address that somebody has typed: nothing of theirs is in it."""
    with translation.override(_spoken(visitor.inbox.language, visitor.language)):
        return make_message("address-code", email, {"workspace": visitor.workspace, "code": code})


def language_of(conversation: Conversation) -> str:
    return _spoken(conversation.inbox.language, conversation.visitor.language, conversation.contact.language)


def _spoken(*wishes: str) -> str:
    known = dict(settings.VISITOR_LANGUAGES)
    return next((wish for wish in wishes if wish in known), "en")


def stop_token(contact: Contact) -> str:
    """The address in the mail that ends such mails; it opens nothing else (SR-16)."""
    stands_for = {"w": contact.workspace_id.hex, "c": contact.pk.hex, "t": int(time.time())}
    return signing.dumps(stands_for, salt=STOP_SALT)


def read_stop_token(token: str) -> tuple[UUID, UUID]:
    """Workspace and contact; `NotFound` alike for what is forged, old, or of another purpose."""
    try:
        stands_for = signing.loads(token, salt=STOP_SALT, max_age=STOP_LIFETIME)
    except signing.BadSignature as error:
        raise NotFound from error
    return UUID(stands_for["w"]), UUID(stands_for["c"])


def _said(row: Message) -> str:
    """Without blank lines: a paragraph of the mail is one message, and no part of it stands alone as a link."""
    files = ", ".join(attachment.name for attachment in row.attachments.all())
    card = cards.text(row.card, beside=row.body) if row.card else ""
    lines = [line for line in (*row.body.split("\n"), *card.split("\n"), files) if line.strip()]
    return "\n".join(lines)


def _name(row: Message, contact: Contact) -> str:
    if row.kind == Kind.VISITOR:
        return contact.name or pgettext("writer of a message", "You")
    return row.author_name or _("Team")


def _moment(at: datetime) -> str:
    return f"{calendar_date(at)} {clock(at)}"


def _page(conversation: Conversation) -> str:
    """Where they chatted. The address came from a browser: it is passed on only if it is one of the owner's sites."""
    url = conversation.visitor.page_url
    try:
        parts = urlsplit(url)
        origin = parse_origin(f"{parts.scheme}://{parts.netloc}")
    except ValueError:
        return ""
    return url if origin in conversation.inbox.allowed_origins else ""
