"""A person's photo wherever their initials were, for the team and for visitors."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts_actions
from accounts.shelf import AVATARS
from chat import actions, partials, presence, snapshots
from chat.models import Conversation, Inbox, Message
from minichat.lib.files import Picture
from workspaces.models import Membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def photo(omar_member: Membership) -> str:
    picture = Picture(dict.fromkeys(AVATARS.recipe.sizes, b"drawn"))
    url = accounts_actions.set_avatar(omar_member.user, picture=picture).avatar_url()
    assert url is not None
    return url


def reply(conversation: Conversation, by: Membership, *, note: bool = False) -> Message:
    posted = actions.post_operator_message(conversation, by=by, body="hello", client_id=uuid.uuid4(), note=note)
    return posted.message


@pytest.fixture
def answered(conversation: Conversation, omar_member: Membership, ana_member: Membership, photo: str) -> Conversation:
    """Omar, who has a photo, and Ana, who has none, have both answered."""
    reply(conversation, omar_member)
    reply(conversation, ana_member)
    return conversation


def test_the_thread_shows_it_beside_each_message(ana_client: Client, answered: Conversation, photo: str) -> None:
    page = ana_client.get(f"/w/acme/conversations/{answered.pk}/").content.decode()
    thread = "".join(part.partition("</article>")[0] for part in page.split("<article")[1:])
    assert f'<img src="{photo}" alt="" width="26" height="26"' in thread
    assert 'aria-hidden="true">OH<img' in thread and 'aria-hidden="true">AS</span>' in thread


def test_the_menu_of_assignees_shows_it(ana_client: Client, answered: Conversation, photo: str) -> None:
    offered = ana_client.get(f"/w/acme/conversations/{answered.pk}/colleagues/", {"to": "assign"}).json()["rows"]
    assert photo in [row["avatar"] for row in offered]


def test_the_team_page_shows_it(vera_client: Client, photo: str) -> None:
    assert f'<img src="{photo}" alt="" width="34"' in vera_client.get("/w/acme/settings/team/").content.decode()


def test_ones_own_menu_and_what_one_is_sending_show_it(omar_client: Client, photo: str) -> None:
    page = omar_client.get("/w/acme/conversations/").content.decode()
    assert f'<img src="{photo}"' in page.partition('class="nav-me"')[2]
    assert f'data-member-avatar="{photo}"' in page


def test_a_push_to_the_team_shows_it(conversation: Conversation, omar_member: Membership, photo: str) -> None:
    picture = snapshots.message(reply(conversation, omar_member, note=True), conversation)
    assert f'<img src="{photo}"' in partials.message(picture, "en", "Asia/Bangkok")


def test_visitors_are_told_its_address_or_null(
    vic_client: Client, inbox: Inbox, answered: Conversation, photo: str
) -> None:
    place = f"/widget/{inbox.widget_key}/conversations/{answered.pk}/changes/"
    rows = vic_client.get(place).json()["rows"]
    assert [row["author"] for row in rows if row["kind"] == "operator"] == [
        {"name": "Omar Haddad", "initials": "OH", "avatar": photo},
        {"name": "Ana Srisuk", "initials": "AS", "avatar": None},
    ]


def test_visitors_see_it_in_the_header(
    vic_client: Client, anonymous_client: Client, inbox: Inbox, omar_member: Membership, photo: str
) -> None:
    presence.member_seen(omar_member)
    state = vic_client.get(f"/widget/{inbox.widget_key}/state/").json()
    assert state["operators"] == [{"name": "Omar Haddad", "initials": "OH", "avatar": photo}]
    frame = anonymous_client.get(f"/widget/{inbox.widget_key}/?o={inbox.allowed_origins[0]}").content.decode()
    assert f'OH<img src="{photo}" alt="" width="30" height="30"></i>' in frame


def test_a_photo_that_was_removed_is_gone_from_old_messages_too(
    ana_client: Client, answered: Conversation, omar_member: Membership, photo: str
) -> None:
    accounts_actions.remove_avatar(omar_member.user)
    assert photo not in ana_client.get(f"/w/acme/conversations/{answered.pk}/").content.decode()


def test_somebody_who_left_has_initials(
    conversation: Conversation, omar_member: Membership, ana_member: Membership, photo: str
) -> None:
    message = reply(conversation, omar_member)
    omar_member.delete()
    picture = snapshots.public_message(Message.unscoped.get(pk=message.pk))
    assert picture["author"] == {"name": "Omar Haddad", "initials": "OH", "avatar": None}


def test_faces_cost_no_question_per_message(
    ana_client: Client, answered: Conversation, omar_member: Membership
) -> None:
    few = asked(ana_client, answered)
    for _ in range(10):
        reply(answered, omar_member)
    assert asked(ana_client, answered) == few


def asked(client: Client, conversation: Conversation) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/w/acme/conversations/{conversation.pk}/changes/").json()["rows"]
    return len(queries)
