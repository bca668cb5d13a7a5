"""The team's words with their markup in the thread, and as plain text everywhere else."""

from __future__ import annotations

import json
import uuid

import pytest
from django.test import Client

from chat import actions, snapshots
from chat.models import Conversation, Message, Visitor
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
RICH = "**Hours**\n- `9-18` at https://acme.test"


def reply(conversation: Conversation, by: Membership, body: str, *, note: bool = False) -> Message:
    return actions.post_operator_message(conversation, by=by, body=body, client_id=uuid.uuid4(), note=note).message


def html_of(client: Client, row: Message) -> str:
    rows = client.get(f"/w/acme/conversations/{row.conversation_id}/changes/").json()["rows"]
    [html] = [one["html"] for one in rows if one["id"] == str(row.pk)]
    page = client.get(f"/w/acme/conversations/{row.conversation_id}/").content.decode()
    assert html.split("data-text")[1].split("</div>")[0] in page, "the page and the pushes draw the same"
    return html


def test_a_reply_and_a_note(conversation: Conversation, omar_member: Membership, omar_client: Client) -> None:
    for note in (False, True):
        html = html_of(omar_client, reply(conversation, omar_member, RICH, note=note))
        assert "<strong>Hours</strong>" in html and "<li><code>9-18</code> at <a href=" in html
        assert f'data-source="{RICH}"' in html, "an edit begins with what was written"


def test_what_needs_no_source_has_none(
    conversation: Conversation, omar_member: Membership, omar_client: Client
) -> None:
    row = reply(conversation, omar_member, "see https://acme.test\n\nbye")
    assert "data-source" not in html_of(omar_client, row)


def test_a_visitors_words_are_text_with_links(vic: Visitor, omar_client: Client) -> None:
    body = "**no** `no`\n- no https://acme.test www.acme.test me@acme.test"
    row = actions.post_visitor_message(vic, body=body, client_id=uuid.uuid4()).message
    html = html_of(omar_client, row)
    assert "**no** `no`\n- no <a href" in html and html.count("<a href=") == 3
    assert "<strong>" not in html and "<li>" not in html


def test_SR39_hostile_words_of_a_colleague(
    conversation: Conversation, omar_member: Membership, ana_client: Client
) -> None:
    body = '**<img src=x onerror=alert(1)>** `</code><script>` https://a.test/"><b> [x](javascript:alert(1))'
    html = html_of(ana_client, reply(conversation, omar_member, body))
    assert "<img src=x" not in html and "<script>" not in html and 'href="javascript' not in html
    assert "<strong>&lt;img" in html


def test_a_name_in_bold_is_a_name(
    conversation: Conversation, omar_member: Membership, ana_member: Membership, ana_client: Client
) -> None:
    body = f"**@{ana_member.name}** <b>look</b>"
    posted = actions.post_operator_message(
        conversation, by=omar_member, body=body, client_id=uuid.uuid4(), note=True, mentions=[ana_member.pk]
    )
    html = html_of(ana_client, posted.message)
    assert f'<strong><span class="mention" data-member="{ana_member.pk}">@' in html and "&lt;b&gt;look" in html


def test_everything_else_has_the_plain_text(
    conversation: Conversation, omar_member: Membership, omar_client: Client
) -> None:
    row = reply(conversation, omar_member, RICH)
    conversation.refresh_from_db()
    assert conversation.last_message_preview == " ".join(RICH.split())
    assert snapshots.public_message(row)["body"] == RICH


def test_a_hit_stands_where_it_is_seen(
    conversation: Conversation, omar_member: Membership, omar_client: Client
) -> None:
    row = reply(conversation, omar_member, "**very** special mug")
    page = omar_client.get(f"/w/acme/conversations/{conversation.pk}/", {"q": "special", "at": row.position})
    assert json.loads(page.context["hits"]) == {str(row.pk): [[5, 12]]}
