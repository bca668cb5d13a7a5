"""Colleagues named in a note."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat import actions, mentions, notices
from chat.models import Conversation, Message
from notifications.models import Notification
from workspaces.actions import deactivate_member
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = pytest.mark.django_db


def say(conversation: Conversation, by: Membership, body: str, *people: Membership, note: bool = True) -> Message:
    ids = [row.pk for row in people]
    posted = actions.post_operator_message(
        conversation, by=by, body=body, client_id=uuid.uuid4(), note=note, mentions=ids
    )
    return posted.message


def told(membership: Membership) -> list[Notification]:
    return list(membership.notifications.filter(kind=notices.MENTIONED.name))


def test_whoever_is_named_is_told_once_and_sees_a_chip(
    conversation: Conversation, omar_member: Membership, ana_member: Membership, ana_client: Client
) -> None:
    note = say(conversation, omar_member, "@Ana Srisuk eight percent? @Ana Srisuk", ana_member)
    [row] = told(ana_member)
    assert notices.MENTIONED.say(row.data) == "Omar Haddad mentioned you in a note about Visitor 1."
    assert notices.MENTIONED.link("acme", row.target) == f"/w/acme/conversations/{conversation.pk}/"
    assert row.mail_due_at is not None, "by mail as well, unless it is read before"
    assert note.mentions == [{"id": str(ana_member.pk), "name": "Ana Srisuk"}]
    page = ana_client.get(f"/w/acme/conversations/{conversation.pk}/").content.decode()
    assert page.count(f'<span class="mention" data-member="{ana_member.pk}">@Ana Srisuk</span>') == 2
    assert told(omar_member) == []


def test_SR10_in_a_reply_a_name_is_text(
    conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    reply = say(conversation, omar_member, "@Ana Srisuk will know", ana_member, note=False)
    assert reply.mentions == [] and told(ana_member) == []


def test_a_thai_name(conversation: Conversation, omar_member: Membership, add_member: Any) -> None:
    somchai = add_member("somchai@acme.test", "สมชาย ใจดี", Role.OPERATOR)
    note = say(conversation, omar_member, "ถาม@สมชาย ใจดี ก่อนนะ", somchai)
    assert len(told(somchai)) == 1
    assert mentions.parts(note.body, note.mentions)[1] == {"text": "@สมชาย ใจดี", "member": str(somchai.pk)}


def test_names_that_begin_alike(conversation: Conversation, omar_member: Membership, add_member: Any) -> None:
    short, long = (add_member(f"{n}@acme.test", n, Role.VIEWER) for n in ("Ann", "Ann Lee"))
    note = say(conversation, omar_member, "@Ann Lee and @Ann", short, long)
    found = [piece["member"] for piece in mentions.parts(note.body, note.mentions) if piece["member"]]
    assert found == [str(long.pk), str(short.pk)]


def test_SR03_strangers_and_the_removed_are_not_told(
    conversation: Conversation,
    omar_member: Membership,
    ana_member: Membership,
    adam_member: Membership,
    gil_member: Membership,
) -> None:
    deactivate_member(adam_member, by=ana_member)
    note = say(conversation, omar_member, "@Adam Berg @Gil Novak @nobody", adam_member, gil_member)
    assert note.mentions == [] and note.body.startswith("@Adam Berg")
    assert not Notification.unscoped.filter(kind=notices.MENTIONED.name).exists()


def test_an_id_whose_name_is_not_in_the_text_names_nobody(
    conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    assert say(conversation, omar_member, "nothing", ana_member).mentions == [] and told(ana_member) == []


def test_a_repeated_post_tells_nobody_again(
    conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    words = {"by": omar_member, "body": "@Ana Srisuk", "client_id": uuid.uuid4(), "note": True}
    for _ in range(2):
        actions.post_operator_message(conversation, mentions=[ana_member.pk], **words)
    assert len(told(ana_member)) == 1


def test_an_edit_tells_only_who_is_new(
    conversation: Conversation, omar_member: Membership, ana_member: Membership, vera_member: Membership
) -> None:
    note = say(conversation, omar_member, "@Ana Srisuk?", ana_member)
    both = [ana_member.pk, vera_member.pk]
    actions.edit_message(note, by=omar_member, body="@Ana Srisuk and @Vera Lind?", mentions=both)
    assert (len(told(ana_member)), len(told(vera_member))) == (1, 1)
    actions.edit_message(note, by=omar_member, body="nobody", mentions=[])
    note = actions.edit_message(note, by=omar_member, body="@Ana Srisuk after all", mentions=both)
    assert (len(told(ana_member)), len(told(vera_member))) == (1, 1)
    assert [piece["member"] for piece in mentions.parts(note.body, note.mentions)][0] == str(ana_member.pk)


def test_an_edited_reply_names_nobody(
    conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    reply = say(conversation, omar_member, "hello", note=False)
    actions.edit_message(reply, by=omar_member, body="@Ana Srisuk", mentions=[ana_member.pk])
    assert told(ana_member) == []


def test_over_http(omar_client: Client, conversation: Conversation, ana_member: Membership) -> None:
    address = f"/w/acme/conversations/{conversation.pk}/messages/"
    words = {"client_id": str(uuid.uuid4()), "body": "@Ana Srisuk", "note": True, "mentions": [str(ana_member.pk)]}
    assert omar_client.post(address, words, content_type="application/json").status_code == 201
    assert len(told(ana_member)) == 1
    for senseless in ("x", ["x"], [str(uuid.uuid4())] * 51):
        words = {**words, "client_id": str(uuid.uuid4()), "mentions": senseless}
        assert omar_client.post(address, words, content_type="application/json").status_code == 422


def test_nobody_named_costs_nothing(conversation: Conversation, omar_member: Membership) -> None:
    say(conversation, omar_member, "first", note=False)
    with CaptureQueriesContext(connection) as queries:
        say(conversation, omar_member, "second")
    assert not [query["sql"] for query in queries if 'FROM "workspaces_membership"' in query["sql"]]


def test_deleting_the_note_forgets_the_names(
    conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    note = say(conversation, omar_member, "@Ana Srisuk", ana_member)
    assert actions.delete_message(note, by=omar_member).mentions == []
