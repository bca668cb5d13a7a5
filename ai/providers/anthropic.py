"""Anthropic's Messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ai.providers.base import END, LENGTH, REFUSAL, ChatRequest, Usage
from ai.providers.errors import NoCredit, ProviderError, StreamBroken
from ai.providers.speaking import HttpProvider, Reading, as_error, by_status, count, text_of, total

VERSION = "2023-06-01"
STOPS = {"max_tokens": LENGTH, "model_context_window_exceeded": LENGTH, "refusal": REFUSAL}
# The models of which we know that they take a temperature; newer ones answer 400. OpenRouter writes 4.5 for 4-5.
_WITH_TEMPERATURE = re.compile(r"claude-(3.*|haiku-4([.-][0-5])?|(opus|sonnet)-4([.-][0-6])?)")
_DATE = re.compile(r"(-\d{8}|-latest|:\w+)$")
SPENT = "enforced_spend_limit_reached"
NO_BALANCE = "Your credit balance is too low"
STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}


def takes_temperature(model: str) -> bool:
    return bool(_WITH_TEMPERATURE.fullmatch(_DATE.sub("", model)))


class Anthropic(HttpProvider):
    name = "anthropic"
    list_path = "/v1/models?limit=1000"

    def path(self, request: ChatRequest) -> str:
        return "/v1/messages"

    def headers(self) -> dict[str, str]:
        return {"x-api-key": self._key, "anthropic-version": VERSION}

    def body(self, request: ChatRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": request.model,
            "max_tokens": request.max_tokens,
            "messages": [{"role": one.role, "content": one.text} for one in request.turns],
            "stream": True,
        }
        if request.system:
            body["system"] = request.system
        if request.temperature is not None and takes_temperature(request.model):
            body["temperature"] = request.temperature
        return body

    def reading(self) -> Reading:
        return _Reading(self)

    def names(self, listed: dict[str, Any]) -> list[str]:
        return [str(one["id"]) for one in listed["data"]]

    def refusal(self, status: int, error: Mapping[str, Any], retry_after: float | None) -> ProviderError:
        """A limit on spending looks like too many requests, and an empty account like a bad one."""
        if as_error(error.get("details")).get("error_code") == SPENT:
            return NoCredit(status=status)
        if status == 400 and text_of(error.get("message")).startswith(NO_BALANCE):
            return NoCredit(status=status)
        return by_status(status, retry_after)


class _Reading(Reading):
    def __init__(self, provider: Anthropic) -> None:
        super().__init__()
        self._provider = provider

    def feed(self, data: dict[str, Any]) -> str:
        match data.get("type"):
            case "content_block_start":
                return text_of(data["content_block"].get("text"))
            case "content_block_delta" if data["delta"].get("type") == "text_delta":
                return text_of(data["delta"].get("text"))
            case "message_start":
                # What a message begins with counts no word of its answer.
                self._count({**(data["message"].get("usage") or {}), "output_tokens": None})
            case "message_delta":
                self._end(data)
            case "message_stop":
                self.is_over = True
            case "error":
                raise self._error(as_error(data.get("error")))
        return ""

    def _end(self, data: dict[str, Any]) -> None:
        reason = data["delta"].get("stop_reason")
        if reason:
            self.stop = STOPS.get(reason, END)
        self._count(data.get("usage") or {})

    def _count(self, usage: dict[str, Any]) -> None:
        """What was read from the cache or written to it is not in `input_tokens`."""
        cached = count(usage.get("cache_read_input_tokens"))
        tokens_in = total(usage.get("input_tokens"), cached, usage.get("cache_creation_input_tokens"))
        self.usage = self.usage.updated(Usage(tokens_in, count(usage.get("output_tokens")), cached))

    def _error(self, error: Mapping[str, Any]) -> ProviderError:
        status = STATUSES.get(text_of(error.get("type")))
        return self._provider.refusal(status, error, None) if status else StreamBroken("error_in_stream")
