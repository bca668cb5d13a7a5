from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: `inboxes[1].allowed_origins[0]`."""

    path: str
    text: str


@dataclass(frozen=True)
class Change:
    """One value that would be another one; `before` None: the thing does not exist yet."""

    path: str
    before: Any
    after: Any

    @property
    def old(self) -> str:
        return _shown(self.before)

    @property
    def new(self) -> str:
        return _shown(self.after)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(str(one) for one in value)
    return str(value) if value not in (None, "") else pgettext("a setting", "nothing")
