"""What every provider understands: a request, the events of an answer, how long each wait may take."""

from __future__ import annotations

import abc
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from typing import Literal

from ai.providers.errors import (
    AuthFailed,
    BadAnswer,
    BadRequest,
    ModelMissing,
    NoCredit,
    Overloaded,
    ProviderError,
    RateLimited,
    StreamBroken,
    Timeout,
    Unreachable,
)

__all__ = [
    "AuthFailed",
    "BadAnswer",
    "BadRequest",
    "ChatRequest",
    "Delta",
    "Done",
    "Event",
    "Message",
    "ModelMissing",
    "NoCredit",
    "Overloaded",
    "Provider",
    "ProviderError",
    "RateLimited",
    "StreamBroken",
    "Timeout",
    "Timeouts",
    "Unreachable",
    "Usage",
]

# Why an answer ended. "length": there would have been more; whoever shows it says so.
END, LENGTH, REFUSAL = "end", "length", "refusal"
# No text has that many: whoever writes more does not keep to `max_tokens` and is stopped.
CHARACTERS_PER_TOKEN = 8


@dataclass(frozen=True)
class Message:
    role: Literal["user", "assistant"]
    text: str = field(repr=False)


@dataclass(frozen=True)
class Timeouts:
    """Seconds. `between_tokens` counts from one text to the next: a line that says "still here" is none."""

    connect: float = 3.0
    first_token: float = 8.0
    between_tokens: float = 15.0
    total: float = 60.0

    def within(self, seconds: float) -> Timeouts:
        """The smaller of each wait and of what is left."""
        return Timeouts(
            *(min(one, seconds) for one in (self.connect, self.first_token, self.between_tokens, self.total))
        )


@dataclass(frozen=True)
class ChatRequest:
    """`temperature` is sent to models that take one and left out for all others. Without `timeouts` those of the
    provider hold."""

    # Not shown: what visitors write does not belong into logs.
    messages: tuple[Message, ...] = field(repr=False)
    system: str = field(default="", repr=False)
    model: str = ""
    max_tokens: int = 600
    temperature: float | None = None
    timeouts: Timeouts | None = None

    @property
    def most_characters(self) -> int:
        return self.max_tokens * CHARACTERS_PER_TOKEN

    @property
    def turns(self) -> list[Message]:
        """For those who want the two sides in turn, beginning with the visitor: a greeting before that is left out."""
        turns: list[Message] = []
        for message in self.messages:
            if turns and turns[-1].role == message.role:
                turns[-1] = Message(message.role, f"{turns[-1].text}\n\n{message.text}")
            elif turns or message.role == "user":
                turns.append(message)
        return turns

    def to(self, model: str, timeouts: Timeouts) -> ChatRequest:
        return replace(self, model=model, timeouts=timeouts)


@dataclass(frozen=True)
class Delta:
    text: str


@dataclass(frozen=True)
class Usage:
    """None: the provider did not say, so whoever needs it estimates. May come more than once; the last word counts.

    `cached_in` is the part of `tokens_in` that was read from the provider's cache. Money only where the provider
    itself names it.
    """

    tokens_in: int | None = None
    tokens_out: int | None = None
    cached_in: int | None = None
    cost_microusd: int | None = None

    def updated(self, later: Usage) -> Usage:
        return Usage(*(old if new is None else new for old, new in zip(self.parts, later.parts, strict=True)))

    @property
    def parts(self) -> tuple[int | None, ...]:
        return self.tokens_in, self.tokens_out, self.cached_in, self.cost_microusd


@dataclass(frozen=True)
class Done:
    stop_reason: str = END


Event = Delta | Usage | Done


class Provider(abc.ABC):
    """`name` is what ledger and breaker know it by."""

    name: str = ""
    timeouts = Timeouts()

    @abc.abstractmethod
    def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Text as it comes, then `Usage` and `Done`. An answer that does not end in `Done` raises a `ProviderError`.
        Closing the generator hangs up."""

    async def check(self) -> None:
        """Raise what a request would raise; cost nothing."""
        await self.models()

    async def models(self) -> list[str]:
        return []
