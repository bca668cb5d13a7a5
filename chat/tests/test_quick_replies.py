"""Quick replies: what is one, how it travels, and where it ends."""

from __future__ import annotations

import csv
import io
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chat import actions, frames, quick_replies, snapshots
from chat.models import CannedResponse, Conversation, Message
from minichat.lib.errors import Invalid
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
COLOURS = ["Red", "น้ำเงิน", "<b>Green</b>"]


def post(client: Client, conversation: Conversation, replies: Any, **more: Any) -> Any:
    body = {"client_id": str(uuid.uuid4()), "body": "Which colour?", "quick_replies": replies, **more}
    url = f"/w/acme/conversations/{conversation.pk}/messages/"
    return client.post(url, json.dumps(body), content_type="application/json")


def ask(conversation: Conversation, by: Membership) -> Message:
    words = {"body": "Which colour?", "client_id": uuid.uuid4(), "quick_replies": COLOURS}
    return actions.post_operator_message(conversation, by=by, **words).message


# --- One message --------------------------------------------------------------------------------------------------


def test_they_are_stored_and_seen_by_both_sides(
    omar_client: Client, conversation: Conversation, client: Client, vic_token: str
) -> None:
    assert post(omar_client, conversation, [" Red ", "น้ำเงิน", "Red", "<b>Green</b>"]).status_code == 201
    row = Message.unscoped.get(kind="operator")
    assert row.quick_replies == COLOURS, "each once, without spaces around it"
    url = f"/widget/{conversation.inbox.widget_key}/conversations/{conversation.pk}/changes/"
    answer = client.get(url, headers={"Authorization": f"Bearer {vic_token}"}).json()
    assert [one["quick_replies"] for one in answer["rows"] if one["kind"] == "operator"] == [COLOURS]
    changes = omar_client.get(f"/w/acme/conversations/{conversation.pk}/changes/").json()["rows"]
    [html] = [one["html"] for one in changes if one["id"] == str(row.pk)]
    assert 'class="quicks' in html and "&lt;b&gt;Green" in html and "<b>Green" not in html


@pytest.mark.parametrize(
    "replies",
    [
        ["x" * 41],
        [""],
        [" \u200b "],
        ["a", "b", "c", "d", "e", "f", "g"],
        "Red",
        {"a": 1},
        [1],
        [["a"]],
        [None],
        ["x"] * 60,
    ]
    + [["x" * 5_000]],
    ids=str,
)
def test_SR64_what_is_none_is_refused(omar_client: Client, conversation: Conversation, replies: Any) -> None:
    response = post(omar_client, conversation, replies)
    assert response.status_code == 422 and "quick_replies" in response.json()["errors"]
    assert not Message.unscoped.filter(kind="operator").exists()


@pytest.mark.parametrize("nothing", [None, [], ""])
def test_none_at_all(omar_client: Client, conversation: Conversation, nothing: Any) -> None:
    assert post(omar_client, conversation, nothing).status_code == 201


def test_a_note_has_none(omar_client: Client, conversation: Conversation) -> None:
    assert post(omar_client, conversation, ["Red"], note=True).status_code == 201
    assert Message.unscoped.get(kind="note").quick_replies == []


def test_a_visitor_has_none_to_give(client: Client, conversation: Conversation, vic_token: str) -> None:
    body = {"client_id": str(uuid.uuid4()), "body": "hi", "quick_replies": ["Red"]}
    url = f"/widget/{conversation.inbox.widget_key}/messages/"
    headers = {"Authorization": f"Bearer {vic_token}"}
    assert client.post(url, json.dumps(body), content_type="application/json", headers=headers).status_code == 422


def test_an_edit_keeps_them_and_a_deletion_does_not(conversation: Conversation, omar_member: Membership) -> None:
    row = ask(conversation, omar_member)
    edited = actions.edit_message(row, by=omar_member, body="Which one?")
    assert edited.quick_replies == COLOURS
    actions.delete_message(row, by=omar_member)
    row.refresh_from_db()
    assert row.quick_replies == [] and snapshots.public_message(row)["quick_replies"] == []


def test_the_limits_are_those_of_the_composer(omar_client: Client, conversation: Conversation) -> None:
    page = omar_client.get(f"/w/acme/conversations/{conversation.pk}/").content.decode()
    assert f'maxlength="{quick_replies.LONGEST}"' in page
    assert frames.short_answers(["x" * 40] + list("abcde")) and quick_replies.MOST == 6
    with pytest.raises(Invalid):
        quick_replies.lines("\n".join("abcdefg"))


# --- Canned responses ---------------------------------------------------------------------------------------------


def test_a_canned_response_brings_them_along(ana_client: Client, conversation: Conversation) -> None:
    words = {"shortcut": "colour", "body": "Which colour?", "shared": "on"}
    assert ana_client.post("/w/acme/canned/new/", {**words, "quick_replies": "Red\r\n\r\n น้ำเงิน"}).status_code == 302
    [row] = ana_client.get(f"/w/acme/conversations/{conversation.pk}/canned/").json()["rows"]
    assert row["quick_replies"] == ["Red", "น้ำเงิน"]
    form = ana_client.get(f"/w/acme/canned/{CannedResponse.unscoped.get().pk}/").content.decode()
    assert ">\nRed\nน้ำเงิน</textarea>" in form
    ana_client.post(f"/w/acme/canned/{CannedResponse.unscoped.get().pk}/", {**words, "quick_replies": ""})
    assert CannedResponse.unscoped.get().quick_replies == []


def test_SR64_a_wrong_one_is_named_and_nothing_typed_is_lost(ana_client: Client) -> None:
    words = {"shortcut": "colour", "body": "Which colour?", "quick_replies": f"Red\n{'x' * 41}"}
    response = ana_client.post("/w/acme/canned/new/", words)
    assert response.status_code == 422 and "quick_replies" in response.context["form"].errors
    assert "x" * 41 in response.content.decode() and not CannedResponse.unscoped.exists()


def upload(client: Client, content: str) -> Any:
    return client.post("/w/acme/canned/import/", {"file": SimpleUploadedFile("texts.csv", content.encode())})


def test_a_file_goes_out_and_comes_in(ana_client: Client, ana_member: Membership) -> None:
    words = {"shortcut": "colour", "body": "Which?", "shared": True}
    actions.add_canned_response(ana_member, **words, quick_replies=["=1+1", "น้ำเงิน"])
    exported = ana_client.get("/w/acme/canned/export/").content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(exported))
    assert row["quick_replies"] == "'=1+1\nน้ำเงิน", "a spreadsheet must not calculate it"
    CannedResponse.unscoped.all().delete()
    upload(ana_client, exported)
    assert CannedResponse.unscoped.get().quick_replies == ["=1+1", "น้ำเงิน"]


def test_a_file_that_does_not_speak_of_them_leaves_them(ana_client: Client, ana_member: Membership) -> None:
    words = {"shortcut": "colour", "body": "Which?", "shared": True}
    actions.add_canned_response(ana_member, **words, quick_replies=["Red"])
    upload(ana_client, "shortcut,text\ncolour,Which one?")
    assert CannedResponse.unscoped.get().quick_replies == ["Red"]
    upload(ana_client, "shortcut,text,quick_replies\ncolour,Which one?,\nother,x")
    assert [row.quick_replies for row in CannedResponse.unscoped.all()] == [[], []]


def test_a_wrong_line_is_named(ana_client: Client) -> None:
    response = upload(ana_client, f"shortcut,text,quick_replies\ncolour,Which?,{'x' * 41}")
    assert response.status_code == 422 and "Line 2" in response.content.decode()
