"""What may be typed into a form of a visitor's: the same rules for the widget, pages and machines (SR-64)."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from contacts.models import FieldKind
from minichat.lib.errors import Invalid
from minichat.lib.text import clean_line

LIMITS = {
    FieldKind.NAME: 80,
    FieldKind.EMAIL: 254,
    FieldKind.PHONE: 40,
    FieldKind.COMPANY: 80,
    FieldKind.TEXT: 500,
}
# Digits of any script with what people put between them; an extension may follow.
PHONE = re.compile(r"\+?[\d\s().\-/]{4,32}(\s?(ext\.?|x|#|ต่อ)\s?\d{1,8})?", re.IGNORECASE)
MOST_DIGITS = 20


def clean(kind: FieldKind, text: str) -> str:
    """`text` as it is kept; empty for nothing. Raises `Invalid` with a sentence for whoever typed it."""
    value = clean_line(text[: LIMITS[kind] * 4])
    if len(value) > LIMITS[kind]:
        raise Invalid(_("That is too long. Please shorten it."))
    if value and kind == FieldKind.EMAIL and not is_email(value):
        raise Invalid(_("That is not an email address. Example: mali@example.com"))
    if value and kind == FieldKind.PHONE and not is_phone(value):
        raise Invalid(_("That is not a phone number."))
    return value


def is_email(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def is_phone(value: str) -> bool:
    return bool(PHONE.fullmatch(value)) and 4 <= sum(map(str.isdigit, value)) <= MOST_DIGITS
