"""What a person looks like without a photo: one or two letters on one of six colours."""

from __future__ import annotations

import zlib

HUES = 6
# Written before the consonant that they belong to: alone in a circle they look broken.
_THAI_LEADING_VOWELS = "เแโใไ"


def initials(name: str) -> str:
    """The first letter of the first and of the last word: "Omar Haddad" → "OH", "เมธี ใจดี" → "มจ", "" → "?"."""
    letters = [letter for letter in (_first_letter(word) for word in name.split()) if letter]
    if len(letters) > 1:
        return letters[0] + letters[-1]
    return letters[0] if letters else "?"


def _first_letter(word: str) -> str:
    return next((c.upper()[0] for c in word if c.isalpha() and c not in _THAI_LEADING_VOWELS), "")


def hue(key: object) -> int:
    """1…6, the same for the same person in every process (`hash()` is salted, so it would not be)."""
    return zlib.crc32(str(key).encode()) % HUES + 1
