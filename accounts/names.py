"""Whether somebody may call themselves that. Rooms that know who their colleagues are add a check (SR-43)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from accounts.models import User

# Each says in a sentence what is wrong with a name, or nothing.
checks: list[Callable[[User, str], str]] = []


def objections(user: User, name: str) -> list[str]:
    return [sentence for check in checks if (sentence := check(user, name))]


def likeness(name: str) -> str:
    """The same for names that a reader takes for one: width, case, spaces, punctuation and accents do not count.

    Thai vowels and tones do: they are letters there, and without them different names would be one.
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in folded if character.isalnum() or "\u0e00" <= character <= "\u0e7f")
