"""The one gate for what a website tells about a person (SR-64): flat, few, short; everything becomes text."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.models.contact import LONGEST_KEY, LONGEST_VALUE, MOST_ATTRIBUTES
from minichat.lib.errors import Invalid
from minichat.lib.text import clean_line

# What a contact has a column for, and how long it may be.
TRAITS = {"name": 80, "email": 254, "phone": 40, "company": 80}


def clean_attributes(value: Any) -> dict[str, str]:
    """`value` as text by text; empty text takes an attribute away. Raises `Invalid`."""
    if not isinstance(value, dict) or len(value) > MOST_ATTRIBUTES:
        raise Invalid(_("Give at most %(n)s attributes, each a name and a value.") % {"n": MOST_ATTRIBUTES})
    return {_name(name): _text(one) for name, one in value.items()}


def clean_traits(value: Any) -> tuple[dict[str, str], dict[str, str]]:
    """What there is a column for, and the rest as attributes. Raises `Invalid`."""
    if not isinstance(value, dict):
        raise Invalid(_("Give at most %(n)s attributes, each a name and a value.") % {"n": MOST_ATTRIBUTES})
    traits = {name: _trait(name, value[name]) for name in TRAITS.keys() & value.keys()}
    rest = {name: one for name, one in value.items() if name not in TRAITS}
    return traits, clean_attributes(rest)


def merged(old: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    """`old` changed by `new`. Raises `Invalid` when that is more than a contact may have."""
    both = {name: text for name, text in {**old, **new}.items() if text}
    if len(both) > MOST_ATTRIBUTES:
        raise Invalid(_("A contact has at most %(n)s attributes.") % {"n": MOST_ATTRIBUTES})
    return both


def fitting(first: dict[str, str], then: dict[str, str]) -> dict[str, str]:
    """Both, as far as a contact has room; where both know a name `first` is right."""
    return dict(
        list({**first, **{name: text for name, text in then.items() if name not in first}}.items())[:MOST_ATTRIBUTES]
    )


def proof_of(name: str) -> str:
    """How `Contact.proven` calls an attribute."""
    return f"attributes.{name}"


def proven_of(contact: Contact, names: Iterable[str]) -> list[str]:
    """Of `names` those that the contact has something for."""
    there = {name for name in TRAITS if getattr(contact, name)} | {proof_of(name) for name in contact.attributes}
    return sorted(there.intersection(names))


def _name(value: Any) -> str:
    name = clean_line(value) if isinstance(value, str) and len(value) <= LONGEST_KEY * 4 else ""
    if not name or len(name) > LONGEST_KEY or not name[0].isalnum() or not all(map(_is_part_of_a_name, name)):
        raise Invalid(_("The name of an attribute begins with a letter and has at most %(n)s.") % {"n": LONGEST_KEY})
    return name


def _is_part_of_a_name(character: str) -> bool:
    """Letters of any script with their marks (in Thai most words have some), digits, and what joins them."""
    return character.isalnum() or character in " _.:-" or unicodedata.category(character).startswith("M")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < 1e15:
        return str(value)
    if isinstance(value, str) and len(value) <= LONGEST_VALUE:
        return clean_line(value)
    raise Invalid(_("An attribute is a text of at most %(n)s letters, a number, or yes or no.") % {"n": LONGEST_VALUE})


def _trait(name: str, value: Any) -> str:
    text = _text(value)[: TRAITS[name]]
    if name == "email" and text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise Invalid(_("This is not an e-mail address.")) from error
    return text
