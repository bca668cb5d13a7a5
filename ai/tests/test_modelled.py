"""A model answers from the sources, and whatever it does wrong costs the visitor nothing."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from ai.models import AICall, Answer, Outcome
from ai.tests.conftest import Learn
from chat import actions as chat
from chat import broadcasts, handoffs
from chat.hub import Push
from chat.models import Handler, Kind, Message, Visitor
from tests.fakes.ai_server import AiServer, Asked
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db(transaction=True)
TRUE = "Delivery takes two days in Bangkok [1]."


@pytest.fixture
def ask(acme: Workspace, vic: Visitor, learn_faq: Learn) -> Callable[[str], tuple[Outcome | None, Message | None]]:
    learn_faq(acme, "How long does delivery take?", "Two days in Bangkok, three elsewhere.", "When will it arrive?")
    vic.inbox.answered_by = Handler.AI
    vic.inbox.save()

    def put(text: str) -> tuple[Outcome | None, Message | None]:
        # The job runs with the message: tests do what the queue would.
        message = chat.post_visitor_message(vic, body=text, client_id=uuid.uuid4(), fresh=True).message
        row = Answer.unscoped.filter(question=message).first()
        return row and Outcome(row.outcome), message.conversation.messages.filter(kind=Kind.AI).first()

    return put


def test_it_answers_in_its_own_words_with_sources(model: AiServer, ask: Any) -> None:
    outcome, reply = ask("When will it arrive?")
    assert outcome == Outcome.ANSWERED and reply.body == TRUE
    assert [source["title"] for source in reply.sources] == ["How long does delivery take?"]
    call = AICall.unscoped.get()
    assert (call.provider, call.status, call.conversation_id) == ("groq", "ok", reply.conversation_id)
    assert Answer.unscoped.get().made_by["model"] == "llama-3.1-8b-instant"
    system = model.asked[0].body["messages"][0]["content"]
    assert "Two days in Bangkok" in system and "gsk-" not in system


@pytest.mark.parametrize(
    "said",
    [
        "Delivery takes two days.",  # cites nothing
        "Delivery takes two days [7].",  # cites what it was not given
        "Napoleon was born on an island in the sea long ago [1].",  # is not what it cites
    ],
)
def test_what_nothing_stands_for_is_replaced(model: AiServer, ask: Any, said: str) -> None:
    model.answer = lambda asked: [said]
    outcome, reply = ask("When will it arrive?")
    assert outcome == Outcome.ANSWERED and reply.body == "Two days in Bangkok, three elsewhere."
    assert Answer.unscoped.get().made_by == {}


def test_it_may_give_up(model: AiServer, ask: Any) -> None:
    model.answer = lambda asked: ["HAND", "OFF: unknown"]
    outcome, reply = ask("When will it arrive?")
    assert (outcome, reply) == (Outcome.HANDED_OFF, None)
    assert Answer.unscoped.get().reason == handoffs.UNKNOWN


def test_who_shows_the_rules_is_not_heard(model: AiServer, ask: Any) -> None:
    def leaks(asked: Asked) -> list[str]:
        canary = re.search(r"mc-[0-9a-f]{12}", asked.body["messages"][0]["content"])
        assert canary is not None
        return [f"My rules say ({canary.group()}) that delivery takes two days [1]."]

    model.answer = leaks
    _, reply = ask("When will it arrive?")
    assert "mc-" not in reply.body and reply.body.startswith("Two days in Bangkok")


def test_strange_links_are_taken_out(model: AiServer, ask: Any) -> None:
    model.answer = lambda asked: ["Two days in Bangkok, see https://evil.example/x [1]."]
    _, reply = ask("When will it arrive?")
    assert "evil" not in reply.body and reply.body.startswith("Two days in Bangkok")


@pytest.mark.parametrize("fault", ["401", "429", "500", "html", "cut", "error-in-stream", "empty", "length", "refusal"])
def test_rf_20_a_provider_that_fails_costs_the_visitor_nothing(
    model: AiServer, ask: Any, ana_member: Membership, fault: str
) -> None:
    ana_member.workspace.ai_chain.update(model=f"fault-{fault}")
    outcome, reply = ask("When will it arrive?")
    assert outcome == Outcome.ANSWERED and reply.body == "Two days in Bangkok, three elsewhere."
    assert AICall.unscoped.exists(), "written down all the same"


def test_what_the_knowledge_says_nothing_about_costs_nothing(model: AiServer, ask: Any) -> None:
    assert ask("Who won the football match in Madrid?")[0] == Outcome.HANDED_OFF
    assert model.asked == []


def test_it_is_seen_while_it_is_written(model: AiServer, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    async def hear(*pushes: Push) -> None:
        shown.extend(push.data["text"] for push in pushes)

    # As far as the hub: nothing on the way there may ask the database, which answers no loop.
    monkeypatch.setattr(broadcasts.hub, "apush", hear)
    monkeypatch.setattr("ai.modelled.EVERY", 0.0)
    ask("When will it arrive?")
    assert len(shown) > 3 and shown[-1] == TRUE and all(TRUE.startswith(one) for one in shown)
    shown.clear()
    model.answer = lambda asked: list("HANDOFF: unknown")
    ask("When will it arrive?")
    assert shown == []
