"""Whoever is blocked is sent away and stays away, until somebody lets them write again."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat import actions
from chat.models import Block, Conversation, Inbox, Kind, Visitor
from chat.widget.access import new_visitor
from minichat.lib.errors import NotFound
from workspaces.models import AuditEntry, Membership

pytestmark = pytest.mark.django_db


def write(client: Client, inbox: Inbox) -> int:
    body = json.dumps({"client_id": str(uuid.uuid4()), "body": "hello", "conversation": None})
    return client.post(f"/widget/{inbox.widget_key}/messages/", body, content_type="application/json").status_code


def test_SR31_all_browsers_of_the_contact_are_refused(
    conversation: Conversation, omar_member: Membership, vic: Visitor, vic_client: Client, inbox: Inbox
) -> None:
    second, _ = new_visitor(inbox)
    Visitor.unscoped.filter(pk=second.pk).update(contact=vic.contact)
    assert write(vic_client, inbox) == 201
    actions.block(conversation, by=omar_member)
    assert write(vic_client, inbox) == 403
    assert vic_client.get(f"/widget/{inbox.widget_key}/state/").status_code == 403
    assert set(Visitor.unscoped.exclude(blocked_at=None)) == {vic, second}
    assert conversation.messages.filter(kind=Kind.VISITOR).count() == 2, "what was said stays"


def test_twice_is_once_and_it_is_written_down(conversation: Conversation, omar_member: Membership) -> None:
    actions.block(conversation, by=omar_member)
    actions.block(conversation, by=omar_member)
    row = Block.unscoped.get()
    assert row.by == omar_member and row.by_name == "Omar Haddad"
    actions.unblock(conversation.contact, by=omar_member)
    actions.unblock(conversation.contact, by=omar_member)
    lines = AuditEntry.unscoped.filter(action__startswith="visitor").values_list("action", flat=True)
    assert list(lines) == ["visitor.blocked", "visitor.unblocked"]
    rows = conversation.messages.filter(kind=Kind.EVENT).order_by("position")
    assert [row.event["name"] for row in rows] == ["blocked", "unblocked"]
    assert not conversation.messages.public().filter(kind=Kind.EVENT).exists(), "the team's alone"


def test_who_is_let_in_again_writes_again(
    conversation: Conversation, omar_member: Membership, vic_client: Client, inbox: Inbox
) -> None:
    actions.block(conversation, by=omar_member)
    actions.unblock(conversation.contact, by=omar_member)
    assert write(vic_client, inbox) == 201


def test_the_thread_says_so(conversation: Conversation, omar_client: Client) -> None:
    place = f"/w/acme/conversations/{conversation.pk}/block/"
    header = omar_client.post(place, headers={"HX-Request": "true"}).content.decode()
    assert 'data-blocked="true"' in header
    assert 'data-blocked="true"' in omar_client.get(f"/w/acme/conversations/{conversation.pk}/").content.decode()
    header = omar_client.post(f"{place}delete/", headers={"HX-Request": "true"}).content.decode()
    assert 'data-blocked="false"' in header
    assert omar_client.post(place).status_code == 302, "a plain form comes back to the thread"


def test_the_list_names_who_and_by_whom(
    conversation: Conversation, omar_client: Client, omar_member: Membership
) -> None:
    page = omar_client.get("/w/acme/settings/blocked/")
    assert "Nobody is blocked" in page.content.decode()
    actions.block(conversation, by=omar_member)
    page = omar_client.get("/w/acme/settings/blocked/").content.decode()
    assert conversation.contact.display_name in page and "Blocked by Omar Haddad" in page
    row = Block.unscoped.get()
    assert omar_client.post(f"/w/acme/settings/blocked/{row.pk}/delete/").status_code == 302
    assert not Block.unscoped.exists() and not Visitor.unscoped.exclude(blocked_at=None).exists()


def several(inbox: Inbox, number: int) -> list[Conversation]:
    posts = [
        actions.post_visitor_message(new_visitor(inbox)[0], body=str(n), client_id=uuid.uuid4()) for n in range(number)
    ]
    return [post.message.conversation for post in posts]


def blocked() -> set[uuid.UUID]:
    return set(Visitor.unscoped.exclude(blocked_at=None).values_list("pk", flat=True))


def test_many_are_blocked_in_one_act_and_let_in_by_one_undo(
    inbox: Inbox, omar_member: Membership, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    some = several(inbox, 3)
    sent_away: list[uuid.UUID] = []
    monkeypatch.setattr("chat.broadcasts.revoke_visitor", sent_away.append)
    with django_capture_on_commit_callbacks(execute=True):
        act = actions.perform(omar_member, "block", {}, [one.pk for one in some])
    assert (act.state, len(act.changed)) == ("done", 3)
    assert blocked() == {one.visitor_id for one in some} == set(sent_away)
    assert set(Block.unscoped.values_list("contact", "by_name")) == {(one.contact_id, "Omar Haddad") for one in some}
    act = actions.take_back(act, by=omar_member)
    assert (act.state, act.kept) == ("undone", 0)
    assert not blocked() and not Block.unscoped.exists()
    for one in some:
        rows = one.messages.filter(kind=Kind.EVENT).order_by("position")
        assert [(row.event["name"], row.public_seq) for row in rows] == [("blocked", None), ("unblocked", None)]
    lines = AuditEntry.unscoped.filter(action__startswith="visitor").values_list("action", flat=True)
    assert sorted(lines) == ["visitor.blocked"] * 3 + ["visitor.unblocked"] * 3


def test_an_undo_leaves_alone_who_was_let_in_and_blocked_again(
    inbox: Inbox, omar_member: Membership, ana_member: Membership
) -> None:
    one, other, third = several(inbox, 3)
    actions.block(third, by=ana_member)
    act = actions.perform(omar_member, "block", {}, [one.pk, other.pk, third.pk])
    assert len(act.changed) == 2, "whom Ana has blocked is blocked"
    actions.unblock(one.contact, by=ana_member)
    actions.block(one, by=ana_member)
    act = actions.take_back(act, by=omar_member)
    assert act.kept == 1 and blocked() == {one.visitor_id, third.visitor_id}
    assert set(Block.unscoped.values_list("by", flat=True)) == {ana_member.pk}


def test_several_conversations_of_one_person_are_one_block(inbox: Inbox, omar_member: Membership) -> None:
    one, other = several(inbox, 2)
    Conversation.unscoped.filter(pk=other.pk).update(contact=one.contact_id)
    Visitor.unscoped.filter(pk=other.visitor_id).update(contact=one.contact_id)
    act = actions.perform(omar_member, "block", {}, [one.pk, other.pk])
    assert len(act.changed) == 1 and blocked() == {one.visitor_id, other.visitor_id}
    actions.take_back(act, by=omar_member)
    assert not blocked() and not Block.unscoped.exists()


def test_fifty_at_once_ask_the_database_no_more_often(inbox: Inbox, omar_member: Membership) -> None:
    counted = []
    for number in (2, 12):
        some = [one.pk for one in several(inbox, number)]
        with CaptureQueriesContext(connection) as asked:
            actions.perform(omar_member, "block", {}, some)
        counted.append(len(asked))
    # Engines without several statements in one trip update each conversation by itself.
    assert counted[1] - counted[0] <= (0 if connection.vendor == "postgresql" else 10), counted


def test_the_bar_of_the_list_blocks(inbox: Inbox, omar_client: Client, vera_client: Client) -> None:
    some = several(inbox, 2)
    body = json.dumps({"verb": "block", "value": None, "ids": [str(one.pk) for one in some], "list": None})
    place = "/w/acme/conversations/triage/"
    assert vera_client.post(place, body, content_type="application/json").status_code == 403
    answer = omar_client.post(place, body, content_type="application/json").json()
    assert (answer["verb"], answer["changed"]) == ("block", 2) and len(blocked()) == 2
    assert omar_client.post(f"{place}{answer['id']}/undo/").json()["state"] == "undone" and not blocked()


def test_SR03_strangers_block_nobody(conversation: Conversation, gil_member: Membership, gil_client: Client) -> None:
    with pytest.raises(NotFound):
        actions.block(conversation, by=gil_member)
    actions.unblock(conversation.contact, by=gil_member)
    assert gil_client.post(f"/w/globex/conversations/{conversation.pk}/block/").status_code == 404
    assert gil_client.post(f"/w/globex/settings/blocked/{uuid.uuid4()}/delete/").status_code == 404
    assert not Visitor.unscoped.exclude(blocked_at=None).exists()


def test_viewers_block_nobody(conversation: Conversation, vera_client: Client) -> None:
    assert vera_client.post(f"/w/acme/conversations/{conversation.pk}/block/").status_code == 403
    assert vera_client.get("/w/acme/settings/blocked/").status_code == 403


def test_many_are_listed_page_by_page(
    inbox: Inbox, omar_member: Membership, omar_client: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr("chat.views.blocks.PAGE", 2)
    for index in range(5):
        posted = actions.post_visitor_message(new_visitor(inbox)[0], body=str(index), client_id=uuid.uuid4())
        actions.block(posted.message.conversation, by=omar_member)
    seen, after = [], ""
    while True:
        answer = omar_client.get("/w/acme/settings/blocked/", {"after": after})
        seen += [one["row"].pk for one in answer.context["people"]]
        after = answer.context["next"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5
