"""Finding people by what is known of them, alike on every database.

SQLite compares letters beyond ASCII as they are, PostgreSQL does not; so the text to search is folded by us, once, when
it is written.
"""

from __future__ import annotations

import unicodedata

from django.db.models import Q

MOST_WORDS = 8


def folded(*texts: str) -> str:
    """The texts without case, and of each that is a number its digits alone: "081 234" is found by "081234" too."""
    lines = [_fold(text) for text in texts if text]
    digits = ["".join(filter(str.isdigit, line)) for line in lines if any(map(str.isdigit, line))]
    return "\n".join([*lines, *digits])


def found_by(text: str, column: str) -> Q:
    """Each word of `text` stands somewhere in the folded `column`."""
    condition = Q()
    for word in _fold(text).split()[:MOST_WORDS]:
        condition &= Q(**{f"{column}__contains": word})
    return condition


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
