"""The adapters that speak with a server that plays every provider, and what is heard from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from ai.providers.anthropic import Anthropic
from ai.providers.base import ChatRequest, Delta, Done, Event, Message, Timeouts, Usage
from ai.providers.gemini import Gemini
from ai.providers.ollama import Ollama
from ai.providers.openai_style import Groq, OpenAI, OpenAIStyle, OpenRouter
from ai.providers.speaking import HttpProvider

KEY = "sk-secret-0123456789"
PATHS: dict[type[HttpProvider], str] = {
    OpenAI: "/openai/v1",
    OpenRouter: "/openrouter/api/v1",
    Groq: "/groq/openai/v1",
    OpenAIStyle: "/v1",
    Anthropic: "",
    Gemini: "/v1beta",
    Ollama: "",
}
# Nothing here waits that long; a busy machine may.
PATIENT = Timeouts(connect=10, first_token=10, between_tokens=10, total=30)


@dataclass
class Heard:
    """An answer, taken apart."""

    text: str = ""
    pieces: int = 0
    usage: Usage = field(default_factory=Usage)
    stop: str = ""

    def take(self, event: Event) -> None:
        match event:
            case Delta():
                self.text += event.text
                self.pieces += 1
            case Usage():
                self.usage = self.usage.updated(event)
            case Done():
                assert not self.stop, "an answer ends once"
                self.stop = event.stop_reason


async def listen(events: AsyncIterator[Event], heard: Heard | None = None) -> Heard:
    heard = heard or Heard()
    async for event in events:
        heard.take(event)
    return heard


def question(fault: str = "ok", *, timeouts: Timeouts = PATIENT, max_tokens: int = 50, **more: object) -> ChatRequest:
    return ChatRequest(
        messages=(Message("user", "ร้านเปิดกี่โมง"),),
        system="You are kind.",
        model=f"fault-{fault}",
        max_tokens=max_tokens,
        timeouts=timeouts,
        **more,  # type: ignore[arg-type]
    )
