"""What each provider is sent, and how its counts are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ai.providers import catalogue
from ai.providers.anthropic import Anthropic
from ai.providers.base import AuthFailed, ChatRequest, Message, Usage
from ai.providers.gemini import Gemini
from ai.providers.ollama import Ollama
from ai.providers.openai_style import Groq, OpenAI, OpenAIStyle, OpenRouter
from ai.providers.speaking import HttpProvider
from ai.tests.speaking import KEY, PATHS, listen, question
from tests.fakes.ai_server import ANSWER, CACHED, MODELS, TOKENS_IN, AiServer

pytestmark = pytest.mark.pure
At = Callable[..., HttpProvider]
TOKENS_OUT = len(ANSWER)


async def sent(provider: HttpProvider, server: AiServer, request: ChatRequest) -> dict[str, Any]:
    await listen(provider.stream(request))
    return server.asked[-1].body


def asking(model: str, **more: Any) -> ChatRequest:
    return replace(question(), model=model, **more)


@pytest.mark.parametrize(
    ("kind", "usage"),
    [
        (OpenAI, Usage(TOKENS_IN, TOKENS_OUT, CACHED, None)),
        (OpenRouter, Usage(TOKENS_IN, TOKENS_OUT, CACHED, 123)),
        (Groq, Usage(TOKENS_IN, TOKENS_OUT, CACHED, None)),
        (Anthropic, Usage(TOKENS_IN, TOKENS_OUT, CACHED, None)),
        (Gemini, Usage(TOKENS_IN, TOKENS_OUT, CACHED, None)),
        (Ollama, Usage(TOKENS_IN, TOKENS_OUT, None, 0)),
    ],
)
async def test_what_it_cost(kind: type[HttpProvider], usage: Usage, at: At) -> None:
    assert (await listen(at(kind).stream(question()))).usage == usage


@pytest.mark.parametrize("kind", PATHS)
async def test_counts_that_do_not_come_are_not_made_up(kind: type[HttpProvider], at: At) -> None:
    assert (await listen(at(kind).stream(question("no-usage")))).usage.tokens_out is None


async def test_anthropic_counts_its_prompt_before_it_answers(at: At) -> None:
    """So that an answer that breaks off has cost something."""
    events = [event async for event in at(Anthropic).stream(question())]
    assert events[0] == Usage(TOKENS_IN, None, CACHED, None)


async def test_openai(at: At, server: AiServer) -> None:
    body = await sent(at(OpenAI), server, question())
    assert body["messages"] == [
        {"role": "system", "content": "You are kind."},
        {"role": "user", "content": "ร้านเปิดกี่โมง"},
    ]
    assert (body["stream"], body["stream_options"]) == (True, {"include_usage": True})
    assert (body["max_completion_tokens"], "max_tokens" in body) == (50, False)
    assert server.asked[-1].headers["authorization"] == f"Bearer {KEY}"


async def test_compatible_servers_know_the_old_name(at: At, server: AiServer) -> None:
    body = await sent(at(OpenAIStyle), server, question())
    assert (body["max_tokens"], "max_completion_tokens" in body) == (50, False)


async def test_a_server_without_a_key(at: At, server: AiServer) -> None:
    await sent(at(OpenAIStyle, key=""), server, question())
    assert "authorization" not in server.asked[-1].headers


async def test_anthropic(at: At, server: AiServer) -> None:
    messages = (Message("assistant", "Hello!"), Message("user", "a"), Message("user", "b"), Message("assistant", "c"))
    body = await sent(at(Anthropic), server, asking("m", messages=(*messages, Message("user", "d"))))
    assert body["system"] == "You are kind."
    assert [(one["role"], one["content"]) for one in body["messages"]] == [
        ("user", "a\n\nb"),
        ("assistant", "c"),
        ("user", "d"),
    ]
    headers = server.asked[-1].headers
    assert (headers["x-api-key"], headers["anthropic-version"]) == (KEY, "2023-06-01")


async def test_gemini(at: At, server: AiServer) -> None:
    body = await sent(at(Gemini), server, asking("models/a b/../c", temperature=0.2))
    assert body["contents"] == [{"role": "user", "parts": [{"text": "ร้านเปิดกี่โมง"}]}]
    assert body["generationConfig"] == {"maxOutputTokens": 50, "temperature": 0.2}
    asked = server.asked[-1]
    assert asked.path == "/v1beta/models/a%20b%2F..%2Fc:streamGenerateContent?alt=sse"
    assert asked.headers["x-goog-api-key"] == KEY and KEY not in asked.path


async def test_ollama(at: At, server: AiServer) -> None:
    body = await sent(at(Ollama, key=""), server, question(temperature=0.1))
    assert body["options"] == {"num_ctx": 8192, "num_predict": 50, "temperature": 0.1}
    assert body["think"] is False
    assert server.asked[-1].path == "/api/chat"
    assert Ollama.timeouts.first_token == 30


@pytest.mark.parametrize(
    ("kind", "model", "takes"),
    [
        (OpenAI, "gpt-4o-mini", True),
        (OpenAI, "gpt-5-nano", False),
        (OpenAI, "o4-mini", False),
        (Groq, "openai/gpt-oss-20b", True),
        (OpenRouter, "openai/gpt-5.1", False),
        (OpenRouter, "anthropic/claude-haiku-5-5", False),
        (OpenRouter, "anthropic/claude-3.5-haiku", True),
        (OpenRouter, "anthropic/claude-opus-4.7", False),
        (OpenRouter, "anthropic/claude-sonnet-4.5:beta", True),
        (OpenRouter, "openai/gpt-4.1", True),
        (Anthropic, "claude-haiku-4-5", True),
        (Anthropic, "claude-haiku-4-5-20251001", True),
        (Anthropic, "claude-3-5-haiku-latest", True),
        (Anthropic, "claude-haiku-5-5", False),
        (Anthropic, "claude-opus-5-5", False),
        (Anthropic, "claude-opus-4-20250514", True),
        (Anthropic, "claude-haiku-4-6", False),
        (Anthropic, "claude-newer", False),
    ],
)
async def test_a_temperature_only_where_one_is_taken(
    kind: type[HttpProvider], model: str, takes: bool, at: At, server: AiServer
) -> None:
    assert ("temperature" in await sent(at(kind), server, asking(model, temperature=0.3))) is takes


@pytest.mark.parametrize("kind", PATHS)
async def test_models_and_check(kind: type[HttpProvider], at: At) -> None:
    assert await at(kind).models() == sorted(MODELS)
    await at(kind).check()
    with pytest.raises(AuthFailed):
        await at(kind, key="wrong").check()


async def test_openrouter_is_asked_whose_key_it_is(at: At, server: AiServer) -> None:
    """Its list of models is there for everybody."""
    await at(OpenRouter).check()
    assert server.asked[-1].path.endswith("/key")


async def test_addresses_are_settings(server: AiServer, settings: Any) -> None:
    settings.AI_ADDRESSES = {"anthropic": server.url, "ollama": ""}
    assert catalogue.offered() == ["anthropic", "compatible"]
    await listen(catalogue.provider("anthropic", key=KEY).stream(question()))
    assert len(server.asked) == 1
    with pytest.raises(catalogue.NotOffered):
        catalogue.provider("ollama")
