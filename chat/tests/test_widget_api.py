"""The visitor's second entrance: the same rules over HTTP, for when no socket opens."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chat import pace
from chat.models import Conversation, Inbox, Message, Visitor
from chat.widget.access import issue_ticket, new_visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_pace() -> None:
    pace.visitors.forget()
    pace.new_visitors.forget()


@pytest.fixture
def api(inbox: Inbox) -> str:
    return f"/widget/{inbox.widget_key}/"


def send(client: Client, url: str, **body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json")


def test_a_new_visitor_then_a_message(anonymous_client: Client, inbox: Inbox, api: str) -> None:
    ticket = issue_ticket(inbox, inbox.allowed_origins[0])
    token = send(anonymous_client, f"{api}visitor/", ticket=ticket, lang="th", page={"url": "https://a.b/"}).json()[
        "token"
    ]
    client = Client(headers={"Authorization": f"Bearer {token}"})
    name = str(uuid.uuid4())
    first = send(client, f"{api}messages/", client_id=name, body="hi", conversation=None)
    again = send(client, f"{api}messages/", client_id=name, body="hi", conversation=None)
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    other = send(client, f"{api}messages/", client_id=name, body="other")
    assert other.status_code == 409 and other.json()["code"] == "conflict"
    state = client.get(f"{api}state/").json()
    assert state["conversation"]["seq"] == 1 and state["online"] is False


def test_SR35_no_cookie_is_read_or_set(omar_client: Client, vic_client: Client, api: str) -> None:
    assert omar_client.get(f"{api}state/").status_code == 401
    answer = vic_client.get(f"{api}state/")
    assert answer.status_code == 200 and not answer.cookies


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer v1.nobody", "bearer " + "x" * 5000])
def test_SR33_without_a_known_credential(anonymous_client: Client, api: str, header: str) -> None:
    answer = anonymous_client.get(f"{api}state/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json" and answer.json()["code"] == "unauthenticated"


def test_SR33_a_credential_works_in_its_own_inbox_only(
    vic_token: str, anonymous_client: Client, globex: Any, conversation: Conversation
) -> None:
    foreign = globex.inboxes.get()
    headers = {"Authorization": f"Bearer {vic_token}"}
    assert anonymous_client.get(f"/widget/{foreign.widget_key}/state/", headers=headers).status_code == 401


def test_SR33_another_visitors_thread_is_not_found(inbox: Inbox, api: str, conversation: Conversation) -> None:
    _, token = new_visitor(inbox)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    for pk in (conversation.pk, uuid.uuid4()):
        assert client.get(f"{api}conversations/{pk}/changes/").status_code == 404
        assert send(client, f"{api}conversations/{pk}/marks/", read=1).status_code == 404


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_SR24_json_only(vic_client: Client, api: str, kind: str) -> None:
    answer = vic_client.post(f"{api}messages/", b"{}", content_type=kind)
    assert answer.status_code == 415


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff\xfe", b'{"a":' + b"[" * 3000 + b"]" * 3000 + b"}"])
def test_SR32_what_is_no_object_is_invalid(vic_client: Client, api: str, body: bytes) -> None:
    assert vic_client.post(f"{api}messages/", body, content_type="application/json").status_code == 422


def test_SR48_a_large_body_is_refused(vic_client: Client, api: str) -> None:
    body = json.dumps({"client_id": str(uuid.uuid4()), "body": "x" * 70_000})
    assert vic_client.post(f"{api}messages/", body, content_type="application/json").status_code == 413


def test_a_refusal_names_field_and_request(vic_client: Client, api: str) -> None:
    answer = send(vic_client, f"{api}messages/", client_id="x", body="").json()
    assert set(answer["errors"]) == {"client_id", "body"} and answer["status"] == 422
    assert answer["request_id"]


def test_wrong_methods(vic_client: Client, api: str, conversation: Conversation) -> None:
    for tail in ("visitor/", "messages/", f"conversations/{conversation.pk}/marks/"):
        assert vic_client.get(f"{api}{tail}").status_code == 405
    for tail in ("state/", f"conversations/{conversation.pk}/changes/"):
        assert send(vic_client, f"{api}{tail}").status_code == 405


def test_over_the_rate_says_when_to_come_back(vic_client: Client, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace.visitors, "burst", 1)
    monkeypatch.setattr(pace.visitors, "clock", lambda: 0.0)  # a slow machine refills nothing meanwhile
    answers = [send(vic_client, f"{api}messages/", client_id=str(uuid.uuid4()), body="x") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 429]
    assert answers[1].json()["code"] == "rate_limited" and int(answers[1]["Retry-After"]) >= 1
    assert Message.unscoped.count() == 1


def test_over_the_plan_says_until_when(globex: Any, anonymous_client: Client) -> None:
    inbox = globex.inboxes.get()
    visitor, token = new_visitor(inbox)
    globex.usage_counters.all().delete()
    client = Client(headers={"Authorization": f"Bearer {token}"})
    send(client, f"/widget/{inbox.widget_key}/messages/", client_id=str(uuid.uuid4()), body="first")
    globex.usage_counters.filter(metric="visitor_messages").update(used=250)
    answer = send(client, f"/widget/{inbox.widget_key}/messages/", client_id=str(uuid.uuid4()), body="x")
    assert answer.status_code == 429
    problem = answer.json()
    assert (problem["code"], problem["used"], problem["limit"]) == ("quota_exceeded", 250, 250)
    assert problem["resets_at"] and visitor.conversations.get().inbound == 1


def test_the_visitors_view_has_no_notes(
    vic_client: Client, api: str, conversation: Conversation, omar_member: Any
) -> None:
    from chat import actions

    for note in (True, False):
        actions.post_operator_message(
            conversation, by=omar_member, body=f"note {note}", client_id=uuid.uuid4(), note=note
        )
    answer = vic_client.get(f"{api}conversations/{conversation.pk}/changes/?after=0")
    assert "note True" not in answer.content.decode() and "note False" in answer.content.decode()
    assert [row["seq"] for row in answer.json()["rows"]] == [1, 2, 3]


def test_a_ticket_that_is_not_ours(anonymous_client: Client, inbox: Inbox, api: str, globex: Any) -> None:
    foreign = issue_ticket(globex.inboxes.get(), inbox.allowed_origins[0])
    unwelcome = issue_ticket(inbox, "https://not-allowed.example")
    for ticket in ("", "forged", foreign, unwelcome):
        assert send(anonymous_client, f"{api}visitor/", ticket=ticket).status_code == 403
    assert Visitor.unscoped.count() == 0


def test_a_ticket_too_old(anonymous_client: Client, inbox: Inbox, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = issue_ticket(inbox, inbox.allowed_origins[0])
    monkeypatch.setattr("chat.widget.access.TICKET_AGE", -1)
    assert send(anonymous_client, f"{api}visitor/", ticket=ticket).status_code == 403


def test_who_only_polls_is_still_present(
    vic: Visitor, vic_client: Client, api: str, conversation: Conversation
) -> None:
    Visitor.unscoped.filter(pk=vic.pk).update(last_seen_at=timezone.now() - timedelta(minutes=5))
    assert vic_client.get(f"{api}conversations/{conversation.pk}/changes/").status_code == 200
    vic.refresh_from_db()
    assert vic.is_online()
    before = vic.last_seen_at
    vic_client.get(f"{api}conversations/{conversation.pk}/changes/")
    vic.refresh_from_db()
    assert vic.last_seen_at == before


def test_an_unknown_inbox_is_not_found(vic_client: Client) -> None:
    assert vic_client.get("/widget/wk_nothing/state/").status_code == 404
