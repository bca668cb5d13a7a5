"""A provider of language models on this machine: four wire formats, every fault, chunk by chunk.

    python -m tests.fakes.ai_server --port 8099 --pause 0.02

OpenAI's format is under any path that ends in `/chat/completions` (with OpenRouter's or Groq's ways if `openrouter` or
`groq` stands in it), Anthropic's under `/v1/messages`, Gemini's under `…:streamGenerateContent`, Ollama's under
`/api/chat`; under `/moderations` a text is judged. What goes wrong the model's name says (`fault-429`), or a header
`X-Fault: 429`; see `FAULTS`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

ANSWER = ["สวัสดี", "ค่ะ ", "ร้านเปิด ", "9:00–18:00 ", "ทุกวัน. ", "We are ", "open ", "daily."]
TOKENS_IN, CACHED, COST = 42, 10, 0.000123
FAULTS = {
    "ok",
    "401",
    "402",
    "403",
    "403-moderation",
    "404",
    "400",
    "429",
    "429-after",  # Retry-After: 7
    "498",
    "500",
    "500-once",  # and the next request is answered
    "503-after",
    "529",
    "no-quota",  # 429 whose words say that there is no money
    "html",
    "redirect",
    "refuse",  # hangs up before it answers
    "stall-before",
    "stall-during",
    "cut",
    "cut-thai",  # in the middle of a character
    "cut-at-once",
    "error-first",  # in the stream, before any text
    "error-in-stream",
    "garbage",
    "no-usage",
    "endless",
    "flood",  # bytes that are no text
    "empty",
    "thinking",  # nothing but thoughts
    "refusal",
    "length",
    "slow-first",
    "comments",  # for ever: alive, and silent
    "no-stream",  # one document
    "bytes",  # byte by byte
}
LEAST_DELAY = 0.3
MODELS = ["small-1", "large-1"]
MODERATION = "omni-moderation-latest"


@dataclass
class Asked:
    """A request as it came. `hung_up` is set when its sender left before the answer's end."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def model(self) -> str:
        named = re.search(r"/models/([^:]+):", unquote(self.path))
        return named[1] if named else str(self.body.get("model", ""))

    @property
    def fault(self) -> str:
        found = self.headers.get("x-fault") or self.model.rpartition("fault-")[2]
        return found if found in FAULTS else "ok"


class Gone(Exception):
    """Whoever asked has left."""


class AiServer:
    """`asked` holds every request in order, `answering` counts those under way. `answer` makes the pieces of an answer;
    `first_byte` and `pause` are waits in seconds before the first and between two of them. `moderates` says "flagged",
    "fine" or the name of a fault."""

    def __init__(
        self,
        *,
        port: int = 0,
        first_byte: float = 0.0,
        pause: float = 0.0,
        answer: Callable[[Asked], list[str]] = lambda asked: ANSWER,
        moderates: Callable[[Asked], str] = lambda asked: "fine",
    ) -> None:
        self.moderates = moderates
        self.port, self.first_byte, self.pause, self.answer = port, first_byte, pause, answer
        self.asked: list[Asked] = []
        self.connections = self.answering = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[Any]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> AiServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.connections += 1
        try:
            while (asked := await _request(reader)) is not None:
                self.asked.append(asked)
                self.answering += 1
                try:
                    await _Answering(self, asked, reader, writer).run()
                finally:
                    self.answering -= 1
        except (Gone, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    head = await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""
    if not head:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    text = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method, path, headers, json.loads(text) if text else {})


# --- Wire formats -----------------------------------------------------------------------------------------------------


class OpenAI:
    kind = "text/event-stream"

    def __init__(self, asked: Asked) -> None:
        self.is_router, self.is_groq = "openrouter" in asked.path, "groq" in asked.path

    def begin(self) -> list[bytes]:
        comment = [b": OPENROUTER PROCESSING\n\n"] if self.is_router else []
        return [*comment, self._chunk({"role": "assistant", "content": ""})]

    def piece(self, text: str) -> bytes:
        return self._chunk({"content": text})

    def thought(self, text: str) -> bytes:
        return self._chunk({"reasoning": text, "reasoning_content": text})

    def end(self, reason: str, tokens: int | None) -> list[bytes]:
        names = {"end": "stop", "length": "length", "refusal": "content_filter"}
        last = {"choices": [{"index": 0, "delta": {}, "finish_reason": names[reason]}]}
        usage = {"prompt_tokens": TOKENS_IN, "completion_tokens": tokens}
        usage = {**usage, "prompt_tokens_details": {"cached_tokens": CACHED}}
        if self.is_groq and tokens is not None:
            last = {**last, "x_groq": {"id": "req_1", "usage": usage}}
        chunks = [sse(last)]
        if tokens is not None and not self.is_groq:
            chunks.append(sse({"choices": [], "usage": {**usage, "cost": COST} if self.is_router else usage}))
        return [*chunks, b"data: [DONE]\n\n"]

    def comment(self) -> bytes:
        return b": still here\n\n"

    def error(self, status: int, text: str) -> dict[str, Any]:
        words = {401: "invalid_api_key", 404: "model_not_found", 500: "server_error"}
        if text == "no-quota":
            return {"error": {"message": text, "type": "insufficient_quota", "code": "insufficient_quota"}}
        if text == "403-moderation":
            return {"error": {"message": text, "code": 403, "metadata": {"reasons": ["x"], "flagged_input": "y"}}}
        return {"error": {"message": text, "code": status if self.is_router else words.get(status)}}

    def in_stream(self, text: str) -> bytes:
        return sse({"error": {"message": text, "code": 502}, "choices": [{"delta": {}, "finish_reason": "error"}]})

    def document(self, text: str, tokens: int) -> dict[str, Any]:
        usage = {"prompt_tokens": TOKENS_IN, "completion_tokens": tokens}
        return {"choices": [{"message": {"content": text}, "finish_reason": "stop"}], "usage": usage}

    def _chunk(self, delta: dict[str, Any]) -> bytes:
        return sse({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})


class Anthropic:
    kind = "text/event-stream"

    def __init__(self, asked: Asked) -> None: ...

    def begin(self) -> list[bytes]:
        usage = {"input_tokens": TOKENS_IN - CACHED, "cache_read_input_tokens": CACHED, "output_tokens": 1}
        block = {"type": "thinking", "thinking": ""}
        thought = {"type": "thinking_delta", "thinking": "a thought"}
        return [
            named({"type": "message_start", "message": {"role": "assistant", "usage": usage}}),
            named({"type": "content_block_start", "index": 0, "content_block": block}),
            named({"type": "content_block_delta", "index": 0, "delta": thought}),
            named({"type": "ping"}),
            named({"type": "content_block_stop", "index": 0}),
            named({"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}}),
        ]

    def piece(self, text: str) -> bytes:
        return named({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": text}})

    def thought(self, text: str) -> bytes:
        return named({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": text}})

    def end(self, reason: str, tokens: int | None) -> list[bytes]:
        names = {"end": "end_turn", "length": "max_tokens", "refusal": "refusal"}
        usage = {} if tokens is None else {"usage": {"output_tokens": tokens}}
        return [
            named({"type": "content_block_stop", "index": 1}),
            named({"type": "message_delta", "delta": {"stop_reason": names[reason]}, **usage}),
            named({"type": "message_stop"}),
        ]

    def comment(self) -> bytes:
        return named({"type": "ping"})

    def error(self, status: int, text: str) -> dict[str, Any]:
        if text == "no-quota":
            details = {"error_code": "enforced_spend_limit_reached"}
            return {"type": "error", "error": {"type": "rate_limit_error", "message": text, "details": details}}
        return {"type": "error", "error": {"type": "some_error", "message": text}}

    def in_stream(self, text: str) -> bytes:
        return named({"type": "error", "error": {"type": "overloaded_error", "message": text}})


class Gemini:
    kind = "text/event-stream"

    def __init__(self, asked: Asked) -> None: ...

    def begin(self) -> list[bytes]:
        return []

    def piece(self, text: str) -> bytes:
        return sse({"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}}]})

    def thought(self, text: str) -> bytes:
        return sse({"candidates": [{"content": {"role": "model", "parts": [{"text": text, "thought": True}]}}]})

    def end(self, reason: str, tokens: int | None) -> list[bytes]:
        names = {"end": "STOP", "length": "MAX_TOKENS", "refusal": "SAFETY"}
        counts = {"promptTokenCount": TOKENS_IN, "cachedContentTokenCount": CACHED, "candidatesTokenCount": tokens}
        usage = {} if tokens is None else {"usageMetadata": counts}
        return [sse({"candidates": [{"content": {"parts": []}, "finishReason": names[reason]}], **usage})]

    def comment(self) -> bytes:
        return b": still here\n\n"

    def error(self, status: int, text: str) -> dict[str, Any]:
        details: list[dict[str, Any]] = [{"@type": "google.rpc.ErrorInfo", "reason": "SOME"}]
        if text == "429-after":
            details.append({"@type": "google.rpc.RetryInfo", "retryDelay": "7s"})
        return {"error": {"code": status, "message": text, "status": "SOME", "details": details}}

    def in_stream(self, text: str) -> bytes:
        return sse({"error": {"code": 503, "message": text, "status": "UNAVAILABLE"}})


class Ollama:
    kind = "application/x-ndjson"

    def __init__(self, asked: Asked) -> None: ...

    def begin(self) -> list[bytes]:
        return []

    def piece(self, text: str) -> bytes:
        return line({"message": {"role": "assistant", "content": text}, "done": False})

    def thought(self, text: str) -> bytes:
        return line({"message": {"role": "assistant", "content": "", "thinking": text}, "done": False})

    def end(self, reason: str, tokens: int | None) -> list[bytes]:
        counts = {} if tokens is None else {"prompt_eval_count": TOKENS_IN, "eval_count": tokens}
        why = "length" if reason == "length" else "stop"
        return [line({"message": {"content": ""}, "done": True, "done_reason": why, **counts})]

    def comment(self) -> bytes:
        return line({"message": {"role": "assistant", "content": ""}, "done": False})

    def error(self, status: int, text: str) -> dict[str, Any]:
        return {"error": text}

    def in_stream(self, text: str) -> bytes:
        return line({"error": text})


Format = OpenAI | Anthropic | Gemini | Ollama


def sse(data: dict[str, Any]) -> bytes:
    return b"data: " + _json(data) + b"\n\n"


def named(data: dict[str, Any]) -> bytes:
    return b"event: " + data["type"].encode() + b"\n" + sse(data)


def line(data: dict[str, Any]) -> bytes:
    return _json(data) + b"\n"


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def format_of(asked: Asked) -> Format:
    path = asked.path.partition("?")[0]
    ways: dict[str, type[Any]] = {"/messages": Anthropic, ":streamGenerateContent": Gemini, "/api/chat": Ollama}
    kind = next((kind for end, kind in ways.items() if path.endswith(end)), OpenAI)
    return kind(asked)


# --- Answers ----------------------------------------------------------------------------------------------------------


class _Answering:
    def __init__(
        self, server: AiServer, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.asked, self.reader, self.writer = server, asked, reader, writer
        self.speaks = format_of(asked)
        self.fault = asked.fault
        if self.fault == "500-once":
            before = [one for one in server.asked if one.model == asked.model]
            self.fault = "500" if len(before) == 1 else "ok"

    async def run(self) -> None:
        """Notices when whoever asked hangs up, whatever is being done."""
        answer = asyncio.ensure_future(self._answer())
        leaving = asyncio.ensure_future(self._left())
        try:
            await asyncio.wait({answer, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                self.asked.hung_up.set()
                raise Gone
            await answer
        except ConnectionError:
            self.asked.hung_up.set()
            raise
        finally:
            for task in (answer, leaving):
                task.cancel()
            await asyncio.gather(answer, leaving, return_exceptions=True)

    async def _left(self) -> None:
        """Nobody sends a second request before the first is answered."""
        while not self.reader.at_eof():
            await asyncio.sleep(0.01)

    async def _answer(self) -> None:
        if self.asked.path.endswith("/moderations"):
            self.fault = self.server.moderates(self.asked)
        if self.asked.method == "GET":
            await self._list()
        elif self.fault in {"flagged", "fine"}:
            results = [{"flagged": self.fault == "flagged", "categories": {}, "category_scores": {}}]
            await self._plain(200, _json({"id": "modr-1", "model": MODERATION, "results": results}), "application/json")
        elif self.fault == "refuse":
            raise Gone
        elif self.fault == "redirect":
            await self._plain(302, b"", "text/plain", Location="http://127.0.0.1:1/elsewhere")
        elif self.fault == "html":
            await self._plain(200, b"<html><body>Sign in to this network</body></html>", "text/html; charset=utf-8")
        elif self.fault == "no-stream" and isinstance(self.speaks, OpenAI):
            document = self.speaks.document("".join(ANSWER), len(ANSWER))
            await self._plain(200, _json(document), "application/json")
        elif status := re.match(r"(4\d\d|5\d\d)|no-quota", self.fault):
            await self._refuse(int(status[1] or 429))
        else:
            await self._stream()

    async def _list(self) -> None:
        """Of models; wrong keys are known by their text."""
        if "wrong" in " ".join(self.asked.headers.values()):
            await self._refuse(401)
            return
        data = [{"id": name} for name in MODELS]
        models = [{"name": f"models/{name}" if "v1beta" in self.asked.path else name} for name in MODELS]
        await self._plain(200, _json({"data": data, "models": models}), "application/json")

    async def _refuse(self, status: int) -> None:
        """As real ones do, it quotes the key."""
        key = self.asked.headers.get("authorization") or self.asked.headers.get("x-api-key") or ""
        words = self.fault if status != 401 else f"Incorrect API key provided: {key}"
        after = {"Retry-After": "7"} if self.fault.endswith("-after") and not isinstance(self.speaks, Gemini) else {}
        await self._plain(status, _json(self.speaks.error(status, words)), "application/json", **after)

    async def _plain(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Some", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await self.writer.drain()

    async def _stream(self) -> None:
        if self.fault == "stall-before":
            await asyncio.sleep(3600)
        await asyncio.sleep(max(self.server.first_byte, LEAST_DELAY if self.fault == "slow-first" else 0))
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {self.speaks.kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.writer.write(head.encode())
        async for chunk in self._chunks():
            for part in self._parts(chunk):
                self.writer.write(b"%x\r\n%s\r\n" % (len(part), part))
                await self.writer.drain()
                if self.fault == "bytes":
                    await asyncio.sleep(0)
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    def _parts(self, chunk: bytes) -> list[bytes]:
        return [chunk[at : at + 1] for at in range(len(chunk))] if self.fault == "bytes" else [chunk]

    async def _chunks(self) -> AsyncIterator[bytes]:
        for chunk in self.speaks.begin():
            yield chunk
        pieces = self.server.answer(self.asked)
        at_once = {"cut-at-once", "error-first", "empty", "thinking", "refusal", "comments", "flood", "garbage"}
        for number, text in enumerate([] if self.fault in at_once else pieces):
            yield self.speaks.piece(text)
            await asyncio.sleep(self.server.pause)
            if number == 1:
                async for chunk in self._interrupted(text):
                    yield chunk
        async for chunk in self._instead():
            yield chunk
        reason = self.fault if self.fault in {"refusal", "length"} else "end"
        tokens = None if self.fault == "no-usage" else len(pieces)
        for chunk in self.speaks.end(reason, tokens):
            yield chunk

    async def _interrupted(self, text: str) -> AsyncIterator[bytes]:
        """After the second piece."""
        if self.fault == "stall-during":
            await asyncio.sleep(3600)
        elif self.fault == "cut":
            raise Gone
        elif self.fault == "cut-thai":
            chunk = self.speaks.piece("ก")
            yield chunk[: chunk.index("ก".encode()) + 2]
            raise Gone
        elif self.fault == "error-in-stream":
            yield self.speaks.in_stream("it broke")
            raise Gone
        while self.fault == "endless":
            yield self.speaks.piece(text)
            await asyncio.sleep(0)

    async def _instead(self) -> AsyncIterator[bytes]:
        """Of any text."""
        if self.fault == "cut-at-once":
            raise Gone
        if self.fault == "error-first":
            yield self.speaks.in_stream("it broke")
            raise Gone
        if self.fault == "garbage":
            yield b"data: {not json\n\n"
        if self.fault == "thinking":
            yield self.speaks.thought("a long thought")
        while self.fault == "comments":
            yield self.speaks.comment()
            await asyncio.sleep(0.02)
        while self.fault == "flood":
            yield b"x" * 65536


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--first-byte", type=float, default=0.0)
    parser.add_argument("--pause", type=float, default=0.02)
    parser.add_argument("--answer", default="", help="instead of the usual one; in pieces at each space")
    options = parser.parse_args()
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    answer = re.findall(r"\S+\s*", options.answer) or ANSWER
    waits = {"first_byte": options.first_byte, "pause": options.pause}
    async with AiServer(port=options.port, answer=lambda asked: answer, **waits) as server:
        print(server.url, flush=True)
        await ended.wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
