"""The moderation of the provider: asked before a model is, and nobody waits for it long."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from ai import actions, gate, screening
from ai.assistant import Persona
from ai.models import Answer
from ai.providers import openai_style
from ai.providers.base import Timeouts
from ai.tests.conftest import Learn, _closed
from chat import actions as chat
from chat import handoffs
from chat.models import Conversation, Handler, Kind, Message, Visitor
from minichat.lib import loop
from tests.fakes.ai_server import AiServer
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db(transaction=True)
ASKS = Persona(asks_provider=True)
QUESTION = "When will it arrive? <b>4111 1111 1111 1111</b>"


@pytest.fixture
def openai(settings: Any, ana_member: Membership) -> Iterator[AiServer]:
    """OpenAI on this machine, first in Acme's chain, with Acme's own key."""
    server = AiServer(answer=lambda asked: list("Delivery takes two days in Bangkok [1]."))
    loop.run(server.__aenter__())
    settings.AI_ADDRESSES = {**settings.AI_ADDRESSES, "openai": f"{server.url}/v1"}
    actions.set_key(ana_member, provider="openai", key="sk-0123456789-of-acme")
    actions.add_link(ana_member, provider="openai", model="gpt-4o-mini")
    row = actions.save_draft(ana_member, ASKS)
    actions.publish(ana_member, agreed=gate.against(row, []), unchecked=True)
    yield server
    screening.breaker_of(ana_member.workspace).reset()
    loop.run(_closed(server))


@pytest.fixture
def ask(acme: Workspace, vic: Visitor, learn_faq: Learn) -> Callable[[str], Message | None]:
    learn_faq(acme, "How long does delivery take?", "Two days in Bangkok, three elsewhere.", "When will it arrive?")
    vic.inbox.answered_by = Handler.AI
    vic.inbox.save()

    def put(text: str) -> Message | None:
        message = chat.post_visitor_message(vic, body=text, client_id=uuid.uuid4(), fresh=True).message
        reply: Message | None = message.conversation.messages.filter(kind=Kind.AI).order_by("-position").first()
        return reply

    return put


def paths(server: AiServer) -> list[str]:
    return [asked.path.rpartition("/")[2] for asked in server.asked]


def test_it_is_asked_before_a_model_is(openai: AiServer, ask: Any) -> None:
    assert ask(QUESTION).body == "Delivery takes two days in Bangkok [1]."
    assert paths(openai) == ["moderations", "completions"]
    first = openai.asked[0]
    assert first.headers["authorization"] == "Bearer sk-0123456789-of-acme"
    assert first.body == {"model": "omni-moderation-latest", "input": "When will it arrive? [hidden card number 1]"}


def test_what_it_objects_to_goes_to_a_person(openai: AiServer, ask: Any) -> None:
    openai.moderates = lambda asked: "flagged"
    assert ask(QUESTION) is None and paths(openai) == ["moderations"]
    assert Answer.unscoped.get().reason == handoffs.MODERATED
    event = Conversation.unscoped.get().messages.get(kind=Kind.EVENT).event
    assert handoffs.rule_name(event["summary"]["rule"]) == "The provider’s moderation"


@pytest.mark.parametrize("fault", ["401", "429", "500", "html", "redirect", "refuse", "no-stream"])
def test_rf_20_it_fails_open(openai: AiServer, ask: Any, caplog: pytest.LogCaptureFixture, fault: str) -> None:
    openai.moderates = lambda asked: fault
    assert ask(QUESTION).body == "Delivery takes two days in Bangkok [1]."
    [line] = [record.getMessage() for record in caplog.records if record.name == "ai.screening"]
    assert "moderation was not heard" in line and "arrive" not in line and "sk-" not in line


def test_rf_20_nobody_waits_for_it(
    openai: AiServer, ask: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert openai_style.FOR_MODERATION.total == 2.0
    monkeypatch.setattr(openai_style, "FOR_MODERATION", Timeouts(0.3, 0.3, 0.3, 0.3))
    openai.moderates = lambda asked: "stall-before"
    began = time.monotonic()
    assert ask(QUESTION).body == "Delivery takes two days in Bangkok [1]."
    assert time.monotonic() - began < 10 and "timeout" in caplog.text


def test_a_mistake_of_ours_fails_open(openai: AiServer, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(self: Any, text: str) -> bool:
        raise RuntimeError(text)

    monkeypatch.setattr(openai_style.OpenAI, "objects", broken)
    assert ask(QUESTION) is not None


def test_who_keeps_failing_is_not_asked_for_a_while(openai: AiServer, acme: Workspace) -> None:
    openai.moderates = lambda asked: "500"
    for _ in range(5):
        assert screening.objects(acme, ASKS, "Hello") is False
    assert paths(openai) == ["moderations"] * 3
    openai.moderates = lambda asked: "flagged"
    actions.try_again(acme, "openai")
    assert screening.objects(acme, ASKS, "Hello") is True, "another key is asked at once"


def test_only_where_it_is_wanted(openai: AiServer, acme: Workspace) -> None:
    openai.moderates = lambda asked: "flagged"
    assert screening.objects(acme, replace(ASKS, asks_provider=False), "Hello") is False and openai.asked == []


def test_only_with_a_key_of_ones_own(openai: AiServer, acme: Workspace, globex: Workspace, settings: Any) -> None:
    settings.AI_KEYS = {"openai": "sk-0123456789-of-the-house"}
    openai.moderates = lambda asked: "flagged"
    assert not screening.is_possible(globex) and screening.objects(globex, ASKS, "Hello") is False
    assert openai.asked == [] and screening.is_possible(acme)


def test_what_needs_no_model_asks_nobody(openai: AiServer, ask: Any) -> None:
    ask("Hello")
    ask("Who won the football match in Madrid?")
    assert openai.asked == []


def test_a_suggestion_is_screened_too(openai: AiServer, ask: Any) -> None:
    from ai.suggesting import suggest

    ask("Hello")
    openai.moderates = lambda asked: "flagged"
    conversation = Conversation.unscoped.get()
    Message.unscoped.filter(kind=Kind.VISITOR).update(body="When will it arrive?")
    assert suggest(conversation) is None and paths(openai) == ["moderations"]
