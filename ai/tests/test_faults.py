"""Every adapter and everything that goes wrong, against a real server (RF-20)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing

import pytest

from ai.providers import base, web
from ai.providers.anthropic import Anthropic
from ai.providers.base import ChatRequest, Delta, Provider, Timeouts
from ai.providers.gemini import Gemini
from ai.providers.ollama import Ollama
from ai.providers.openai_style import Groq, OpenAI, OpenAIStyle, OpenRouter
from ai.providers.speaking import HttpProvider
from ai.tests.speaking import PATHS, PATIENT, Heard, listen, question
from tests.fakes.ai_server import ANSWER, FAULTS, AiServer

pytestmark = pytest.mark.pure
At = Callable[..., HttpProvider]
WHOLE = "".join(ANSWER)
BEGUN = "".join(ANSWER[:2])
IMPATIENT = Timeouts(connect=10, first_token=0.3, between_tokens=10, total=30)
STALLING = Timeouts(connect=10, first_token=10, between_tokens=0.3, total=30)
LIMITS = {"stall-before": IMPATIENT, "comments": IMPATIENT, "stall-during": STALLING}

ANSWERED = {"ok", "bytes", "slow-first", "no-usage"}
# What is raised, and what had been said before.
RAISED: dict[str, tuple[type[base.ProviderError], str]] = {
    "400": (base.BadRequest, ""),
    "401": (base.AuthFailed, ""),
    "402": (base.NoCredit, ""),
    "403": (base.AuthFailed, ""),
    "404": (base.ModelMissing, ""),
    "429": (base.RateLimited, ""),
    "429-after": (base.RateLimited, ""),
    "498": (base.Overloaded, ""),
    "500": (base.Overloaded, ""),
    "503-after": (base.Overloaded, ""),
    "529": (base.Overloaded, ""),
    "html": (base.BadAnswer, ""),
    "redirect": (base.BadAnswer, ""),
    "refuse": (base.Unreachable, ""),
    "stall-before": (base.Timeout, ""),
    "comments": (base.Timeout, ""),
    "stall-during": (base.Timeout, BEGUN.strip()),
    "cut": (base.StreamBroken, BEGUN.strip()),
    "cut-thai": (base.StreamBroken, BEGUN.strip()),
    "cut-at-once": (base.StreamBroken, ""),
    "garbage": (base.StreamBroken, ""),
    "flood": (base.StreamBroken, ""),
    "empty": (base.BadAnswer, ""),
    "thinking": (base.BadAnswer, ""),
}
OF_THEIR_OWN = {"500-once", "403-moderation", "no-quota", "no-stream", "error-first", "error-in-stream"}
ENDED = {"endless", "length", "refusal"}


def test_no_fault_is_forgotten() -> None:
    assert set(RAISED) | ANSWERED | OF_THEIR_OWN | ENDED == FAULTS


@pytest.fixture(params=PATHS, ids=lambda kind: kind.name)
def provider(request: pytest.FixtureRequest, at: At) -> HttpProvider:
    return at(request.param)


async def broken(provider: Provider, request: ChatRequest) -> tuple[base.ProviderError, str]:
    heard = Heard()
    with pytest.raises(base.ProviderError) as caught:
        await listen(provider.stream(request), heard)
    assert not heard.stop, "called whole although it was cut"
    return caught.value, heard.text.strip()


@pytest.mark.parametrize("fault", sorted(RAISED))
async def test_what_goes_wrong_has_a_name(provider: HttpProvider, fault: str) -> None:
    error, text = await broken(provider, question(fault, timeouts=LIMITS.get(fault, PATIENT)))
    assert (type(error), text) == RAISED[fault]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("stall-before", "timeout_first_token"),
        ("comments", "timeout_first_token"),
        ("stall-during", "timeout_between_tokens"),
    ],
)
async def test_a_timeout_says_which_wait_it_was(provider: HttpProvider, fault: str, code: str) -> None:
    error, _ = await broken(provider, question(fault, timeouts=LIMITS[fault]))
    assert error.code == code


@pytest.mark.parametrize("fault", sorted(ANSWERED))
async def test_an_answer_comes_whole(provider: HttpProvider, fault: str) -> None:
    """Also byte by byte, through the middle of Thai characters."""
    heard = await listen(provider.stream(question(fault)))
    assert (heard.text, heard.stop, heard.pieces) == (WHOLE, base.END, len(ANSWER))


async def test_an_answer_that_never_ends_is_ended(provider: HttpProvider, server: AiServer) -> None:
    heard = await listen(provider.stream(question("endless", max_tokens=30)))
    assert (len(heard.text), heard.stop) == (30 * base.CHARACTERS_PER_TOKEN, base.LENGTH)
    await asyncio.wait_for(server.asked[-1].hung_up.wait(), 10)


async def test_an_answer_that_was_cut_short_says_so(provider: HttpProvider) -> None:
    assert (await listen(provider.stream(question("length")))).stop == base.LENGTH


@pytest.mark.parametrize("kind", [OpenAI, Anthropic, Gemini])
async def test_a_refusal_is_no_fault(kind: type[HttpProvider], at: At) -> None:
    heard = await listen(at(kind).stream(question("refusal")))
    assert (heard.text, heard.stop) == ("", base.REFUSAL)


@pytest.mark.parametrize("fault", ["error-first", "error-in-stream"])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (OpenAI, base.Overloaded),
        (OpenRouter, base.Overloaded),
        (Anthropic, base.Overloaded),
        (Gemini, base.Overloaded),
        (Ollama, base.StreamBroken),
    ],
)
async def test_an_error_inside_of_an_answer(
    kind: type[HttpProvider], expected: type[base.ProviderError], fault: str, at: At
) -> None:
    error, text = await broken(at(kind), question(fault))
    assert type(error) is expected
    assert text == ("" if fault == "error-first" else BEGUN.strip())


async def test_the_time_to_wait_is_read(provider: HttpProvider) -> None:
    error, _ = await broken(provider, question("429-after"))
    assert error.retry_after == 7
    error, _ = await broken(provider, question("429"))
    assert error.retry_after is None


@pytest.mark.parametrize("kind", [OpenAI, OpenRouter, Groq, Anthropic])
async def test_no_money_looks_like_too_many_requests(kind: type[HttpProvider], at: At) -> None:
    error, _ = await broken(at(kind), question("no-quota"))
    assert type(error) is base.NoCredit and error.until_changed


async def test_flagged_words_close_no_provider(at: At) -> None:
    """OpenRouter says 403 to one visitor's text and to a key that is not allowed."""
    error, _ = await broken(at(OpenRouter), question("403-moderation"))
    assert type(error) is base.BadRequest and not error.counts


async def test_a_server_that_does_not_stream(at: At) -> None:
    heard = await listen(at(OpenAIStyle).stream(question("no-stream")))
    assert (heard.text, heard.stop, heard.usage.tokens_out) == (WHOLE, base.END, len(ANSWER))


async def test_nobody_is_there(nobody: Provider) -> None:
    error, _ = await broken(nobody, question())
    assert type(error) is base.Unreachable and error.may_retry
    await web.close_client()


async def test_the_whole_answer_has_a_limit_too(at: At, server: AiServer) -> None:
    server.pause = 0.1
    error, _ = await broken(at(OpenAI), question(timeouts=Timeouts(total=0.4)))
    assert error.code == "timeout_total"


async def test_whoever_reads_slowly_is_not_a_stall(at: At) -> None:
    """The time that we take ourselves is not the provider's."""
    heard = Heard()
    async for event in at(OpenAI).stream(question(timeouts=STALLING)):
        heard.take(event)
        if isinstance(event, Delta) and heard.pieces == 1:
            await asyncio.sleep(0.5)
    assert heard.text == WHOLE


@pytest.mark.parametrize("fault", ["endless", "stall-during"])
async def test_leaving_hangs_up(provider: HttpProvider, server: AiServer, fault: str) -> None:
    async with aclosing(provider.stream(question(fault, max_tokens=100_000))) as events:
        async for event in events:
            if isinstance(event, Delta):
                break
    await asyncio.wait_for(server.asked[-1].hung_up.wait(), 10)


async def test_being_cancelled_hangs_up(provider: HttpProvider, server: AiServer) -> None:
    reading = asyncio.ensure_future(listen(provider.stream(question("stall-before"))))
    while not server.asked:
        await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await asyncio.wait_for(server.asked[-1].hung_up.wait(), 10)


async def test_a_connection_is_used_again(provider: HttpProvider, server: AiServer) -> None:
    for _ in range(3):
        await listen(provider.stream(question()))
    assert (server.connections, len(server.asked)) == (1, 3)


def test_what_may_be_retried_and_what_waits_for_other_settings() -> None:
    assert {kind.code for kind in (base.AuthFailed, base.NoCredit, base.ModelMissing) if kind.until_changed} == {
        "auth_failed",
        "no_credit",
        "model_missing",
    }
    assert base.Unreachable().may_retry and base.Overloaded(status=500).may_retry
    assert not base.Overloaded(status=503, retry_after=5.0).may_retry
    assert not base.Overloaded(status=498).may_retry
    assert not any(error.may_retry for error in (base.RateLimited(), base.Timeout("connect"), base.StreamBroken()))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("12s", 12.0),
        ("-3", 0.0),
        ("1e99", web.LONGEST_PAUSE),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
    ],
)
def test_a_time_to_wait(text: str, seconds: float | None) -> None:
    assert web.seconds_of(text) == seconds
