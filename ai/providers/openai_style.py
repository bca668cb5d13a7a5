"""OpenAI's chat completions, and all who speak like it: OpenRouter, Groq, and what calls itself compatible."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ai.providers import anthropic, web
from ai.providers.base import END, LENGTH, REFUSAL, ChatRequest, Timeouts, Usage
from ai.providers.errors import (
    AuthFailed,
    BadRequest,
    ModelMissing,
    NoCredit,
    Overloaded,
    ProviderError,
    RateLimited,
    StreamBroken,
)
from ai.providers.speaking import HttpProvider, Reading, as_error, by_status, count, ill_formed, text_of

MODERATION = "omni-moderation-latest"
# A visitor waits for it, and then for a model.
FOR_MODERATION = Timeouts(connect=2.0, first_token=2.0, between_tokens=2.0, total=2.0)
STOPS = {"length": LENGTH, "content_filter": REFUSAL}
# What they mean whatever the status says.
WORDS: dict[str, type[ProviderError]] = {
    "insufficient_quota": NoCredit,
    "billing_hard_limit_reached": NoCredit,
    "invalid_api_key": AuthFailed,
    "model_not_found": ModelMissing,
    "model_decommissioned": ModelMissing,
}
# And what only counts where there is no status.
WORDS_IN_STREAMS: dict[str, type[ProviderError]] = {
    **WORDS,
    "rate_limit_exceeded": RateLimited,
    "server_error": Overloaded,
    "context_length_exceeded": BadRequest,
}
# These refuse a request that says how much they may vary.
_WITHOUT_TEMPERATURE = re.compile(r"(o\d|gpt-[5-9](?!\d))")
# An error inside a stream without a status of its own.
_NO_STATUS = 0


def takes_temperature(model: str) -> bool:
    """OpenRouter puts the maker before the name."""
    name = model.rpartition("/")[2]
    return anthropic.takes_temperature(name) if "claude" in name else not _WITHOUT_TEMPERATURE.match(name)


class OpenAIStyle(HttpProvider):
    """Any server with a base address of its own, as `…/v1`."""

    name = "compatible"
    list_path = "/models"
    limit_field = "max_tokens"

    def path(self, request: ChatRequest) -> str:
        return "/chat/completions"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def body(self, request: ChatRequest) -> dict[str, Any]:
        system = [{"role": "system", "content": request.system}] if request.system else []
        body: dict[str, Any] = {
            "model": request.model,
            "messages": system + [{"role": one.role, "content": one.text} for one in request.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            self.limit_field: request.max_tokens,
        }
        if request.temperature is not None and takes_temperature(request.model):
            body["temperature"] = request.temperature
        return body

    def reading(self) -> Reading:
        return _Reading(self)

    def names(self, listed: dict[str, Any]) -> list[str]:
        return [str(one["id"]) for one in listed["data"]]

    def refusal(self, status: int, error: Mapping[str, Any], retry_after: float | None) -> ProviderError:
        words = WORDS if status else WORDS_IN_STREAMS
        for word in (error.get("code"), error.get("type")):
            if isinstance(word, str) and word in words:
                return words[word](status=status or None, retry_after=retry_after)
        return by_status(status, retry_after) if status else StreamBroken("error_in_stream")


class OpenAI(OpenAIStyle):
    name = "openai"
    limit_field = "max_completion_tokens"

    async def objects(self, text: str) -> bool:
        """Whether its moderation, which costs nothing, finds something in a text."""
        body = {"model": MODERATION, "input": text}
        question = web.Question("POST", "/moderations", self._headers(), body)
        async with web.asked(self._way, question, web.Pace(FOR_MODERATION)) as answer:
            await self._welcome(answer)
            with ill_formed():
                return web.parsed(await answer.body(web.LONGEST_LINE))["results"][0]["flagged"] is True


class Groq(OpenAIStyle):
    name = "groq"
    limit_field = "max_completion_tokens"


class OpenRouter(OpenAIStyle):
    name = "openrouter"

    def body(self, request: ChatRequest) -> dict[str, Any]:
        return {**super().body(request), "usage": {"include": True}}

    def headers(self) -> dict[str, str]:
        return {**super().headers(), "X-Title": "MiniChat"}

    async def check(self) -> None:
        """Its list of models is public; this asks whose key it is."""
        await self._get("/key")

    def refusal(self, status: int, error: Mapping[str, Any], retry_after: float | None) -> ProviderError:
        """403 with more to say: moderation or a guardrail did not like the text, and settings are no help there."""
        if status == 403 and error.get("metadata"):
            return BadRequest(status=status)
        return super().refusal(status, error, retry_after)


class _Reading(Reading):
    def __init__(self, provider: OpenAIStyle) -> None:
        super().__init__()
        self._provider = provider

    def feed(self, data: dict[str, Any]) -> str:
        if data.get("error"):
            raise self._error(as_error(data["error"]))
        self._count(data.get("usage") or (data.get("x_groq") or {}).get("usage") or {})
        # The piece with the counts has none.
        return self._choice(data["choices"][0]) if data.get("choices") else ""

    def _choice(self, choice: dict[str, Any]) -> str:
        said = choice.get("delta") or choice.get("message") or {}
        reason = choice.get("finish_reason")
        if reason == "error":
            raise StreamBroken("error_in_stream")
        if reason:
            self.stop = STOPS.get(reason, END)
        if said.get("refusal"):
            self.stop = REFUSAL
        return text_of(said.get("content"))

    def _count(self, usage: dict[str, Any]) -> None:
        cost = usage.get("cost")
        self.usage = self.usage.updated(
            Usage(
                tokens_in=count(usage.get("prompt_tokens")),
                tokens_out=count(usage.get("completion_tokens")),
                cached_in=count((usage.get("prompt_tokens_details") or {}).get("cached_tokens")),
                cost_microusd=None if cost is None else round(Decimal(str(cost)) * 1_000_000),
            )
        )

    def _error(self, error: Mapping[str, Any]) -> ProviderError:
        status = count(error.get("code")) or _NO_STATUS
        return self._provider.refusal(status if 400 <= status < 600 else _NO_STATUS, error, None)
