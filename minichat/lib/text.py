"""The one gate that user text passes on its way in (SR-64)."""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 controls other than tab and newline, and the characters that stand for broken text.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
# Letters and signs that are drawn as nothing (Hangul fillers, the empty Braille cell, the grapheme joiner).
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """`text` in NFC with one kind of line break and without control characters; length is the caller's business.

    Direction overrides stay in bodies (display isolates them); names lose them, see `clean_line`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text))


def clean_line(text: str) -> str:
    """A name or title: one line, no direction overrides, single spaces."""
    return " ".join(_BIDI.sub("", clean(text)).split())


def clean_body(text: str) -> str:
    """A message body: cleaned, without blank lines or spaces around it; empty when there is nothing to see in it."""
    text = clean(text).strip()
    return text if any(map(_is_visible, text)) else ""


def _is_visible(character: str) -> bool:
    return character not in _BLANK and unicodedata.category(character) not in {"Cc", "Cf", "Zs"}
