"""Lists with a name: one's own and the team's, in the menu with their numbers."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat import actions
from chat.actions import saved_views
from chat.models import Inbox, SavedView
from chat.widget.access import new_visitor
from minichat.lib.errors import PlanLimit
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
PLACE = "/w/acme/conversations/"


def made(client: Client, query: str = "priority=urgent", **fields: Any) -> Any:
    return client.post(f"{PLACE}views/new/?{query}", {"name": "Urgent ones", "query": query, **fields})


def test_a_list_gets_a_name_and_a_place_in_the_menu(
    omar_client: Client, ana_client: Client, omar_member: Membership, inbox: Inbox
) -> None:
    assert "Save as view" in omar_client.get(f"{PLACE}?priority=urgent").content.decode()
    assert "Save as view" not in omar_client.get(PLACE).content.decode()
    answer = made(omar_client)
    assert answer.status_code == 302 and answer["Location"] == f"{PLACE}?priority=urgent"
    row = SavedView.unscoped.get()
    assert (row.owner, row.name, row.query, row.is_shared) == (omar_member, "Urgent ones", "priority=urgent", False)
    page = omar_client.get(f"{PLACE}?priority=urgent").content.decode()
    assert f'data-view-count="{row.pk}"' in page and "Edit this view" in page
    assert "Urgent ones" not in ana_client.get(PLACE).content.decode(), "it is Omar's own"


def test_a_shared_one_is_everybodys(omar_client: Client, vera_client: Client, ana_client: Client) -> None:
    made(omar_client, is_shared="on")
    for client in (vera_client, ana_client):
        assert "Urgent ones" in client.get(PLACE).content.decode()


def test_what_is_kept_is_a_list_and_nothing_else(omar_client: Client) -> None:
    made(omar_client, "tab=mine&next=https://evil.test&priority=high&priority=nonsense")
    assert SavedView.unscoped.get().query == "tab=mine&priority=high"


def test_a_list_takes_the_place_of_a_view(omar_client: Client, ana_client: Client) -> None:
    made(ana_client, name="Hers")
    made(omar_client)
    row = SavedView.unscoped.get(name="Urgent ones")
    page = omar_client.get(f"{PLACE}views/new/?priority=high").content.decode()
    assert "A new view" in page and f'value="{row.pk}"' in page
    assert str(row.pk) not in ana_client.get(f"{PLACE}views/new/?priority=high").content.decode()
    assert made(ana_client, "priority=high", replaces=str(row.pk)).status_code == 422, "it is not hers"
    made(omar_client, "priority=high", replaces=str(row.pk), name="High ones")
    row.refresh_from_db()
    assert (row.name, row.query) == ("High ones", "priority=high") and SavedView.unscoped.count() == 2


@pytest.mark.parametrize("name", ["", "  ", "x" * 41])
def test_a_refused_name_comes_back(omar_client: Client, name: str) -> None:
    answer = made(omar_client, name=name)
    assert answer.status_code == 422 and not SavedView.unscoped.exists()
    assert "High" not in answer.content.decode() and 'value="priority=urgent"' in answer.content.decode()


def test_its_maker_and_admins_change_it(
    omar_client: Client, adam_client: Client, ana_client: Client, add_member: Any, client: Client
) -> None:
    from workspaces.roles import Role

    made(omar_client, is_shared="on")
    row = SavedView.unscoped.get()
    place = f"{PLACE}views/{row.pk}/"
    other = add_member("oda@acme.test", "Oda Lund", Role.OPERATOR)
    client.force_login(other.user)
    assert client.post(place, {"name": "Mine now", "query": ""}).status_code == 403
    assert client.post(f"{place}delete/").status_code == 403
    changed = {"name": "Burning", "query": "priority=urgent&sort=waiting", "is_shared": "on"}
    assert adam_client.post(place, changed).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.query) == ("Burning", "priority=urgent&sort=waiting")
    assert omar_client.post(f"{place}delete/").status_code == 302
    assert not SavedView.unscoped.exists()


def test_SR03_others_views_are_not_found(
    omar_client: Client, ana_client: Client, gil_client: Client, globex: Any
) -> None:
    made(omar_client)
    row = SavedView.unscoped.get()
    for client, slug in ((ana_client, "acme"), (gil_client, "globex")):
        assert client.get(f"/w/{slug}/conversations/views/{row.pk}/").status_code == 404
        assert client.post(f"/w/{slug}/conversations/views/{row.pk}/delete/").status_code == 404
    assert SavedView.unscoped.exists()


def test_the_menu_has_an_end(omar_member: Membership, ana_member: Membership, omar_client: Client) -> None:
    for index in range(saved_views.MOST_OWN):
        actions.add_view(omar_member, name=str(index), query="", is_shared=False)
    with pytest.raises(PlanLimit):
        actions.add_view(omar_member, name="x", query="", is_shared=False)
    assert "room for 20 views" in made(omar_client).content.decode()
    actions.add_view(omar_member, name="x", query="", is_shared=True)
    actions.add_view(ana_member, name="x", query="", is_shared=False)


def test_the_numbers_stop_at_a_hundred(
    omar_client: Client, omar_member: Membership, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.paging.MOST_COUNTED", 3)
    for index in range(5):
        actions.post_visitor_message(new_visitor(inbox)[0], body=str(index), client_id=uuid.uuid4())
    many = actions.add_view(omar_member, name="all", query="", is_shared=False)
    none = actions.add_view(omar_member, name="none", query="priority=high", is_shared=True)
    with CaptureQueriesContext(connection) as asked:
        answer = omar_client.get(f"{PLACE}views/counts/").json()
    assert answer == {"counts": {str(many.pk): 3, str(none.pk): 0}}
    assert len(asked) <= 7
    assert all("OFFSET" not in query["sql"] for query in asked)
