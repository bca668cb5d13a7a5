"""Whom a conversation can be given to, and what happens when somebody else was faster."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat import actions, presence
from chat.models import Conversation
from chat.views import colleagues
from workspaces.actions import deactivate_member
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = pytest.mark.django_db


def names(client: Client, conversation: Conversation, **query: str) -> list[str]:
    answer = client.get(f"/w/acme/conversations/{conversation.pk}/colleagues/", query)
    assert answer.status_code == 200
    return [row["name"] for row in answer.json()["rows"]]


def test_who_may_answer_by_name(
    omar_client: Client, conversation: Conversation, vera_member: Membership, adam_member: Membership
) -> None:
    assert names(omar_client, conversation, to="assign") == ["Adam Berg", "Ana Srisuk", "Omar Haddad"]
    assert names(omar_client, conversation, to="assign", q="ana") == ["Ana Srisuk"]
    assert names(omar_client, conversation, to="assign", q="nobody") == []


def test_everybody_else_can_be_named(
    omar_client: Client, conversation: Conversation, vera_member: Membership, add_member: Any
) -> None:
    add_member("somchai@acme.test", "สมชาย ใจดี", Role.OPERATOR)
    assert names(omar_client, conversation, to="mention") == ["Ana Srisuk", "Vera Lind", "สมชาย ใจดี"]
    assert names(omar_client, conversation, to="mention", q="ใจ") == ["สมชาย ใจดี"]


def test_whoever_was_removed_is_not_offered(
    omar_client: Client, conversation: Conversation, adam_member: Membership, ana_member: Membership
) -> None:
    deactivate_member(adam_member, by=ana_member)
    for to in ("assign", "mention"):
        assert "Adam Berg" not in names(omar_client, conversation, to=to)


def test_readers_are_those_whom_the_policy_lets_in(
    conversation: Conversation, omar_member: Membership, vera_member: Membership, gil_member: Membership
) -> None:
    """`readers` is `visible_to` from the other side: they may not part."""
    readers = set(conversation.readers().values_list("pk", flat=True))
    for member in Membership.unscoped.all():
        may = member.workspace.conversations.visible_to(member).filter(pk=conversation.pk).exists()
        assert (member.pk in readers) is may, member


def test_a_large_team_is_searched_not_loaded(
    omar_client: Client, conversation: Conversation, add_member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(colleagues, "MOST", 3)
    for number in range(5):
        add_member(f"m{number}@acme.test", f"Member {number}", Role.OPERATOR)
    address = f"/w/acme/conversations/{conversation.pk}/colleagues/"
    with CaptureQueriesContext(connection) as few:
        answer = omar_client.get(address, {"to": "assign"}).json()
    assert len(answer["rows"]) == 3 and answer["more"]
    assert names(omar_client, conversation, to="assign", q="member 4") == ["Member 4"]
    monkeypatch.setattr(colleagues, "MOST", 6)
    with CaptureQueriesContext(connection) as more:
        omar_client.get(address, {"to": "assign"})
    assert len(few) == len(more)


def test_the_header_names_nobody_who_was_not_asked_for(
    omar_client: Client, conversation: Conversation, adam_member: Membership
) -> None:
    address = f"/w/acme/conversations/{conversation.pk}/takeover/"
    header = omar_client.post(address, headers={"HX-Request": "true"}).content
    assert b"Omar Haddad" in header and b"Adam Berg" not in header


def test_who_is_there_has_a_sign_that_heals_itself(
    omar_client: Client, conversation: Conversation, ana_member: Membership
) -> None:
    address = f"/w/acme/conversations/{conversation.pk}/colleagues/"
    online = lambda: {row["name"]: row["online"] for row in omar_client.get(address, {"to": "assign"}).json()["rows"]}  # noqa: E731
    presence.member_seen(ana_member)
    assert online() == {"Ana Srisuk": True, "Omar Haddad": False}
    # A process that was killed says nothing when it goes: its row grows old.
    row = ana_member.presence
    row.seen_at -= presence.PRESENCE_TTL
    row.save()
    assert online()["Ana Srisuk"] is False


def test_assigning_from_an_old_screen_says_who_was_faster(
    omar_client: Client, conversation: Conversation, omar_member: Membership, ana_member: Membership, adam_member: Any
) -> None:
    actions.take_over(conversation, by=ana_member)
    address = f"/w/acme/conversations/{conversation.pk}/assignment/"
    headers = {"Accept": "application/json", "HX-Request": "true"}
    answer = omar_client.post(address, {"assignee": adam_member.pk, "was": ""}, headers=headers)
    assert (answer.status_code, answer.json()["taken_by"]) == (409, "Ana Srisuk")
    assert "Ana Srisuk was faster" in answer.json()["detail"]
    conversation.refresh_from_db()
    assert conversation.assignee == ana_member
    assert omar_client.post(address, {"assignee": adam_member.pk, "was": ana_member.pk}).status_code == 302
    conversation.refresh_from_db()
    assert conversation.assignee == adam_member


def test_giving_it_to_who_has_it_already_is_no_conflict(
    omar_client: Client, conversation: Conversation, ana_member: Membership
) -> None:
    actions.take_over(conversation, by=ana_member)
    address = f"/w/acme/conversations/{conversation.pk}/assignment/"
    assert omar_client.post(address, {"assignee": ana_member.pk, "was": ""}).status_code == 302


def test_SR03_SR02_strangers_and_viewers(gil_client: Client, vera_client: Client, conversation: Conversation) -> None:
    assert gil_client.get(f"/w/globex/conversations/{conversation.pk}/colleagues/").status_code == 404
    assert vera_client.get(f"/w/acme/conversations/{conversation.pk}/colleagues/").status_code == 403
