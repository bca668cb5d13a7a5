"""Files of messages: taken once, by their sender, into their conversation; shown to whom the message is shown."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from chat import actions, pace, snapshots
from chat.hub import Push, hub
from chat.models import Attachment, Conversation, Inbox, Message, Visitor
from chat.tests.test_trips import trips
from chat.tests.test_visitor_messages import at_once
from chat.tests.uploads import sent_file, uploaded
from chat.widget.access import new_visitor
from minichat.lib.errors import Conflict, Invalid, MiniChatError
from minichat.lib.files import links
from workspaces import actions as workspace_actions
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(media: Path) -> Path:
    for one in (pace.uploads, pace.visitors, pace.members):
        one.forget()
    return media


@pytest.fixture
def api(inbox: Inbox) -> str:
    return f"/widget/{inbox.widget_key}/"


@pytest.fixture
def base(conversation: Conversation) -> str:
    return f"/w/acme/conversations/{conversation.pk}/"


@pytest.fixture
def pushed(monkeypatch: pytest.MonkeyPatch) -> list[Push]:
    told: list[Push] = []
    monkeypatch.setattr(hub, "push", lambda *pushes: told.extend(pushes))
    return told


def post(client: Client, url: str, **fields: Any) -> Any:
    body = {"client_id": str(uuid.uuid4()), **fields}
    return client.post(url, json.dumps(body, default=str), content_type="application/json")


def reply(conversation: Conversation, by: Membership, *files: Attachment, **fields: Any) -> Message:
    values = {"body": "", "client_id": uuid.uuid4(), "attachments": [file.pk for file in files], **fields}
    return actions.post_operator_message(conversation, by=by, **values).message


# --- Into a message -------------------------------------------------------------------------------------------------


def test_a_visitors_message_takes_its_files_in_their_order(vic_client: Client, api: str, vic: Visitor) -> None:
    files = [uploaded(actions.visiting(vic), kind) for kind in ("pdf", "image", "image")]
    answer = post(vic_client, f"{api}messages/", attachments=[file.pk for file in files[::-1]])
    assert answer.status_code == 201
    message = Message.unscoped.with_files().get(pk=answer.json()["id"])
    assert message.body == "" and message.files == files[::-1]
    assert {file.conversation_id for file in message.files} == {message.conversation_id}
    assert [file["id"] for file in snapshots.public_message(message)["attachments"]] == [str(f.pk) for f in files[::-1]]


def test_an_operators_reply_and_note_take_theirs(
    omar_client: Client, base: str, conversation: Conversation, omar_member: Membership
) -> None:
    for note in (False, True):
        file = uploaded(actions.answering(omar_member, conversation))
        answer = post(omar_client, f"{base}messages/", body="see", note=note, attachments=[file.pk])
        assert answer.status_code == 201
        file.refresh_from_db()
        assert str(file.message_id) == answer.json()["id"]


def test_a_message_needs_a_text_or_a_file(vic_client: Client, omar_client: Client, api: str, base: str) -> None:
    for client, url in [(vic_client, f"{api}messages/"), (omar_client, f"{base}messages/")]:
        for fields in ({"body": ""}, {"body": " "}, {}, {"attachments": []}, {"body": None, "attachments": ""}):
            answer = post(client, url, **fields)
            assert answer.status_code == 422 and "body" in answer.json()["errors"]


@pytest.mark.parametrize("wrong", ["x", ["x"], [1], {"a": 1}, [None], [str(uuid.uuid4()) for _ in range(6)]])
def test_what_is_no_list_of_five_ids_is_refused(vic_client: Client, api: str, wrong: Any) -> None:
    answer = post(vic_client, f"{api}messages/", body="hi", attachments=wrong)
    assert answer.status_code == 422 and "attachments" in answer.json()["errors"]


def test_sending_twice_is_sending_once(vic_client: Client, api: str, vic: Visitor) -> None:
    name, file = uuid.uuid4(), uploaded(actions.visiting(vic))
    first, again = (post(vic_client, f"{api}messages/", client_id=name, attachments=[file.pk]) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    other = uploaded(actions.visiting(vic))
    assert post(vic_client, f"{api}messages/", client_id=name, attachments=[other.pk]).status_code == 409


def test_an_operators_reply_twice_is_once(conversation: Conversation, omar_member: Membership) -> None:
    name, file = uuid.uuid4(), uploaded(actions.answering(omar_member, conversation))
    rows = {reply(conversation, omar_member, file, client_id=name).pk for _ in range(2)}
    assert len(rows) == 1
    with pytest.raises(Conflict):
        reply(conversation, omar_member, uploaded(actions.answering(omar_member, conversation)), client_id=name)


# --- Nobody else's --------------------------------------------------------------------------------------------------


def test_SR05_knowing_an_id_sends_nothing(
    vic_client: Client,
    omar_client: Client,
    api: str,
    base: str,
    conversation: Conversation,
    inbox: Inbox,
    omar_member: Membership,
    ana_member: Membership,
    globex: Workspace,
) -> None:
    other = new_visitor(inbox)[0]
    elsewhere = actions.post_visitor_message(other, body="hi", client_id=uuid.uuid4()).message.conversation
    stranger = new_visitor(globex.inboxes.get())[0]
    foreign = {
        "another visitor's": uploaded(actions.visiting(other)),
        "another workspace's": uploaded(actions.visiting(stranger)),
        "a colleague's": uploaded(actions.answering(ana_member, conversation)),
        "one's own for another conversation": uploaded(actions.answering(omar_member, elsewhere)),
        "sent already": sent_file(conversation),
    }
    ids = [*(row.pk for row in foreign.values()), uuid.uuid4()]
    for pk in ids:
        for client, url in [(vic_client, f"{api}messages/"), (omar_client, f"{base}messages/")]:
            answer = post(client, url, body="mine", attachments=[pk])
            assert answer.status_code == 422 and answer.json()["errors"].keys() == {"attachments"}
    assert not Message.unscoped.filter(body="mine").exists()
    assert Attachment.unscoped.filter(message__isnull=False).count() == 1


def test_one_refused_post_does_not_hinder_its_neighbours(vic: Visitor, inbox: Inbox) -> None:
    file = uploaded(actions.visiting(vic))
    posts = [
        actions.VisitorPost(vic, "first", uuid.uuid4(), attachments=(file.pk,)),
        actions.VisitorPost(vic, "second", uuid.uuid4(), attachments=(file.pk,)),
        actions.VisitorPost(new_visitor(inbox)[0], "thief", uuid.uuid4(), attachments=(file.pk,)),
        actions.VisitorPost(vic, "third", uuid.uuid4()),
    ]
    answers = actions.post_visitor_messages(posts)
    assert [isinstance(answer, MiniChatError) for answer in answers] == [False, True, True, False]
    assert Attachment.unscoped.get().message.body == "first"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_messages_that_want_one_upload_one_gets_it(
    conversation: Conversation, omar_member: Membership, vic: Visitor
) -> None:
    file = uploaded(actions.answering(omar_member, conversation))
    answers = at_once(lambda _: reply(conversation, omar_member, file), workers=3)
    assert sorted(type(answer).__name__ for answer in answers) == ["Invalid", "Invalid", "Message"]
    mine = uploaded(actions.visiting(vic))
    answers = at_once(
        lambda _: actions.post_visitor_message(vic, body="x", client_id=uuid.uuid4(), attachments=[mine.pk]), workers=3
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Invalid", "Invalid", "Posted"]


# --- Shown ----------------------------------------------------------------------------------------------------------


def test_both_sides_are_shown_the_file(
    conversation: Conversation, omar_member: Membership, pushed: list[Push], django_capture_on_commit_callbacks: Any
) -> None:
    file = uploaded(actions.answering(omar_member, conversation))
    with django_capture_on_commit_callbacks(execute=True):
        reply(conversation, omar_member, file)
    to_visitor = [
        push.data["message"] for push in pushed if push.group.startswith("visitor.") and "message" in push.data
    ]
    [shown] = to_visitor[-1]["attachments"]
    assert (shown["id"], shown["name"], shown["width"]) == (str(file.pk), "photo.webp", 640)
    assert shown["url"].startswith("/files/") and shown["thumb"].startswith("/files/")
    to_team = [push.data["message"] for push in pushed if push.frame == "message"]
    assert to_team[-1]["attachments"][0]["url"] == f"/w/acme/conversations/{conversation.pk}/files/{file.pk}/"


def test_a_note_with_a_file_leaves_no_trace_for_the_visitor(
    conversation: Conversation,
    omar_member: Membership,
    vic_client: Client,
    api: str,
    pushed: list[Push],
    django_capture_on_commit_callbacks: Any,
) -> None:
    file = uploaded(actions.answering(omar_member, conversation), "pdf")
    with django_capture_on_commit_callbacks(execute=True):
        reply(conversation, omar_member, file, note=True, body="look")
    assert not [push for push in pushed if push.group.startswith("visitor")]
    assert vic_client.get(f"{api}files/{file.pk}/").status_code == 404
    conversation.refresh_from_db()
    assert conversation.last_message_files == 0


def test_gap_fills_and_pages_show_it(
    vic_client: Client, omar_client: Client, api: str, base: str, conversation: Conversation
) -> None:
    file = sent_file(conversation, name="แผนที่.webp")
    rows = vic_client.get(f"{api}conversations/{conversation.pk}/changes/").json()["rows"]
    assert [len(row["attachments"]) for row in rows] == [0, 1]
    assert vic_client.get(rows[1]["attachments"][0]["url"]).status_code == 200
    for place in (base, f"{base}changes/"):
        page = omar_client.get(place).content.decode()
        assert f"{base}files/{file.pk}/" in page
    listed = omar_client.get("/w/acme/conversations/").content.decode()
    assert "แผนที่.webp" in listed


def test_a_thread_costs_the_same_with_one_file_and_with_many(
    omar_client: Client, vic_client: Client, api: str, base: str, conversation: Conversation
) -> None:
    places = [(omar_client, base), (omar_client, f"{base}changes/")]
    places += [(vic_client, f"{api}conversations/{conversation.pk}/changes/")]
    sent_file(conversation)
    for client, place in places:  # a first look also notes that the visitor is there, and what is known of the models
        client.get(place)
    few = [len(trips(lambda: client.get(place))) for client, place in places]  # noqa: B023
    for _ in range(9):
        sent_file(conversation)
    assert [len(trips(lambda: client.get(place))) for client, place in places] == few  # noqa: B023


def test_the_list_says_what_came_last(conversation: Conversation, omar_member: Membership) -> None:
    files = [uploaded(actions.answering(omar_member, conversation), name=name) for name in ("a.webp", "b.webp")]
    reply(conversation, omar_member, *files)
    conversation.refresh_from_db()
    assert (conversation.last_message_preview, conversation.last_message_files) == ("a.webp", 2)
    reply(conversation, omar_member, body="hello")
    conversation.refresh_from_db()
    assert (conversation.last_message_preview, conversation.last_message_files) == ("hello", 0)


# --- Handed out -----------------------------------------------------------------------------------------------------


def test_SR47_a_member_is_asked_each_time_and_led_to_a_link(
    omar_client: Client, vera_client: Client, base: str, conversation: Conversation
) -> None:
    photo, document = sent_file(conversation), sent_file(conversation, kind="pdf", name="Q1.pdf")
    answer = vera_client.get(f"{base}files/{photo.pk}/?thumb=1")
    assert answer.status_code == 302 and "no-store" in answer["Cache-Control"]
    seen = omar_client.get(answer["Location"])
    assert seen.content == b"thumb" and seen["Content-Type"] == "image/webp"
    assert omar_client.get(f"{base}files/{photo.pk}/", follow=True).content == b"full"
    saved = omar_client.get(f"{base}files/{document.pk}/?thumb=1", follow=True)
    assert (
        saved["Content-Disposition"] == 'attachment; filename="Q1.pdf"' and saved["Content-Type"] == "application/pdf"
    )
    for found in (seen, saved):
        assert found["X-Content-Type-Options"] == "nosniff"
        assert found["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert seen["Content-Disposition"].startswith("inline")


def test_SR47_a_visitor_asks_with_their_credential(
    vic_client: Client, inbox: Inbox, api: str, conversation: Conversation, omar_client: Client
) -> None:
    file = sent_file(conversation)
    fresh = vic_client.get(f"{api}files/{file.pk}/").json()
    assert fresh["id"] == str(file.pk) and vic_client.get(fresh["url"]).content == b"full"
    other = Client(headers={"Authorization": f"Bearer {new_visitor(inbox)[1]}"})
    assert other.get(f"{api}files/{file.pk}/").status_code == 404
    assert omar_client.get(f"{api}files/{file.pk}/").status_code == 401


def test_SR47_a_link_grows_old_and_a_fresh_one_is_given(
    vic_client: Client, api: str, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent_file(conversation)
    old = vic_client.get(f"{api}files/{file.pk}/").json()["url"]
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + links.LINK_LIFE.total_seconds() + 1)
    assert vic_client.get(old).status_code == 404
    assert vic_client.get(vic_client.get(f"{api}files/{file.pk}/").json()["url"]).status_code == 200


def test_SR47_no_other_address_leads_to_it(anonymous_client: Client, conversation: Conversation) -> None:
    file = sent_file(conversation)
    for place in (f"/media/attachments/{file.key}/640.webp", f"/media/attachments/{file.key}/full.webp"):
        assert anonymous_client.get(place).status_code == 404


def test_SR05_strangers_and_those_who_left_find_nothing(
    gil_client: Client,
    omar_client: Client,
    omar_member: Membership,
    ana_member: Membership,
    base: str,
    conversation: Conversation,
    inbox: Inbox,
) -> None:
    file = sent_file(conversation)
    assert gil_client.get(f"{base}files/{file.pk}/").status_code == 404
    elsewhere = actions.post_visitor_message(new_visitor(inbox)[0], body="hi", client_id=uuid.uuid4()).message
    wrong = f"/w/acme/conversations/{elsewhere.conversation_id}/files/{file.pk}/"
    assert omar_client.get(wrong).status_code == 404
    assert omar_client.get(f"{base}files/{file.pk}/").status_code == 302
    workspace_actions.deactivate_member(omar_member, by=ana_member)
    assert omar_client.get(f"{base}files/{file.pk}/").status_code == 404


def test_an_upload_is_shown_to_its_sender_alone_until_it_is_sent(
    omar_client: Client, ana_client: Client, base: str, conversation: Conversation, omar_member: Membership
) -> None:
    file = uploaded(actions.answering(omar_member, conversation))
    assert omar_client.get(f"{base}files/{file.pk}/").status_code == 302
    assert ana_client.get(f"{base}files/{file.pk}/").status_code == 404


# --- Gone -----------------------------------------------------------------------------------------------------------


def test_a_deleted_message_takes_its_files_away(
    conversation: Conversation,
    omar_member: Membership,
    omar_client: Client,
    vic_client: Client,
    api: str,
    base: str,
    media: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    file = uploaded(actions.answering(omar_member, conversation))
    row = reply(conversation, omar_member, file)
    link = vic_client.get(f"{api}files/{file.pk}/").json()["url"]
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_message(row, by=omar_member)
    assert not Attachment.unscoped.exists() and not list((media / "attachments").rglob("*.webp"))
    assert vic_client.get(link).status_code == 404
    assert omar_client.get(f"{base}files/{file.pk}/").status_code == 404
    rows = vic_client.get(f"{api}conversations/{conversation.pk}/changes/").json()["rows"]
    assert rows[-1]["deleted_at"] and rows[-1]["attachments"] == []
    conversation.refresh_from_db()
    assert (conversation.last_message_preview, conversation.last_message_files) == ("", 0)


def test_an_edit_keeps_the_files(conversation: Conversation, omar_member: Membership) -> None:
    file = uploaded(actions.answering(omar_member, conversation))
    row = reply(conversation, omar_member, file, body="see")
    changed = actions.edit_message(row, by=omar_member, body="look")
    assert changed.files == [file]


def test_a_refused_message_leaves_its_upload_to_be_sent(vic: Visitor) -> None:
    file = uploaded(actions.visiting(vic))
    with pytest.raises(Invalid):
        actions.post_visitor_message(vic, body="x", client_id=uuid.uuid4(), attachments=[file.pk, uuid.uuid4()])
    assert actions.post_visitor_message(vic, body="x", client_id=uuid.uuid4(), attachments=[file.pk]).message.files
