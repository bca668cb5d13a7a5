"""The way of a new workspace: led through once, ticked off by what happens, put away by a word."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chat import actions as chat_actions
from chat.models import Conversation, Inbox
from chat.widget.access import new_visitor
from workspaces import actions, setup
from workspaces.models import AuditEntry, Membership, Workspace

pytestmark = pytest.mark.django_db
SETUP = "/w/acme/setup/"


def done(workspace: Workspace) -> set[str]:
    shown = setup.checklist(workspace)
    assert shown is not None
    return {item.step.key for item in shown.items if item.is_done}


# --- Led through ------------------------------------------------------------------------------------------------------


def test_a_new_owner_is_led_to_the_first_page(ana_client: Client) -> None:
    assert ana_client.get("/w/acme/").url == SETUP
    assert ana_client.get(SETUP).url == f"{SETUP}name/"


def test_nobody_else_is(adam_client: Client, omar_client: Client) -> None:
    for client in (adam_client, omar_client):
        assert client.get("/w/acme/").url == "/w/acme/conversations/"


def test_each_page_leads_to_the_next(ana_client: Client, acme: Workspace) -> None:
    assert ana_client.post(f"{SETUP}name/", {"name": "  Baan   Kafae "}).url == f"{SETUP}look/"
    assert ana_client.post(f"{SETUP}look/", {"color": "ruby", "greeting": "Hi!"}).url == f"{SETUP}install/"
    assert ana_client.post(f"{SETUP}install/", {"origin": "kafae.example"}).url == f"{SETUP}install/"
    acme.refresh_from_db()
    inbox = acme.inboxes.get()
    assert (acme.name, inbox.color, inbox.greeting) == ("Baan Kafae", "#b3261e", "Hi!")
    assert inbox.allowed_origins == ["https://kafae.example"]
    page = ana_client.get(f"{SETUP}install/").content.decode()
    assert "https://kafae.example" in page and "data-color=&quot;#b3261e&quot;" in page


def test_who_leaves_in_the_middle_goes_on_there(ana_client: Client) -> None:
    ana_client.post(f"{SETUP}name/", {"name": "Acme"})
    assert ana_client.get("/w/acme/").url == SETUP
    assert ana_client.get(SETUP).url == f"{SETUP}look/"


def test_the_whole_way_can_be_passed_over_and_come_back_to(ana_client: Client) -> None:
    assert ana_client.post(f"{SETUP}leave/").url == "/w/acme/conversations/"
    assert ana_client.get("/w/acme/").url == "/w/acme/conversations/"
    page = ana_client.get("/w/acme/conversations/").content.decode()
    assert f'href="{SETUP}name/"' in page and "0 of 5" in page


@pytest.mark.parametrize(
    ("page", "wrong", "kept"),
    [
        ("name", {"name": " \u202e "}, "required"),
        ("name", {"name": "x" * 81}, "x" * 81),
        ("look", {"color": "own", "own": "red;}", "greeting": "Good day"}, "Good day"),
        ("look", {"color": "pink", "greeting": "Good day"}, "Good day"),
        ("look", {"color": "jade", "greeting": "g" * 501}, "g" * 501),
        ("install", {"origin": "shop.example/page"}, "shop.example/page"),
        ("install", {"origin": ""}, "required"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(
    ana_client: Client, acme: Workspace, page: str, wrong: dict[str, str], kept: str
) -> None:
    answer = ana_client.post(f"{SETUP}{page}/", wrong)
    html = answer.content.decode()
    assert answer.status_code == 422 and 'class="err"' in html and kept in html
    assert setup.first_open_page(acme).key == "name"


# --- Ticked off -------------------------------------------------------------------------------------------------------


def test_nothing_is_done_at_first(acme: Workspace) -> None:
    assert done(acme) == set()


def test_a_new_name_anywhere_counts(acme: Workspace, ana_member: Membership) -> None:
    actions.change_settings(acme, timezone="Asia/Tokyo", by=ana_member)
    assert done(acme) == set()
    actions.change_settings(acme, name="Acme Coffee", by=ana_member)
    assert done(acme) == {"name"}


def test_a_new_look_anywhere_counts(ana_client: Client, acme: Workspace, inbox_page: Any) -> None:
    ana_client.post(inbox_page("look"), {"color": "ocean", "greeting": ""})
    assert done(acme) == {"look"}


def test_a_site_counts_when_the_chat_was_opened_on_it(
    anonymous_client: Client, ana_client: Client, acme: Workspace, inbox: Inbox, settings: Any
) -> None:
    settings.BASE_URL = "https://chat.example"
    frame = f"/widget/{inbox.widget_key}/"
    for ours in (settings.BASE_URL, "http://testserver"):
        anonymous_client.get(frame, {"o": ours})
    anonymous_client.get(frame, {"o": "https://nobody.example"})
    assert done(acme) == set()
    for _ in range(2):
        assert anonymous_client.get(frame, {"o": inbox.allowed_origins[0]}).status_code == 200
    assert done(acme) == {"site"}
    assert AuditEntry.unscoped.filter(workspace=acme, action="inbox.installed").count() == 1
    assert "Everything works" in ana_client.get(f"{SETUP}install/").content.decode()


def test_the_page_asks_for_the_site_by_itself(ana_client: Client, inbox: Inbox) -> None:
    part = ana_client.get(f"{SETUP}install/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 4s"' in part and "<html" not in part
    chat_actions.note_installed(inbox, inbox.allowed_origins[0])
    assert "hx-trigger" not in ana_client.get(f"{SETUP}install/", headers={"HX-Request": "true"}).content.decode()


def test_a_message_and_an_answer_count(acme: Workspace, conversation: Conversation, omar_member: Membership) -> None:
    assert done(acme) == {"message"}
    chat_actions.post_operator_message(conversation, by=omar_member, body="We do.", client_id=uuid.uuid4())
    assert done(acme) == {"message", "reply"}


def test_what_is_done_stays_done(acme: Workspace, conversation: Conversation) -> None:
    assert done(acme) == {"message"}
    acme.conversations.all().delete()
    assert done(acme) == {"message"}


def test_two_steps_at_once_do_not_undo_each_other(acme: Workspace) -> None:
    one, other = (Workspace.objects.get(pk=acme.pk) for _ in range(2))
    setup.tick(one, "name")
    setup.tick(other, "look")
    assert set(acme.setups.get().done) == {"name", "look"}


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_is_for_those_who_may_take_the_steps(ana_client: Client, omar_client: Client) -> None:
    assert 'id="todo"' in ana_client.get("/w/acme/conversations/").content.decode()
    assert 'id="todo"' not in omar_client.get("/w/acme/conversations/").content.decode()


def test_the_list_stays_until_it_is_put_away(ana_client: Client, acme: Workspace) -> None:
    setup.tick(acme, *(step.key for step in setup._steps))
    assert "All set" in ana_client.get("/w/acme/conversations/").content.decode()
    ana_client.post(f"{SETUP}hide/")
    ana_client.post(f"{SETUP}hide/")
    assert 'id="todo"' not in ana_client.get("/w/acme/conversations/").content.decode()
    assert AuditEntry.unscoped.filter(workspace=acme, action="setup.hidden").count() == 1


def test_a_workspace_from_before_is_left_alone(ana_client: Client, acme: Workspace) -> None:
    acme.setups.all().delete()
    assert ana_client.get("/w/acme/").url == "/w/acme/conversations/"
    assert setup.checklist(acme) is None
    ana_client.post(f"{SETUP}name/", {"name": "Renamed"})
    assert setup.checklist(acme) is None


def test_a_list_that_was_put_away_costs_one_statement(
    acme: Workspace, ana_member: Membership, django_assert_num_queries: Callable[..., Any]
) -> None:
    setup.hide(acme, by=ana_member)
    with django_assert_num_queries(1):
        assert setup.checklist(acme) is None


def test_the_trial_page_shows_the_owners_widget(ana_client: Client, inbox: Inbox) -> None:
    html = ana_client.get(f"{SETUP}try/").content.decode()
    assert f'src="/widget.js" data-key="{inbox.widget_key}"' in html


def test_a_visitor_of_the_trial_page_can_write(inbox: Inbox, settings: Any) -> None:
    """In production nobody has allowed our own address; the trial page works all the same."""
    from chat.widget import access

    settings.LOCAL, settings.BASE_URL = False, "https://chat.example"
    assert access.may_embed(inbox, "https://chat.example")
    assert not access.may_embed(inbox, "https://chat.example.evil.example")
    settings.BASE_URL = ""
    assert not access.may_embed(inbox, "")
    settings.BASE_URL = "https://chat.example"
    assert access.origin_of_ticket(access.issue_ticket(inbox, "https://chat.example"), inbox) == "https://chat.example"
    visitor, _ = new_visitor(inbox, origin="https://chat.example")
    assert chat_actions.post_visitor_message(visitor, body="Hello?", client_id=uuid.uuid4()).message.body == "Hello?"
