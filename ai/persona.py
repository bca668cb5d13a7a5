"""How an assistant is and speaks, as plain values: what a version keeps, and what the check and the chat are handed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from ai.knowledge.decide import Style

LONGEST_NAME = 60
LONGEST_INSTRUCTIONS = 2_500
LONGEST_CUSTOM = 5_000
LONGEST_PHRASE = 80
MOST_PHRASES = 50
LONGEST_REPLY = 500
MOST_WORDS = 30
MOST_TOPICS = 12
MOST_RULES = 12


class Tone(StrEnum):
    FRIENDLY = "friendly"
    PROFESSIONAL = "professional"
    LIVELY = "lively"
    BRIEF = "brief"


class Particle(StrEnum):
    """The polite word at the end of a Thai sentence."""

    NONE = "none"
    KHA = "kha"
    KHRAP = "khrap"


class Hours(StrEnum):
    """When the assistant answers, by the office hours of the inbox."""

    ALWAYS = "always"
    OUTSIDE = "outside"
    INSIDE = "inside"


class Act(StrEnum):
    """What a rule does with a message that has one of its words."""

    HAND_OFF = "hand_off"
    REPLY = "reply"
    MARK = "mark"


class Ready(StrEnum):
    """Lists that come with the house (`ai/ready.py`). That of numbers finds, and hides, by check digits."""

    THREATS = "threats"
    ABUSE = "abuse"
    NUMBERS = "numbers"


@dataclass(frozen=True)
class BlockedTopic:
    words: tuple[str, ...]
    reply: str


@dataclass(frozen=True)
class Rule:
    """`reply`: the sentence that is said, by a rule that says one."""

    name: str
    words: tuple[str, ...]
    act: Act
    reply: str = ""


@dataclass(frozen=True)
class Persona:
    name: str = ""
    tone: Tone = Tone.FRIENDLY
    particle: Particle = Particle.NONE
    instructions: str = ""
    custom: str = ""
    style: Style = Style.BALANCED
    hand_off_phrases: tuple[str, ...] = ()
    blocked_topics: tuple[BlockedTopic, ...] = ()
    hours: Hours = Hours.ALWAYS
    # Nobody wants to send card numbers to a model's provider.
    ready: tuple[Ready, ...] = (Ready.NUMBERS,)
    rules: tuple[Rule, ...] = ()
    asks_provider: bool = False


def kept(persona: Persona) -> dict[str, Any]:
    """As JSON can hold it."""
    return {
        "name": persona.name,
        "tone": persona.tone.value,
        "particle": persona.particle.value,
        "instructions": persona.instructions,
        "custom": persona.custom,
        "style": persona.style.value,
        "hand_off_phrases": list(persona.hand_off_phrases),
        "blocked_topics": [{"words": list(topic.words), "reply": topic.reply} for topic in persona.blocked_topics],
        "hours": persona.hours.value,
        "ready": [one.value for one in persona.ready],
        "rules": [
            {"name": rule.name, "words": list(rule.words), "act": rule.act.value, "reply": rule.reply}
            for rule in persona.rules
        ],
        "asks_provider": persona.asks_provider,
    }


def restored(settings: dict[str, Any]) -> Persona:
    """From what `kept` made, today or by an older release: what is missing or no longer known is as by default."""
    return Persona(
        name=settings.get("name", ""),
        tone=_one_of(Tone, settings.get("tone"), Tone.FRIENDLY),
        particle=_one_of(Particle, settings.get("particle"), Particle.NONE),
        instructions=settings.get("instructions", ""),
        custom=settings.get("custom", ""),
        style=_one_of(Style, settings.get("style"), Style.BALANCED),
        hand_off_phrases=tuple(settings.get("hand_off_phrases", ())),
        blocked_topics=tuple(
            BlockedTopic(tuple(topic["words"]), topic["reply"]) for topic in settings.get("blocked_topics", ())
        ),
        hours=_one_of(Hours, settings.get("hours"), Hours.ALWAYS),
        ready=tuple(one for one in Ready if one in settings.get("ready", Persona.ready)),
        rules=tuple(
            Rule(rule["name"], tuple(rule["words"]), _one_of(Act, rule["act"], Act.HAND_OFF), rule["reply"])
            for rule in settings.get("rules", ())
        ),
        asks_provider=bool(settings.get("asks_provider", False)),
    )


def digest(*parts: Any) -> str:
    """Names exactly these values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


_Value = TypeVar("_Value", bound=StrEnum)


def _one_of(kind: type[_Value], value: Any, default: _Value) -> _Value:
    return kind(value) if value in list(kind) else default
