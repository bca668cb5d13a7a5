"""A visitor's conversations: several, listed newest first, and nobody else's."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from chat import actions, own, pace, sessions
from chat.models import Conversation, Inbox, Kind, Status, Visitor
from chat.widget.access import new_visitor
from workspaces.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_pace() -> None:
    pace.visitors.forget()


@pytest.fixture
def api(inbox: Inbox) -> str:
    return f"/widget/{inbox.widget_key}/"


def ask(visitor: Visitor, body: str, **more: Any) -> Conversation:
    posted = actions.post_visitor_message(visitor, body=body, client_id=uuid.uuid4(), **more)
    return posted.message.conversation


def answer(conversation: Conversation, by: Membership, body: str) -> None:
    actions.post_operator_message(conversation, by=by, body=body, client_id=uuid.uuid4())


def send(client: Client, url: str, **body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json")


def test_a_fresh_message_opens_another_conversation(vic: Visitor, conversation: Conversation) -> None:
    other = ask(vic, "Something else", fresh=True)
    assert other.pk != conversation.pk and other.number == conversation.number + 1
    assert ask(vic, "And more of it").pk == other.pk, "without a name the newest one is meant"
    assert ask(vic, "Back to coffee", conversation_id=conversation.pk).pk == conversation.pk


def test_a_fresh_message_twice_is_one_conversation(vic_client: Client, api: str, vic: Visitor) -> None:
    name = str(uuid.uuid4())
    first, again = (send(vic_client, f"{api}messages/", client_id=name, body="Hello", fresh=True) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    assert vic.conversations.count() == 1


def test_the_list_is_newest_first_and_turns_by_keys(vic: Visitor, vic_client: Client, api: str) -> None:
    asked = [ask(vic, f"Question {number}", fresh=True) for number in range(own.PAGE + 3)]
    first = vic_client.get(f"{api}conversations/").json()
    rest = vic_client.get(f"{api}conversations/", {"before": first["next"]}).json()
    assert [row["id"] for row in [*first["rows"], *rest["rows"]]] == [str(one.pk) for one in reversed(asked)]
    assert len(first["rows"]) == own.PAGE and rest["next"] == ""
    assert vic_client.get(f"{api}conversations/", {"before": "forged"}).status_code == 422


def test_a_line_says_who_answers_and_what_is_new(
    vic: Visitor, vic_client: Client, api: str, conversation: Conversation, omar_member: Membership
) -> None:
    actions.post_operator_message(
        conversation, by=omar_member, body="he is a regular", client_id=uuid.uuid4(), note=True
    )
    answer(conversation, omar_member, "We do, on Tuesdays.")
    [row] = vic_client.get(f"{api}conversations/").json()["rows"]
    assert row["text"] == "We do, on Tuesdays." and row["kind"] == Kind.OPERATOR and row["unread"] == 1
    assert row["operator"] == {"name": "Omar Haddad", "initials": "OH", "avatar": None}
    assert (row["id"], row["status"]) == (str(conversation.pk), Status.OPEN)
    actions.mark_visitor(vic, conversation, read=row["position"])
    [row] = vic_client.get(f"{api}conversations/").json()["rows"]
    assert (row["unread"], row["marks"]["seen"]) == (0, row["position"])


def test_the_number_on_the_button_counts_all_conversations(
    vic: Visitor, vic_client: Client, api: str, omar_member: Membership
) -> None:
    asked = [ask(vic, f"Question {number}", fresh=True) for number in range(own.NEWEST + 2)]
    for one in asked:
        answer(one, omar_member, "Yes.")
    deleted = asked[0].messages.get(kind=Kind.OPERATOR)
    actions.delete_message(deleted, by=omar_member)
    state = vic_client.get(f"{api}state/").json()
    assert state["unread"] == own.NEWEST + 1 and len(state["conversations"]) == own.NEWEST
    assert state["conversation"]["id"] == str(asked[-1].pk)


def test_coming_back_costs_two_questions(
    vic: Visitor, conversation: Conversation, omar_member: Membership, django_assert_num_queries: Any
) -> None:
    """After an outage everybody comes back at once: their conversations, and who is there."""
    answer(conversation, omar_member, "Yes.")
    with django_assert_num_queries(2):
        state = sessions.state(vic)
    assert state["conversation"]["id"] == str(conversation.pk) and state["unread"] == 1


def test_the_one_that_goes_on_was_begun_last_even_if_another_moved_since(
    vic: Visitor, vic_client: Client, api: str, omar_member: Membership
) -> None:
    asked = [ask(vic, f"Question {number}", fresh=True) for number in range(own.NEWEST + 1)]
    for count in (2, own.NEWEST):  # once all of them are on home, once there are more
        for one in asked[:count]:
            answer(one, omar_member, "Yes.")
        assert vic_client.get(f"{api}state/").json()["conversation"]["id"] == str(asked[-1].pk)


def test_SR33_only_ones_own(
    vic: Visitor, inbox: Inbox, api: str, conversation: Conversation, omar_member: Membership
) -> None:
    answer(conversation, omar_member, "for Vic alone")
    stranger, token = new_visitor(inbox)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert client.get(f"{api}conversations/").json() == {"rows": [], "next": ""}
    state = client.get(f"{api}state/").json()
    assert (state["conversation"], state["conversations"], state["unread"]) == (None, [], 0)
    theirs = ask(stranger, "mine")
    refused = send(client, f"{api}messages/", client_id=str(uuid.uuid4()), body="x", conversation=str(conversation.pk))
    assert refused.status_code == 404
    [row] = client.get(f"{api}conversations/").json()["rows"]
    assert row["id"] == str(theirs.pk)


def test_SR35_a_session_opens_no_list(ana_client: Client, api: str) -> None:
    assert ana_client.get(f"{api}conversations/").status_code == 401


def test_a_page_costs_the_same_however_many(
    vic: Visitor, omar_member: Membership, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        answer(ask(vic, f"Question {number}", fresh=True), omar_member, "Yes.")
    with django_assert_max_num_queries(1):
        assert len(own.page(vic, after="")["rows"]) == 12
