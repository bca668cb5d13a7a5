from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat import actions
from chat.models import Conversation, Inbox
from chat.widget.access import new_visitor
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
INBOX = "/w/acme/conversations/"


def many(inbox: Inbox, number: int) -> list[Conversation]:
    made = []
    for index in range(number):
        visitor, _ = new_visitor(inbox)
        posted = actions.post_visitor_message(visitor, body=f"question {index}", client_id=uuid.uuid4())
        made.append(posted.message.conversation)
    return made


def rows(client: Client, **query: Any) -> list[str]:
    """The conversations on a page of the list, and where the next one begins."""
    answer = client.get(INBOX, query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return [row["conversation"] for row in answer.context["conversations"]]


def test_every_conversation_is_on_one_page_of_the_list(omar_client: Client, inbox: Inbox) -> None:
    made = {str(one.pk) for one in many(inbox, 70)}
    seen, cursor = [], ""
    while True:
        answer = omar_client.get(INBOX, {"before": cursor}, headers={"HX-Request": "true"})
        seen += [row["conversation"] for row in answer.context["conversations"]]
        cursor = answer.context["next_cursor"]
        if not cursor:
            break
    assert len(seen) == 70 and set(seen) == made


def test_the_longest_wait_is_first_among_the_waiting(omar_client: Client, inbox: Inbox) -> None:
    made = [str(one.pk) for one in many(inbox, 35)]
    answer = omar_client.get(INBOX, {"tab": "waiting"}, headers={"HX-Request": "true"})
    page = [row["conversation"] for row in answer.context["conversations"]]
    rest = rows(omar_client, tab="waiting", before=answer.context["next_cursor"])
    assert page + rest == made


def test_tabs(omar_client: Client, omar_member: Membership, inbox: Inbox) -> None:
    waiting, answered, closed = many(inbox, 3)
    actions.post_operator_message(answered, by=omar_member, body="x", client_id=uuid.uuid4())
    actions.resolve(closed, by=omar_member)
    found = {tab: set(rows(omar_client, tab=tab)) for tab in ("open", "waiting", "mine", "unassigned", "closed")}
    assert found == {
        "open": {str(waiting.pk), str(answered.pk)},
        "waiting": {str(waiting.pk)},
        "mine": {str(answered.pk)},
        "unassigned": {str(waiting.pk)},
        "closed": {str(closed.pk)},
    }


@pytest.mark.parametrize("cursor", ["x", "1.2", "99999999999999999999999.00", "\x00"])
def test_a_senseless_cursor_is_refused(omar_client: Client, inbox: Inbox, cursor: str) -> None:
    assert omar_client.get(INBOX, {"before": cursor}).status_code == 422


def test_queries_do_not_grow_with_the_list(omar_client: Client, inbox: Inbox) -> None:
    many(inbox, 3)
    few = _queries(omar_client)
    many(inbox, 27)
    assert _queries(omar_client) == few <= 10


def test_a_visitors_words_are_text_everywhere(omar_client: Client, inbox: Inbox) -> None:
    visitor, _ = new_visitor(inbox)
    body = "<script>alert(1)</script>{{ 7|add:7 }}\u202eevil 👩‍👩‍👧 น้ำ"
    pk = actions.post_visitor_message(visitor, body=body, client_id=uuid.uuid4()).message.conversation_id
    for place in (INBOX, f"{INBOX}{pk}/", f"{INBOX}{pk}/details/"):
        page = omar_client.get(place).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "{{ 7|add:7 }}" in page


def test_a_plain_form_sends_too_and_keeps_a_refused_text(omar_client: Client, conversation: Conversation) -> None:
    place = f"{INBOX}{conversation.pk}/"
    sent = omar_client.post(f"{place}messages/", {"body": "by form"})
    assert sent.status_code == 302 and sent["Location"] == place
    refused = omar_client.post(f"{place}messages/", {"body": "ก" * 10_001})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "ก" * 10_001 in page and "10001" in page.replace(",", "")
    assert conversation.messages.filter(kind="operator").count() == 1


def test_taking_what_a_colleague_has_says_who(
    omar_client: Client, conversation: Conversation, ana_member: Membership
) -> None:
    actions.take_over(conversation, by=ana_member)
    answer = omar_client.post(f"{INBOX}{conversation.pk}/takeover/", headers={"HX-Request": "true"})
    assert answer.status_code == 409 and "Ana Srisuk" in answer.content.decode()


def test_htmx_without_a_session_is_401(anonymous_client: Client, conversation: Conversation) -> None:
    place = f"{INBOX}{conversation.pk}/"
    assert anonymous_client.get(place, headers={"HX-Request": "true"}).status_code == 401
    assert anonymous_client.get(place, headers={"Accept": "application/json"}).status_code == 401


def test_a_member_with_no_right_any_more(
    omar_client: Client, omar_member: Membership, ana_member: Membership, conversation: Conversation
) -> None:
    from workspaces.actions import deactivate_member

    deactivate_member(omar_member, by=ana_member)
    assert omar_client.get(INBOX).status_code == 404


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        rows(client)
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])
