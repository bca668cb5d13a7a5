"""What may come in: one reader for socket frames, JSON posts and forms (SR-06, SR-32, SR-64).

Every field is named with its reader; an unknown field is refused, so that nothing is ever set by accident.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from accounts.addresses import normalise
from chat import cards, quick_replies
from contacts.models import FieldKind
from minichat.lib.errors import Invalid, TooLong
from minichat.lib.text import clean, clean_body, clean_line

MAX_FRAME_BYTES = 64 * 1024
MAX_DEPTH = 20
VISITOR_LIMIT = 2_000
OPERATOR_LIMIT = 10_000
LONGEST_ANSWER = 2_000
MOST_FILES = 5
MOST_NAMED = 50
FAR_TOO_LONG = 1_000
LONGEST_TOKEN = 4096

Reader = Callable[[Any], Any]


class Malformed(Exception):
    """Not a frame at all: the socket is closed with 4400."""


def parse(text: str) -> dict[str, Any]:
    """The JSON object in `text`; raises `Malformed`."""
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(data, dict) or _depth(data) > MAX_DEPTH:
        raise Malformed
    return data


def read(data: Mapping[str, Any], fields: Mapping[str, Reader]) -> dict[str, Any]:
    """The fields of `data`, each through its reader. Raises `Invalid` with the fields' own sentences."""
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for name in data.keys() - fields.keys() - {"type", "csrfmiddlewaretoken"}:
        # Cleaned: the answer repeats it, and broken text cannot be sent.
        errors[clean_line(name)[:40]] = [str(_("This field is not known."))]
    for name, reader in fields.items():
        try:
            values[name] = reader(data.get(name))
        except TooLong as error:
            raise TooLong(error.detail, errors={name: [error.detail]}) from error
        except Invalid as error:
            errors[name] = [error.detail]
    if "attachments" in fields and not values.get("body") and not values.get("attachments") and "body" not in errors:
        errors["body"] = [str(_("Write a message first."))]  # a message may be files alone, but not nothing
    if errors:
        raise Invalid(next(iter(errors.values()))[0], errors=errors)
    return values


# --- Readers -------------------------------------------------------------------------------------------------------


def body(limit: int, *, empty: bool = False) -> Reader:
    """A message's text: cleaned, at most `limit` characters and four bytes each. `empty`: it may be missing."""

    def reader(value: Any) -> str:
        if value is None and empty:
            return ""
        if not isinstance(value, str):
            raise Invalid(_("Write a message first."))
        if len(value) > limit * 4:
            raise TooLong(_too_long(len(value), limit))
        text = clean_body(value)
        if not text and not empty:
            raise Invalid(_("Write a message first."))
        if len(text) > limit:
            raise TooLong(_too_long(len(text), limit))
        return text

    return reader


def attachments(value: Any) -> list[UUID]:
    """The uploads that a message takes along, each once."""
    if value in (None, "", []):
        return []
    if not isinstance(value, list):
        raise Invalid(_("This is not an id."))
    ids = list(dict.fromkeys(uuid(one) for one in value[: MOST_FILES + 1]))
    if len(ids) > MOST_FILES or len(value) > MOST_FILES:
        raise Invalid(_("At most %(limit)s files fit in one message.") % {"limit": MOST_FILES})
    return ids


def short_answers(value: Any) -> list[str]:
    """The quick replies under a message."""
    if value in (None, "", []):
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Invalid(_("This is not a list."))
    if len(value) > MOST_NAMED or any(len(one) > FAR_TOO_LONG for one in value):
        raise Invalid(_("This is not a list."))
    return quick_replies.cleaned(value)


def card(value: Any) -> cards.Card | None:
    """What stands under a message to be looked at."""
    if value in (None, ""):
        return None
    if not isinstance(value, dict):
        raise Invalid(_("This is not a card."))
    return cards.cleaned(value)


def text(limit: int) -> Reader:
    """A text that is not finished: cleaned, may be empty, may end in a space."""

    def reader(value: Any) -> str:
        if not isinstance(value, str):
            raise Invalid(_("This is not a text."))
        if len(value) > limit:
            raise TooLong(_too_long(len(value), limit))
        return clean(value)

    return reader


def line(limit: int) -> Reader:
    """A short text such as a page title: cleaned and cut, never refused."""

    def reader(value: Any) -> str:
        return clean_line(value)[:limit] if isinstance(value, str) else ""

    return reader


def email(value: Any) -> str:
    """An address, in the form in which mails are sent."""
    address = normalise(clean_line(value)[:320]) if isinstance(value, str) else ""
    try:
        EmailValidator()(address)
    except ValidationError as error:
        raise Invalid(_("This is not an email address.")) from error
    return address


def uuid(value: Any) -> UUID:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid(_("This is not an id.")) from error


def uuids(value: Any) -> list[UUID]:
    """A short list of ids; nothing at all is an empty one."""
    return [uuid(one) for one in _list(value)]


def named(value: Any) -> list[dict[str, str]]:
    """Colleagues whom a text names: `[{"id", "name"}]`."""
    rows = [one if isinstance(one, dict) else {} for one in _list(value)]
    return [{"id": str(uuid(row.get("id"))), "name": line(80)(row.get("name"))} for row in rows]


def _list(value: Any) -> list[Any]:
    if value in (None, ""):
        return []
    if not isinstance(value, list) or len(value) > MOST_NAMED:
        raise Invalid(_("This is not a list."))
    return value


def optional(reader: Reader) -> Reader:
    return lambda value: None if value in (None, "") else reader(value)


def number(value: Any) -> int:
    """A whole number from 0 to 2³¹."""
    if isinstance(value, str) and value.isdecimal() and value.isascii() and len(value) <= 10:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Invalid(_("This is not a number."))
    return value


def stars(value: Any) -> int:
    """From 1, not at all, to 5, very much."""
    if value not in (1, 2, 3, 4, 5) or isinstance(value, bool):
        raise Invalid(_("Choose from 1 to 5."))
    return int(value)


def flag(value: Any) -> bool:
    if value in (None, False, 0, "", "false", "0", "off"):
        return False
    if value in (True, 1, "true", "1", "on"):
        return True
    raise Invalid(_("This is not yes or no."))


def answers(value: Any) -> dict[str, str]:
    """What was typed into a form, by the name of the field; each field's own rules come later (`chat/asking.py`)."""
    data = {} if value is None else value
    if not isinstance(data, dict) or not data.keys() <= set(FieldKind.values):
        raise Invalid(_("This field is not known."))
    if not all(isinstance(text, str) and len(text) <= LONGEST_ANSWER for text in data.values()):
        raise Invalid(_("That is too long. Please shorten it."))
    return data


def credential(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200 or not value.isascii():
        raise Invalid(_("This is not a credential."))
    return value


def zone(value: Any) -> str:
    """A time zone by its name; one that we do not know is none."""
    return value if isinstance(value, str) and value in available_timezones() else ""


def signed(value: Any) -> str:
    """A signed token, or for what cannot be one a text that is none: `identity.read` refuses both alike, and a mistake
    of the page does not keep its visitor from the chat."""
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_TOKEN and value.isascii() else "?"


def event_name(value: Any) -> str:
    name = clean_line(value)[:80] if isinstance(value, str) else ""
    if not name:
        raise Invalid(_("Give the event a name."))
    return name


def page(value: Any) -> dict[str, str]:
    """Where the visitor is: `url`, `title`, `referrer`; whatever else is in it is left out."""
    data = value if isinstance(value, dict) else {}
    return {
        "url": line(500)(data.get("url")),
        "title": line(200)(data.get("title")),
        "referrer": line(500)(data.get("referrer")),
    }


def language(value: Any) -> str:
    return value[:2] if isinstance(value, str) and value[:2] in dict(settings.VISITOR_LANGUAGES) else "en"


def _too_long(length: int, limit: int) -> str:
    return str(
        _("This message has %(length)s characters; %(limit)s is the limit.") % {"length": length, "limit": limit}
    )


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _depth(value: Any) -> int:
    """How deep lists and objects nest, without recursion."""
    deepest, level = 0, [value]
    while level and deepest <= MAX_DEPTH:
        deepest += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
    return deepest
