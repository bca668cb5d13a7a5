"""Which providers there are, and where."""

from __future__ import annotations

from django.conf import settings

from ai.providers.anthropic import Anthropic
from ai.providers.gemini import Gemini
from ai.providers.ollama import Ollama
from ai.providers.openai_style import Groq, OpenAI, OpenAIStyle, OpenRouter
from ai.providers.speaking import HttpProvider

KINDS: dict[str, type[HttpProvider]] = {
    kind.name: kind for kind in (OpenAI, OpenRouter, Groq, Anthropic, Gemini, Ollama, OpenAIStyle)
}
# The one whose address a workspace types.
COMPATIBLE = OpenAIStyle.name


class NotOffered(LookupError):
    """There is no such provider in this installation."""


def offered() -> list[str]:
    return [name for name in KINDS if name == COMPATIBLE or settings.AI_ADDRESSES.get(name)]


def provider(kind: str, *, key: str = "", address: str = "") -> HttpProvider:
    """`address` is what a workspace has typed, and counts for `COMPATIBLE` alone: a key never goes to another place
    than the one it is for (SR-55)."""
    if kind not in offered():
        raise NotOffered(kind)
    if kind == COMPATIBLE:
        return OpenAIStyle(key=key, address=address, is_typed=True)
    return KINDS[kind](key=key, address=settings.AI_ADDRESSES[kind])
