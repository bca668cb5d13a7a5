"""What the rules of a workspace say to a text: of a visitor's, before anything is done with it, and of a model's before
it is said."""

from __future__ import annotations

from ai import ready
from ai.cleaning import masked, plain
from ai.knowledge.terms import language_of
from ai.persona import Act, Persona, Ready, Rule
from ai.phrases import stands_in_any

STRICTEST_FIRST = (Act.HAND_OFF, Act.REPLY)


def ruling(text: str, persona: Persona) -> Rule | None:
    """The rule that decides what is done with it: one that calls for a person before one with a sentence of its own."""
    found = _broken(text, persona)
    return next((rule for act in STRICTEST_FIRST for rule in found if rule.act == act), None)


def marks(text: str, persona: Persona) -> list[str]:
    """The names of the rules that only mark a conversation."""
    return [rule.name for rule in _broken(text, persona) if rule.act == Act.MARK]


def for_models(text: str, persona: Persona) -> str:
    """What a model is given of a text that a person wrote."""
    text = plain(text)
    return masked(text).text if Ready.NUMBERS in persona.ready else text


def _broken(text: str, persona: Persona) -> list[Rule]:
    """Signs that nobody sees, and markup, hide no word."""
    text = plain(text)
    every = (*ready.rules(persona, language_of(text)), *persona.rules)
    return [rule for rule in every if stands_in_any(text, rule.words)]
