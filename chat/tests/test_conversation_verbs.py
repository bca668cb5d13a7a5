from __future__ import annotations

import uuid
from typing import Any

import pytest

from chat import actions
from chat.models import Conversation, Kind, Status, Visitor
from minichat.lib.errors import Conflict, NotFound
from workspaces.models import AuditEntry, Membership

pytestmark = pytest.mark.django_db


def reply(conversation: Conversation, by: Membership, body: str = "hello", **more: Any) -> actions.Posted:
    return actions.post_operator_message(
        conversation, by=by, body=body, client_id=more.pop("client_id", uuid.uuid4()), **more
    )


def events(conversation: Conversation) -> list[str]:
    return [row.event["name"] for row in conversation.messages.filter(kind=Kind.EVENT).order_by("position")]


def test_the_first_reply_takes_the_conversation(conversation: Conversation, omar_member: Membership) -> None:
    reply(conversation, omar_member)
    conversation.refresh_from_db()
    assert conversation.assignee == omar_member and conversation.assignee_name == "Omar Haddad"
    assert not conversation.is_waiting and conversation.first_replied_at is not None
    assert events(conversation) == ["joined"]


def test_what_a_reply_does_by_the_way_is_in_the_audit_log(conversation: Conversation, omar_member: Membership) -> None:
    reply(conversation, omar_member)
    actions.resolve(conversation, by=omar_member)
    reply(conversation, omar_member, "one more thing")
    lines = AuditEntry.unscoped.filter(target_id=str(conversation.pk)).order_by("pk")
    assert [line.action for line in lines] == [
        "conversation.assigned",
        "conversation.resolved",
        "conversation.reopened",
    ]
    assert {line.actor for line in lines} == {omar_member}


def test_a_colleagues_reply_does_not_take_it_away(
    conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    reply(conversation, omar_member)
    reply(conversation, ana_member)
    conversation.refresh_from_db()
    assert conversation.assignee == omar_member


def test_SR10_a_note_is_the_teams_alone(conversation: Conversation, omar_member: Membership) -> None:
    before = conversation.public_seq
    note = reply(conversation, omar_member, "regular customer", note=True).message
    conversation.refresh_from_db()
    assert note.public_seq is None and conversation.public_seq == before == 1
    assert conversation.is_waiting and conversation.assignee is None
    assert conversation.last_message_preview == "Do you ship to Chiang Mai?"
    assert note not in conversation.messages.public()


def test_a_reply_repeated_is_one_reply(conversation: Conversation, omar_member: Membership) -> None:
    name = uuid.uuid4()
    first = reply(conversation, omar_member, client_id=name)
    second = reply(conversation, omar_member, client_id=name)
    assert second.is_repeat and first.message == second.message
    with pytest.raises(Conflict):
        reply(conversation, omar_member, client_id=name, note=True)


def test_SR03_a_strangers_conversation_is_not_found(conversation: Conversation, gil_member: Membership) -> None:
    for verb in (actions.take_over, actions.resolve, actions.reopen):
        with pytest.raises(NotFound):
            verb(conversation, by=gil_member)
    with pytest.raises(NotFound):
        reply(conversation, gil_member)
    assert conversation.messages.count() == 1


def test_of_two_who_take_it_one_wins(
    conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    actions.take_over(conversation, by=omar_member)
    actions.take_over(conversation, by=omar_member)
    with pytest.raises(Conflict, match="conflict") as refused:
        actions.take_over(conversation, by=ana_member)
    assert refused.value.detail == "Omar Haddad was faster and has this conversation."
    assert events(conversation) == ["joined"]


def test_assign_and_take_away(conversation: Conversation, omar_member: Membership, ana_member: Membership) -> None:
    actions.assign(conversation, assignee=omar_member, by=ana_member)
    actions.assign(conversation, assignee=omar_member, by=ana_member)
    actions.assign(conversation, assignee=None, by=ana_member)
    rows = list(conversation.messages.filter(kind=Kind.EVENT).order_by("position"))
    assert [row.event["to"] for row in rows] == ["Omar Haddad", None]
    assert all(row.public_seq is None for row in rows)
    assert AuditEntry.unscoped.filter(action="conversation.assigned").count() == 2


def test_assigning_to_a_viewer_or_a_stranger_is_refused(
    omar_client: Any, conversation: Conversation, vera_member: Membership, gil_member: Membership
) -> None:
    for member in (vera_member, gil_member):
        answer = omar_client.post(f"/w/acme/conversations/{conversation.pk}/assignment/", {"assignee": member.pk})
        assert answer.status_code == 422
    conversation.refresh_from_db()
    assert conversation.assignee is None


def test_resolve_and_reopen_once(conversation: Conversation, omar_member: Membership) -> None:
    for _ in range(2):
        actions.resolve(conversation, by=omar_member)
    conversation.refresh_from_db()
    assert conversation.status == Status.RESOLVED and not conversation.is_waiting
    for _ in range(2):
        actions.reopen(conversation, by=omar_member)
    conversation.refresh_from_db()
    assert conversation.is_waiting, "nobody has answered the visitor's last message"
    assert events(conversation) == ["resolved", "reopened"]


def test_read_pointers_only_move_forward(conversation: Conversation, vic: Visitor, omar_member: Membership) -> None:
    for number in range(3):
        actions.post_visitor_message(vic, body=f"{number}", client_id=uuid.uuid4())
    for position in (3, 2, 99, 1):
        actions.mark_read(conversation, by=omar_member, position=position)
    pointer = conversation.reads.get()
    conversation.refresh_from_db()
    assert (pointer.position, pointer.inbound) == (4, 4)
    assert (conversation.team_got, conversation.team_read) == (4, 4)


def test_a_viewer_reads_for_themselves(conversation: Conversation, vera_member: Membership) -> None:
    actions.mark_read(conversation, by=vera_member, position=1)
    conversation.refresh_from_db()
    assert conversation.reads.get().position == 1 and conversation.team_read == 0


def test_the_visitors_marks(conversation: Conversation, vic: Visitor, omar_member: Membership) -> None:
    reply(conversation, omar_member)
    actions.mark_visitor(vic, conversation, got=3)
    actions.mark_visitor(vic, conversation, read=2)
    actions.mark_visitor(vic, conversation, got=1, read=1)
    conversation.refresh_from_db()
    assert (conversation.visitor_got, conversation.visitor_read) == (3, 2)


def test_unread_is_what_this_member_has_not_seen(
    conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    actions.mark_read(conversation, by=omar_member, position=1)
    mine = conversation.workspace.conversations
    assert not mine.unread(omar_member).exists()
    assert mine.unread(ana_member).get() == conversation
