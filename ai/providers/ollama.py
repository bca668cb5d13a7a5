"""Ollama's own `/api/chat`: only there can the size of the context be set, and the default cuts prompts silently."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from ai.providers import web
from ai.providers.base import END, LENGTH, ChatRequest, Timeouts, Usage
from ai.providers.errors import StreamBroken
from ai.providers.speaking import HttpProvider, Reading, count, text_of

CONTEXT = 8192
KEEP_ALIVE = "10m"


class Ollama(HttpProvider):
    """Nothing but these two paths of it is ever asked (SR-55)."""

    name = "ollama"
    list_path = "/api/tags"
    # A model that nobody has used for a while is loaded first.
    timeouts = Timeouts(first_token=30.0)
    context = CONTEXT

    def path(self, request: ChatRequest) -> str:
        return "/api/chat"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def body(self, request: ChatRequest) -> dict[str, Any]:
        options: dict[str, Any] = {"num_ctx": self.context, "num_predict": request.max_tokens}
        if request.temperature is not None:
            options["temperature"] = request.temperature
        system = [{"role": "system", "content": request.system}] if request.system else []
        messages = system + [{"role": one.role, "content": one.text} for one in request.messages]
        return {
            "model": request.model,
            "messages": messages,
            "stream": True,
            "options": options,
            "keep_alive": KEEP_ALIVE,
            # Those that can think do unless they are told not to, while a visitor waits; the others do not mind.
            "think": False,
        }

    def pieces(self, answer: web.Answer) -> AsyncGenerator[bytes, None]:
        return _lines(answer)

    def reading(self) -> Reading:
        return _Reading()

    def names(self, listed: dict[str, Any]) -> list[str]:
        return [str(one["name"]) for one in listed["models"]]


async def _lines(answer: web.Answer) -> AsyncGenerator[bytes, None]:
    async for line in answer.lines():
        if line:
            yield line


class _Reading(Reading):
    def __init__(self) -> None:
        super().__init__()
        # It runs on a machine of one's own.
        self.usage = Usage(cost_microusd=0)

    def feed(self, data: dict[str, Any]) -> str:
        if data.get("error"):
            raise StreamBroken("error_in_stream")
        if data.get("done"):
            self._end(data)
        return text_of((data.get("message") or {}).get("content"))

    def _end(self, data: dict[str, Any]) -> None:
        self.stop = LENGTH if data.get("done_reason") == "length" else END
        self.is_over = True
        self.usage = self.usage.updated(Usage(count(data.get("prompt_eval_count")), count(data.get("eval_count"))))
