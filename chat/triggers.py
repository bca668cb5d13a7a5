"""When the chat speaks up by itself: a few rules per inbox, evaluated in the frame (static/widget/nudge.js)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from chat.appearance import LANGUAGES

MOST = 5
LONGEST_TEXT = 80
LONGEST_PAGE = 200


@dataclass(frozen=True)
class Rule:
    """`on`: what is waited for, with its seconds or percent; `page`: where; `then`: open the chat, or say something."""

    ON: ClassVar = ("time", "scroll", "exit")
    PAGES: ClassVar = ("any", "contains", "is")
    ONCE: ClassVar = ("visit", "visitor")
    THEN: ClassVar = ("say", "open")

    id: str
    on: str = "time"
    value: int = 20
    page: str = "any"
    address: str = ""
    returning: bool = False
    once: str = "visit"
    then: str = "say"
    texts: dict[str, str] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """In the visitor's language, else in the first that was written."""
        written = [self.texts.get(language, ""), *(self.texts.get(code, "") for code in LANGUAGES)]
        return next((text for text in written if text), "")

    def told(self, language: str) -> dict[str, Any]:
        """What the frame needs of it."""
        rule = {"id": self.id, "on": self.on, "value": self.value, "once": self.once, "then": self.then}
        if self.page != "any":
            rule |= {"page": self.page, "address": self.address}
        if self.returning:
            rule["returning"] = True
        return {**rule, "text": self.text(language)}


def read(stored: Any) -> list[Rule]:
    """From a column that may have been written by an older or a newer version of us: what is no rule is left out."""
    return [Rule(**one) for one in (stored if isinstance(stored, list) else [])[:MOST] if _is_rule(one)]


def _is_rule(one: Any) -> bool:
    choices = {"on": Rule.ON, "page": Rule.PAGES, "once": Rule.ONCE, "then": Rule.THEN}
    return (
        isinstance(one, dict)
        and {"id"} <= one.keys() <= set(Rule.__dataclass_fields__)
        and all(one[name] in allowed for name, allowed in choices.items() if name in one)
    )
