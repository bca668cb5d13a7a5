"""A visitor's session: what a socket's `hello` and the HTTP twin have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation

from chat import actions, asking, frames, identity, own, pace, presence
from chat.identity import IdentityRefused, IdentityRequired
from chat.models import Conversation, Inbox, Visitor
from chat.widget import access, credentials
from contacts.attributes import clean_attributes, clean_traits
from minichat.lib import throttle
from minichat.lib.errors import MiniChatError, NotFound, QuotaExceeded

FORM_FIELDS: dict[str, frames.Reader] = {
    "client_id": frames.uuid,
    "answers": frames.answers,
    "consent": frames.flag,
    "body": frames.body(frames.VISITOR_LIMIT, empty=True),
    "files": frames.attachments,
    "conversation": frames.optional(frames.uuid),
    "fresh": frames.flag,
    "lang": frames.optional(frames.language),
}
WORDS_PER_VISITOR, WORDS_PER_NETWORK, WORD_SECONDS = 5, 30, 600

# What a page says of somebody: what a contact has a column for, and the rest as attributes.
Traits = tuple[dict[str, str], dict[str, str]]
IDENTIFY = {"identity": frames.optional(frames.signed), "traits": frames.optional(clean_traits)}
UPDATE = {"attributes": clean_attributes}
TRACK = {"name": frames.event_name, "data": frames.optional(clean_attributes)}


@dataclass(frozen=True)
class Session:
    """Who has come, and the credential if it was issued just now."""

    visitor: Visitor
    issued: str | None
    # Why nobody was vouched for although a signed token came along.
    refusal: IdentityRefused | None = None
    # Not the person whose credential was shown: what the browser still has of that one is none of theirs.
    other: bool = False

    def told(self) -> dict[str, Any]:
        """What answers `identify`."""
        return {"token": self.issued, "verified": self.visitor.verified_at is not None, "other": self.other}


def begin(
    key: str,
    *,
    token: str | None,
    ticket: str,
    language: str,
    page: dict[str, str],
    user_agent: str,
    ip: str,
    zone: str = "",
    signed: str | None = None,
) -> Session:
    """Open a session for a known credential or a signed token, or make a new visitor when there is neither and the
    ticket is good."""
    known = access.holder_of(key, token) if token else None
    arrival: dict[str, Any] = {"language": language, "page": page, "user_agent": user_agent, "zone": zone}
    arrival["ip"] = ip.partition("/")[0] or None
    if known is not None:
        inbox = known.inbox
    else:
        inbox = access.inbox_for(key)
        arrival["origin"] = access.origin_of_ticket(ticket, inbox)
        pace.new_visitors.spend(ip)
    session, refusal = None, None
    if signed:
        try:
            session = _vouched(inbox, identity.read(inbox, signed), known, arrival)
        except IdentityRefused as error:
            refusal = error
    session = session or _unsigned(inbox, known, arrival, refusal)
    page_moved(session.visitor, page["url"], page["title"])
    _has_zone(session.visitor, zone)
    presence.visitor_seen(session.visitor)
    return session


def identify(visitor: Visitor, signed: str) -> Session:
    """The page vouches for a visitor whose session is open. Raises `IdentityRefused`."""
    claim = identity.read(visitor.inbox, signed)
    arrival: dict[str, Any] = {name: getattr(visitor, name) for name in ("language", "origin", "user_agent", "ip")}
    arrival["zone"] = visitor.timezone
    arrival["page"] = {"url": visitor.page_url, "title": visitor.page_title, "referrer": visitor.referrer}
    return _vouched(visitor.inbox, claim, visitor, arrival)


def describe(visitor: Visitor, said: Traits) -> None:
    traits, attributes = said
    actions.describe_visitor(visitor, traits=traits, attributes=attributes)


def _vouched(inbox: Inbox, claim: identity.Claim, known: Visitor | None, arrival: dict[str, Any]) -> Session:
    was_somebody = known is not None and known.verified_at is not None
    visitor, issued = actions.identify(inbox, claim, visitor=known, **arrival)
    other = was_somebody and known is not None and visitor.pk != known.pk
    return Session(visitor, issued or credentials.renew(visitor), other=other)


def _unsigned(inbox: Inbox, known: Visitor | None, arrival: dict[str, Any], refusal: IdentityRefused | None) -> Session:
    if not access.is_admitted(inbox, known):
        raise refusal or IdentityRequired
    if known is None:
        visitor, issued = access.new_visitor(inbox, **arrival)
        if visitor.page_url:
            actions.note_page(visitor, url=visitor.page_url, title=visitor.page_title)
        return Session(visitor, issued, refusal)
    return Session(known, credentials.renew(known), refusal)


def welcome(session: Session) -> tuple[UUID | None, dict[str, Any]]:
    """The current conversation and the `welcome`. Asked for once the socket hears pushes: nothing falls in between."""
    frame = {"v": 1, "token": session.issued, "other": session.other, **state(session.visitor)}
    return frame["conversation"] and UUID(frame["conversation"]["id"]), frame


def state(visitor: Visitor) -> dict[str, Any]:
    """The `welcome` of the wire contract, without its token."""
    faces = presence.faces(visitor.inbox)
    return {
        "verified": visitor.verified_at is not None,
        **own.newest(visitor),
        "operators": faces,
        "online": bool(faces),
        "forms": asking.pictures_at_start(visitor),
        "opens_at": presence.opens_at(visitor.inbox),
        "limits": {"body": frames.VISITOR_LIMIT, "file": settings.UPLOAD_LIMIT, "files": frames.MOST_FILES},
        "server_time": timezone.now(),
    }


def conversation_of(visitor: Visitor, conversation_id: UUID) -> Conversation:
    conversation = visitor.conversations.filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound
    return conversation


def mark(visitor: Visitor, conversation_id: UUID, *, got: int = 0, read: int = 0) -> None:
    actions.mark_visitor(visitor, conversation_of(visitor, conversation_id), got=got, read=read)


def page_moved(visitor: Visitor, url: str, title: str) -> None:
    if url and url != visitor.page_url:
        actions.note_page(visitor, url=url, title=title)


def _has_zone(visitor: Visitor, zone: str) -> None:
    """Somebody who travels takes their clock along."""
    if zone and zone != visitor.timezone:
        visitor.timezone = zone
        visitor.save(update_fields=["timezone"])


def fill_form(visitor: Visitor, values: dict[str, Any]) -> dict[str, Any]:
    """A form was sent; the answer is the `form_ack` of the wire contract.

    Word that is left costs no message of the month, so it has a limit of its own.
    """
    filled = actions.Filled(
        visitor,
        values["client_id"],
        values["answers"],
        consent=values["consent"],
        body=values["body"],
        attachments=tuple(values["files"]),
        conversation_id=values["conversation"],
        fresh=values["fresh"],
    )
    if filled.body:
        throttle.hit("word", visitor.sender_key, WORDS_PER_VISITOR, WORD_SECONDS)
        throttle.hit("word", str(visitor.ip or "unknown"), WORDS_PER_NETWORK, WORD_SECONDS)
    with translation.override(values["lang"] or translation.get_language()):
        return actions.acknowledged(actions.take_form(filled), filled)


def with_form(error: MiniChatError, visitor: Visitor) -> MiniChatError:
    """Over the month's messages the refusal brings the form that is always accepted."""
    if isinstance(error, QuotaExceeded):
        error.fields["form"] = asking.picture_over_quota(visitor)
    return error
