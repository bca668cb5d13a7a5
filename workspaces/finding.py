"""What the command palette finds: each room says what it knows, in the order in which the rooms are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from minichat.lib.keyboards import other_layout
from minichat.lib.text import clean_line
from workspaces.decorators import MemberRequest

LONGEST = 100
IN_A_GROUP = 5
# A fast typist asks about three times a second.
SEARCHES, SECONDS = 240, 60


@dataclass(frozen=True)
class Found:
    """One line of the list. `hint` stands beside the label in grey; `person` draws an avatar in place of the icon."""

    label: str
    url: str
    icon: str = "file-text"
    hint: str = ""
    person: dict | None = None


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    rows: list[Found] = field(default_factory=list)


# Asked with the words that all have to be found; without words a finder says what is worth showing first.
Finder = Callable[[MemberRequest, list[str]], Group]
finders: list[Finder] = []


def find(request: MemberRequest, text: str) -> list[Group]:
    """The groups that have something. Words typed with the wrong keyboard layout are understood as well."""
    groups = _ask(request, text)
    meant = other_layout(text)
    return groups if groups or not meant else _ask(request, meant)


def _ask(request: MemberRequest, text: str) -> list[Group]:
    words = clean_line(text).split()
    return [group for finder in finders if (group := finder(request, words)).rows]


def matches(words: Iterable[str], *texts: str) -> bool:
    """Whether each word stands in one of the texts."""
    lowered = [text.casefold() for text in texts]
    return all(any(word.casefold() in text for text in lowered) for word in words)


def matching(words: Iterable[str], *columns: str) -> Q:
    """The same as a filter."""
    condition = Q()
    for word in words:
        one = Q()
        for column in columns:
            one |= Q(**{f"{column}__icontains": word})
        condition &= one
    return condition
