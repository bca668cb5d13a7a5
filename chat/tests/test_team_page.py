from __future__ import annotations

from django.test import Client

from chat import presence
from chat.views.members import team
from workspaces import actions
from workspaces.models import Membership, Workspace

PAGE = "/w/acme/settings/members/"


def test_a_viewer_sees_who_is_on_the_team(vera_client: Client, omar_member: Membership, gil_member: Membership) -> None:
    page = vera_client.get(PAGE)
    assert page.status_code == 200
    assert "omar@acme.test" in page.content.decode()
    assert "gil@globex.test" not in page.content.decode()


def test_gil_gets_404(gil_client: Client, acme: Workspace) -> None:
    assert gil_client.get("/w/globex/settings/members/").status_code == 200
    assert gil_client.get(PAGE).status_code == 404


def test_owners_first_and_people_who_left_last(
    acme: Workspace,
    ana_member: Membership,
    vera_member: Membership,
    adam_member: Membership,
    omar_member: Membership,
) -> None:
    assert [row["role"] for row in team(acme)] == ["owner", "admin", "operator", "viewer"]
    actions.deactivate_member(adam_member, by=ana_member)
    assert [(row["name"], row["deactivated"]) for row in team(acme)][-1] == ("Adam Berg", True)


def test_online_is_whoever_was_heard_of(acme: Workspace, omar_member: Membership, vera_member: Membership) -> None:
    presence.member_seen(omar_member)
    presence.member_seen(vera_member)
    presence.member_gone(vera_member)
    assert [row["name"] for row in team(acme) if row["is_online"]] == ["Omar Haddad"]


def test_few_queries_however_many_people(
    ana_client: Client, omar_member: Membership, vera_member: Membership, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(10):
        ana_client.get(PAGE)
