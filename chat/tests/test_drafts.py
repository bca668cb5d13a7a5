"""What somebody has begun to write is there on every device, and gone when it is sent."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat import actions
from chat.models import Conversation
from chat.tests.test_visitor_messages import at_once
from workspaces.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(conversation: Conversation) -> str:
    return f"/w/acme/conversations/{conversation.pk}/"


def save(client: Client, address: str, body: str, counter: int, **more: Any) -> dict[str, Any]:
    words = {"body": body, "counter": counter, **more}
    answer = client.post(f"{address}draft/", words, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def begun(client: Client, address: str) -> dict[str, str]:
    """What the composer of a device that was just opened begins with."""
    kept = json.loads(client.get(address).context["begun"])
    return {kind: draft["body"] for kind, draft in kept.items()}


def test_a_draft_is_there_on_another_device(omar_client: Client, address: str, omar: Any) -> None:
    assert save(omar_client, address, "We do ship ", 1)["saved"]
    save(omar_client, address, "he is a regular", 1, note=True)
    other = Client()
    other.force_login(omar)
    assert begun(other, address) == {"reply": "We do ship ", "note": "he is a regular"}


def test_an_old_tab_does_not_overwrite_a_newer_one(omar_client: Client, address: str) -> None:
    save(omar_client, address, "new", 7)
    late = save(omar_client, address, "old", 7)
    assert late == {"saved": False, "body": "new", "counter": 7, "mentions": []}
    assert begun(omar_client, address) == {"reply": "new"}
    assert save(omar_client, address, "newer still", 8)["saved"]


def test_saving_is_one_statement(omar_member: Membership, conversation: Conversation) -> None:
    for counter in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            actions.save_draft(conversation, by=omar_member, note=False, body="x", counter=counter)
        told = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        assert len(told) == 1, told


def test_sending_empties_it_and_what_was_late_stays_out(
    omar_client: Client, address: str, omar_member: Membership, conversation: Conversation
) -> None:
    save(omar_client, address, "We do.", 3)
    save(omar_client, address, "a regular", 1, note=True)
    actions.post_operator_message(conversation, by=omar_member, body="We do.", client_id=uuid.uuid4(), draft=4)
    assert begun(omar_client, address) == {"reply": "", "note": "a regular"}
    assert not save(omar_client, address, "We do", 4)["saved"], "it was on its way when the text was sent"


def test_a_text_that_waited_for_a_connection_leaves_the_next_draft_alone(
    omar_client: Client, address: str, omar_member: Membership, conversation: Conversation
) -> None:
    save(omar_client, address, "the next sentence", 9)
    actions.post_operator_message(conversation, by=omar_member, body="We do.", client_id=uuid.uuid4(), draft=5)
    assert begun(omar_client, address) == {"reply": "the next sentence"}


def test_a_repeated_send_empties_nothing(
    omar_client: Client, address: str, omar_member: Membership, conversation: Conversation
) -> None:
    name = uuid.uuid4()
    actions.post_operator_message(conversation, by=omar_member, body="We do.", client_id=name)
    save(omar_client, address, "and", 5)
    actions.post_operator_message(conversation, by=omar_member, body="We do.", client_id=name)
    assert begun(omar_client, address)["reply"] == "and"


def test_the_row_says_so_to_its_author_alone(
    omar_client: Client, ana_client: Client, address: str, conversation: Conversation
) -> None:
    def signs(client: Client) -> list[bool]:
        return [row["draft"] for row in client.get("/w/acme/conversations/").context["conversations"]]

    save(omar_client, address, "x", 1)
    assert (signs(omar_client), signs(ana_client)) == ([True], [False])
    save(omar_client, address, "", 2)
    assert signs(omar_client) == [False]


def test_SR10_nobody_else_reads_it(
    omar_client: Client, ana_client: Client, address: str, conversation: Conversation
) -> None:
    save(omar_client, address, "between me and myself", 1)
    assert begun(ana_client, address) == {}
    assert b"between me" not in ana_client.get(address).content


@pytest.mark.parametrize(
    "words",
    [
        {"body": "x"},
        {"body": None, "counter": 1},
        {"body": "x", "counter": -1},
        {"body": "x" * 10_001, "counter": 1},
        {"body": "x", "counter": 1, "mentions": "all"},
        {"body": "x", "counter": 1, "owner": "ana"},
    ],
)
def test_nonsense_is_refused(omar_client: Client, address: str, words: dict[str, Any]) -> None:
    answer = omar_client.post(f"{address}draft/", words, content_type="application/json")
    assert answer.status_code == 422
    assert begun(omar_client, address) == {}


def test_SR03_SR02_strangers_and_viewers(
    gil_client: Client, vera_client: Client, conversation: Conversation, address: str
) -> None:
    words = {"body": "x", "counter": 1}
    foreign = gil_client.post(
        f"/w/globex/conversations/{conversation.pk}/draft/", words, content_type="application/json"
    )
    assert foreign.status_code == 404
    assert vera_client.post(f"{address}draft/", words, content_type="application/json").status_code == 403


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_tabs_that_save_at_once_the_latest_stays(conversation: Conversation, omar_member: Membership) -> None:
    at_once(
        lambda number: actions.save_draft(
            conversation, by=omar_member, note=False, body=f"{number}", counter=number + 1
        )
    )
    kept = omar_member.drafts.get()
    assert (kept.body, kept.counter) == ("3", 4)
