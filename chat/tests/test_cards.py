"""Cards: what is one, how it travels, and how it is drawn."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from chat import actions, cards, emails, snapshots
from chat.models import CannedResponse, Conversation, Message
from minichat.lib.errors import Invalid
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
GRINDER = {
    "title": "K-Max",
    "lines": ["64 mm burrs", "<b>บดละเอียด</b>"],
    "price": "฿8,900",
    "label": "See it",
    "url": "https://shop.test/k-max?a=1&b=2",
}
KEPT = {"type": "plain", **GRINDER}


def post(client: Client, conversation: Conversation, card: Any, **more: Any) -> Any:
    body = {"client_id": str(uuid.uuid4()), "body": "This one?", "card": card, **more}
    url = f"/w/acme/conversations/{conversation.pk}/messages/"
    return client.post(url, json.dumps(body), content_type="application/json")


def html_of(client: Client, row: Message) -> str:
    rows = client.get(f"/w/acme/conversations/{row.conversation_id}/changes/").json()["rows"]
    [html] = [one["html"] for one in rows if one["id"] == str(row.pk)]
    return html


def test_it_is_stored_and_seen_by_both_sides(
    omar_client: Client, conversation: Conversation, client: Client, vic_token: str
) -> None:
    assert post(omar_client, conversation, GRINDER).status_code == 201
    row = Message.unscoped.get(kind="operator")
    assert row.card == KEPT
    url = f"/widget/{conversation.inbox.widget_key}/conversations/{conversation.pk}/changes/"
    answer = client.get(url, headers={"Authorization": f"Bearer {vic_token}"}).json()
    assert [one["card"] for one in answer["rows"] if one["kind"] == "operator"] == [KEPT]
    html = html_of(omar_client, row)
    assert 'class="msg-card"' in html and "&lt;b&gt;บดละเอียด" in html and "<b>บด" not in html
    assert (
        'href="https://shop.test/k-max?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">See it<' in html
    )
    assert "This one?" in html


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": " \u200b "},
        {"title": "x" * 81},
        {"title": 7},
        {"lines": "one"},
        {"lines": ["x"] * 6},
        {"lines": ["x" * 121]},
        {"lines": [{"a": 1}]},
        {"price": "9" * 41},
        {"label": ""},
        {"url": ""},
        {"url": "http://shop.test/"},
        {"url": "javascript:alert(1)"},
        {"url": "https://javascript:alert(1)"},
        {"url": "https://good.test@evil.test/"},
        {"url": "https://good.test\\@evil.test/"},
        {"url": "https://shop.test/ x"},
        {"url": 'https://shop.test/"><script>'},
        {"url": "//shop.test"},
        {"url": "https://"},
        {"url": "https://shop.test/" + "x" * 500},
        {"image": "https://evil.test/pixel.png"},
    ],
    ids=str,
)
def test_SR39_what_is_no_card_is_refused(
    omar_client: Client, conversation: Conversation, change: dict[str, Any]
) -> None:
    response = post(omar_client, conversation, {**GRINDER, **change})
    assert response.status_code == 422 and response.json()["errors"]["card"]
    assert not Message.unscoped.filter(kind="operator").exists()


@pytest.mark.parametrize("card", ["K-Max", ["K-Max"], 7, True, {}])
def test_SR64_what_is_not_even_like_a_card(omar_client: Client, conversation: Conversation, card: Any) -> None:
    assert post(omar_client, conversation, card).status_code == 422


def test_a_title_is_enough() -> None:
    assert cards.cleaned({"title": " K-Max "}) == {
        "type": "plain", "title": "K-Max", "price": "", "label": "", "url": "", "lines": [],
    }  # fmt: skip


def test_another_room_posts_one(conversation: Conversation, omar_member: Membership, omar_client: Client) -> None:
    row = actions.post_card(conversation, by=omar_member, card=GRINDER, client_id=uuid.uuid4()).message
    conversation.refresh_from_db()
    assert (row.body, conversation.last_message_preview) == ("K-Max", "K-Max"), "plain words for lists and mails"
    assert html_of(omar_client, row).count("K-Max") == 1, "the title is not said twice"
    with pytest.raises(Invalid):
        actions.post_card(conversation, by=omar_member, card={"title": ""}, client_id=uuid.uuid4())


def test_a_note_has_none(omar_client: Client, conversation: Conversation) -> None:
    assert post(omar_client, conversation, GRINDER, note=True).status_code == 201
    assert Message.unscoped.get(kind="note").card is None


def test_it_goes_with_its_message(conversation: Conversation, omar_member: Membership) -> None:
    row = actions.post_card(conversation, by=omar_member, card=GRINDER, client_id=uuid.uuid4(), body="Look").message
    assert actions.edit_message(row, by=omar_member, body="Look here").card == KEPT
    actions.delete_message(row, by=omar_member)
    row.refresh_from_db()
    assert row.card is None and snapshots.public_message(row)["card"] is None


def test_a_mail_tells_it_in_words(conversation: Conversation, omar_member: Membership) -> None:
    row = actions.post_card(conversation, by=omar_member, card=GRINDER, client_id=uuid.uuid4()).message
    conversation.contact.email, conversation.contact.proven_email = "vic@shop.test", "vic@shop.test"
    said = emails._said(row)
    assert said == "K-Max\n64 mm burrs\n<b>บดละเอียด</b>\n฿8,900\nhttps://shop.test/k-max?a=1&b=2"


# --- Canned responses ---------------------------------------------------------------------------------------------

TYPED = {
    "shortcut": "kmax",
    "body": "This one?",
    "shared": "on",
    "card_title": "K-Max",
    "card_lines": "64 mm burrs\r\n\r\n<b>บดละเอียด</b>",
    "card_price": "฿8,900",
    "card_label": "See it",
    "card_url": "https://shop.test/k-max?a=1&b=2",
}


def test_a_canned_response_brings_it_along(ana_client: Client, conversation: Conversation) -> None:
    assert ana_client.post("/w/acme/canned/new/", TYPED).status_code == 302
    [row] = ana_client.get(f"/w/acme/conversations/{conversation.pk}/canned/").json()["rows"]
    assert row["card"] == KEPT
    url = f"/w/acme/canned/{CannedResponse.unscoped.get().pk}/"
    page = ana_client.get(url).content.decode()
    assert '<details class="own-words" open>' in page and 'value="K-Max"' in page
    without = {name: "" if name.startswith("card_") else value for name, value in TYPED.items()}
    ana_client.post(url, without)
    assert CannedResponse.unscoped.get().card is None
    assert '<details class="own-words">' in ana_client.get(url).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"card_title": ""}, "card_title"),
        ({"card_label": ""}, "card_label"),
        ({"card_url": ""}, "card_url"),
        ({"card_url": "http://shop.test"}, "card_url"),
        ({"card_lines": "1\n2\n3\n4\n5\n6"}, "card_lines"),
        ({"card_price": "9" * 41}, "card_price"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(
    ana_client: Client, change: dict[str, str], field: str
) -> None:
    response = ana_client.post("/w/acme/canned/new/", {**TYPED, **change})
    page = response.content.decode()
    assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    assert '<details class="own-words" open>' in page and "This one?" in page
    assert not CannedResponse.unscoped.exists()
