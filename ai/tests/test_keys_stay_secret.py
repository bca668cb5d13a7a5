"""SR-55: a key is told to its provider and to nobody else, not even by accident."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from ai.providers import catalogue
from ai.providers.base import AuthFailed, ProviderError, Timeouts
from ai.providers.speaking import HttpProvider
from ai.tests.speaking import KEY, PATHS, PATIENT, listen, question
from tests.fakes.ai_server import FAULTS, AiServer

pytestmark = pytest.mark.pure
At = Callable[..., HttpProvider]
QUICK = Timeouts(connect=10, first_token=0.3, between_tokens=0.3, total=10)
SILENT = {"stall-before", "stall-during", "comments"}


@pytest.mark.parametrize("kind", PATHS, ids=lambda kind: kind.name)
async def test_SR55_no_key_in_an_error_or_a_log(
    kind: type[HttpProvider], at: At, caplog: pytest.LogCaptureFixture
) -> None:
    """Providers quote it, and the libraries know the request."""
    caplog.set_level(logging.DEBUG)
    provider, said = at(kind), ""
    for fault in sorted(FAULTS):
        try:
            await listen(provider.stream(question(fault, timeouts=QUICK if fault in SILENT else PATIENT)))
        except ProviderError as error:
            said += "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    said += repr(provider) + repr(provider._way) + caplog.text
    assert "auth_failed" in said
    for secret in (KEY, "Incorrect API key", "ร้านเปิดกี่โมง", "You are kind", "httpx.", "HTTP Request", "send_request"):
        assert secret not in said


@pytest.mark.parametrize("key", ["sk-secret\r\nX-Evil: 1", "sk-secret-กุญแจ", "sk-secret\x00"])
@pytest.mark.parametrize("kind", PATHS, ids=lambda kind: kind.name)
async def test_SR55_a_key_that_no_header_holds_is_a_wrong_key(
    kind: type[HttpProvider], key: str, at: At, server: AiServer
) -> None:
    with pytest.raises(AuthFailed) as caught:
        await listen(at(kind, key=key).stream(question()))
    assert "sk-secret" not in "".join(traceback.format_exception(caught.value))
    assert server.asked == []


@pytest.mark.parametrize("kind", PATHS, ids=lambda kind: kind.name)
async def test_SR55_a_redirect_takes_no_key_along(kind: type[HttpProvider], at: At, server: AiServer) -> None:
    with pytest.raises(ProviderError):
        await listen(at(kind).stream(question("redirect")))
    assert len(server.asked) == 1


async def test_SR55_a_typed_address_counts_for_the_compatible_provider_alone(server: AiServer, settings: Any) -> None:
    settings.AI_ADDRESSES = {"openai": f"{server.url}/openai/v1"}
    provider = catalogue.provider("openai", key=KEY, address="https://evil.example/v1")
    await listen(provider.stream(question()))
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
