"""Google's Gemini, through its own `streamGenerateContent`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ai.providers import web
from ai.providers.base import END, LENGTH, REFUSAL, ChatRequest, Usage
from ai.providers.errors import AuthFailed, ProviderError, StreamBroken
from ai.providers.speaking import HttpProvider, Reading, as_error, by_status, count, text_of, total

STOPS = {"STOP": END, "MAX_TOKENS": LENGTH}
ROLES = {"user": "user", "assistant": "model"}
PREFIX = "models/"


class Gemini(HttpProvider):
    """The key goes into a header: an address would be logged with it."""

    name = "gemini"
    list_path = "/models?pageSize=1000"

    def path(self, request: ChatRequest) -> str:
        return f"/models/{quote(request.model.removeprefix(PREFIX), safe='')}:streamGenerateContent?alt=sse"

    def headers(self) -> dict[str, str]:
        return {"x-goog-api-key": self._key}

    def body(self, request: ChatRequest) -> dict[str, Any]:
        config: dict[str, Any] = {"maxOutputTokens": request.max_tokens}
        if request.temperature is not None:
            config["temperature"] = request.temperature
        contents = [{"role": ROLES[one.role], "parts": [{"text": one.text}]} for one in request.turns]
        system = {"systemInstruction": {"parts": [{"text": request.system}]}} if request.system else {}
        return {"contents": contents, "generationConfig": config, **system}

    def reading(self) -> Reading:
        return _Reading(self)

    def names(self, listed: dict[str, Any]) -> list[str]:
        return [
            str(one["name"]).removeprefix(PREFIX)
            for one in listed["models"]
            if "generateContent" in one.get("supportedGenerationMethods", ["generateContent"])
        ]

    def refusal(self, status: int, error: Mapping[str, Any], retry_after: float | None) -> ProviderError:
        """A wrong key is a bad request here, and the time to wait stands in the body."""
        details = [as_error(one) for one in error.get("details") or [] if isinstance(one, dict)]
        if any(one.get("reason") == "API_KEY_INVALID" for one in details):
            return AuthFailed(status=status)
        delays = [web.seconds_of(text_of(one.get("retryDelay"))) for one in details if one.get("retryDelay")]
        return by_status(status, retry_after if retry_after is not None else next(iter(delays), None))


class _Reading(Reading):
    def __init__(self, provider: Gemini) -> None:
        super().__init__()
        self._provider = provider

    def feed(self, data: dict[str, Any]) -> str:
        if data.get("error"):
            raise self._error(as_error(data["error"]))
        self._count(data.get("usageMetadata") or {})
        if (data.get("promptFeedback") or {}).get("blockReason"):
            self.stop = REFUSAL
        return "".join(self._candidate(one) for one in (data.get("candidates") or [])[:1])

    def _candidate(self, candidate: dict[str, Any]) -> str:
        reason = candidate.get("finishReason")
        if reason:
            # All others name a filter.
            self.stop = STOPS.get(reason, REFUSAL)
        parts = (candidate.get("content") or {}).get("parts") or []
        return "".join(text_of(part.get("text")) for part in parts if not part.get("thought"))

    def _count(self, usage: dict[str, Any]) -> None:
        self.usage = self.usage.updated(
            Usage(
                tokens_in=count(usage.get("promptTokenCount")),
                tokens_out=total(usage.get("candidatesTokenCount"), usage.get("thoughtsTokenCount")),
                cached_in=count(usage.get("cachedContentTokenCount")),
            )
        )

    def _error(self, error: Mapping[str, Any]) -> ProviderError:
        status = count(error.get("code")) or 0
        return self._provider.refusal(status, error, None) if status >= 400 else StreamBroken("error_in_stream")
