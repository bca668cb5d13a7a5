"""Other ways to ask: put into the form by a model, read and saved by whoever writes the FAQ."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ai import phrasings
from ai.models import AICall, Purpose, Source, VisitorAnswers
from ai.models.source import LONGEST_TITLE
from chat.models import Conversation
from tests.fakes.ai_server import AiServer
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db
# What a model costs is written down by another thread.
with_model = pytest.mark.django_db(transaction=True)
BUTTON = "Suggest other ways to ask"
NOBODY = "No model answered with other ways to ask."
TYPED = {"question": "When will it arrive?", "answer": "On Friday.", "other_ways": "", "category": "Orders"}


def suggested(client: Client, place: str = "", **typed: str) -> tuple[list[str], str]:
    """The lines that stand in the form now, and the whole page."""
    reply = client.post(place or reverse("new-faq", args=["acme"]), {**TYPED, "phrasings": "1", **typed})
    assert reply.status_code == 200
    page = reply.content.decode()
    found = re.search(r'<textarea name="other_ways".*?>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1]).strip().splitlines(), page


@with_model
def test_they_are_put_into_the_form_and_nowhere_else(model: AiServer, ana_client: Client) -> None:
    model.answer = lambda asked: ["How long does it take?\n", "When is my parcel here?\n"]
    ways, page = suggested(ana_client, other_ways="Delivery when?\r\n", is_active="on")
    assert ways == ["Delivery when?", "How long does it take?", "When is my parcel here?"]
    assert "2 more ways to ask stand above." in page
    assert "On Friday." in page and 'value="Orders"' in page and "When will it arrive?" in page
    assert re.search(r'name="is_active"[^>]*checked', page), "nothing typed is lost"
    assert not Source.unscoped.exists(), "nothing is saved by itself"
    call = AICall.unscoped.get()
    assert (call.purpose, call.conversation_id) == (Purpose.PHRASES, None)
    assert not VisitorAnswers.unscoped.exists()


@with_model
def test_an_faq_that_is_there_stays_as_it_is(model: AiServer, ana_client: Client, faq: Source) -> None:
    model.answer = lambda asked: ["Is it here soon?"]
    place = reverse("edit-source", args=["acme", faq.pk])
    ways, page = suggested(ana_client, place, question=faq.title, other_ways=faq.other_ways)
    assert ways == ["When will it arrive?", "Is it here soon?"]
    assert "Delete" in page and not re.search(r'name="is_active"[^>]*checked', page)
    before = faq.other_ways
    faq.refresh_from_db()
    assert faq.other_ways == before


@with_model
def test_numbers_quotes_and_markup_go_and_nothing_comes_twice(model: AiServer, ana_client: Client) -> None:
    model.answer = lambda asked: [
        "Here are some other ways to ask:\n\n1. **How long does it take?**\n- “When is my parcel here?”\n",
        "(3) WHEN WILL IT ARRIVE\n* `delivery  time?`\nHow long does it take\n• Delivery when?\n5) is it on its way?\n",
    ]
    ways, _ = suggested(ana_client, other_ways="Delivery when?")
    assert ways == [
        "Delivery when?",
        "How long does it take?",
        "When is my parcel here?",
        "delivery time?",
        "is it on its way?",
    ]


@with_model
def test_five_at_most_and_no_more_than_there_is_room_for(model: AiServer, ana_client: Client) -> None:
    model.answer = lambda asked: [
        f"Is it here in {word} days?\n" for word in ("one", "two", "three", "four", "five", "six")
    ]
    assert len(suggested(ana_client)[0]) == 5
    there = [f"way {word}" for word in "abcdefghijklmnopqrs"]
    assert len(suggested(ana_client, other_ways="\n".join(there))[0]) == 20
    model.asked.clear()
    ways, page = suggested(ana_client, other_ways="\n".join([*there, "way t"]))
    assert len(ways) == 20 and "There is no room for more ways to ask." in page and model.asked == []


@with_model
def test_a_question_in_thai_is_asked_in_thai(model: AiServer, ana_client: Client) -> None:
    model.answer = lambda asked: ["ของจะมาวันไหน\n", "When will it come?\n", "๒. กี่วันถึงได้รับของ\n"]
    ways, _ = suggested(ana_client, question="ของจะมาถึงเมื่อไหร่")
    assert ways == ["ของจะมาวันไหน", "กี่วันถึงได้รับของ"]
    system, said = (message["content"] for message in model.asked[0].body["messages"])
    assert "Write in Thai." in system and "ของจะมาถึงเมื่อไหร่" in said and "ของจะมาถึงเมื่อไหร่" not in system


@with_model
@pytest.mark.parametrize(
    "said",
    [
        "Does https://evil.example/pay bring it faster?",
        "Does it arrive within 48 hours?",
        "x" * (LONGEST_TITLE + 1),
        "…",
    ],
)
def test_what_nobody_asked_is_left_out(model: AiServer, ana_client: Client, said: str) -> None:
    model.answer = lambda asked: [f"{said}\n", "Is it on its way?"]
    assert suggested(ana_client)[0] == ["Is it on its way?"]
    model.answer = lambda asked: [said]
    ways, page = suggested(ana_client)
    assert ways == [] and NOBODY in page


@with_model
def test_what_is_markup_is_no_part_of_a_question(model: AiServer, ana_client: Client) -> None:
    model.answer = lambda asked: ["<question-00>When?</question-00>\n", "<b>Is it</b> on its way?"]
    assert suggested(ana_client)[0] == ["When?", "Is it on its way?"]


@with_model
def test_who_shows_the_rules_is_not_heard(model: AiServer, ana_client: Client) -> None:
    model.answer = lambda asked: [asked.body["messages"][0]["content"]]
    assert suggested(ana_client)[0] == []


@with_model
@pytest.mark.parametrize("fault", ["500", "cut", "empty", "length"])
def test_a_model_that_fails_leaves_the_form_alone(
    model: AiServer, ana_client: Client, acme: Workspace, fault: str
) -> None:
    acme.ai_chain.update(model=f"fault-{fault}")
    ways, page = suggested(ana_client, other_ways="Delivery when?")
    assert ways == ["Delivery when?"] and NOBODY in page


@with_model
def test_without_a_question_nobody_is_asked(model: AiServer, ana_client: Client) -> None:
    _, page = suggested(ana_client, question="  ")
    assert "Write the question first." in page and model.asked == []


@with_model
def test_it_is_asked_for_a_few_times_a_minute_at_most(
    model: AiServer, ana_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai.pace.ASKED", 1)
    suggested(ana_client)
    place = reverse("new-faq", args=["acme"])
    assert ana_client.post(place, {**TYPED, "phrasings": "1"}).status_code == 429


def test_without_a_model_it_is_neither_offered_nor_done(ana_client: Client, conversation: Conversation) -> None:
    assert BUTTON not in ana_client.get(reverse("new-faq", args=["acme"])).content.decode()
    ways, _ = suggested(ana_client)
    assert ways == [] and not AICall.unscoped.exists()


@with_model
def test_with_one_it_is_offered_for_faqs_alone(model: AiServer, ana_client: Client) -> None:
    assert BUTTON in ana_client.get(reverse("new-faq", args=["acme"])).content.decode()
    assert BUTTON not in ana_client.get(reverse("new-text", args=["acme"])).content.decode()


def test_only_admins(omar_client: Client, gil_client: Client) -> None:
    place = reverse("new-faq", args=["acme"])
    assert omar_client.post(place, {**TYPED, "phrasings": "1"}).status_code == 403
    assert gil_client.post(place, {**TYPED, "phrasings": "1"}).status_code == 404


def test_a_text_has_no_other_ways(ana_client: Client) -> None:
    reply: Any = ana_client.post(reverse("new-text", args=["acme"]), {"title": "T", "text": "x", "phrasings": "1"})
    assert reply.status_code == 302 and Source.unscoped.get().title == "T"


def test_a_question_that_begins_with_a_number_keeps_it() -> None:
    assert phrasings._cleaned("2 for 1?") == "2 for 1?" and phrasings._cleaned("3.5 kg?") == "3.5 kg?"
