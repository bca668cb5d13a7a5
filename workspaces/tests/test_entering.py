"""Ways into a workspace, and who is turned away at each."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from workspaces import actions, setup
from workspaces.models import Membership, Workspace


def test_home_leads_to_the_workspace_used_last(ana_client: Client, ana: User, acme: Workspace) -> None:
    second = actions.create_workspace(ana, name="Second", slug="second")
    setup.leave(second)
    assert ana_client.get("/w/second/").url == "/w/second/conversations/"
    assert ana_client.get("/w/").url == "/w/second/"
    ana_client.get("/w/acme/")
    assert ana_client.get("/w/").url == "/w/acme/"
    assert second.memberships.get(user=ana).last_used_at is not None


def test_somebody_without_a_workspace_gets_a_page_that_says_so(
    anonymous_client: Client, ana: User, client: Client
) -> None:
    client.force_login(ana)
    page = client.get("/w/")
    assert page.status_code == 200
    assert "ana@acme.test" in page.content.decode()


def test_a_withdrawn_membership_leads_nowhere(
    omar_client: Client, omar_member: Membership, ana_member: Membership
) -> None:
    assert omar_client.get("/w/").url == "/w/acme/"
    actions.deactivate_member(omar_member, by=ana_member)
    assert omar_client.get("/w/").status_code == 200
    assert omar_client.get("/w/acme/").status_code == 404


def test_a_closed_workspace_is_gone(omar_client: Client, acme: Workspace) -> None:
    assert omar_client.get("/w/acme/").status_code == 302
    Workspace.objects.filter(pk=acme.pk).update(status=Workspace.Status.CLOSED)
    assert omar_client.get("/w/acme/").status_code == 404


@pytest.mark.parametrize("path", ["/w/", "/w/acme/", "/w/acme/settings/team/"])
def test_a_stranger_at_the_browser_is_led_to_sign_in(anonymous_client: Client, acme: Workspace, path: str) -> None:
    answer = anonymous_client.get(path)
    assert answer.status_code == 302
    assert answer.url == f"/accounts/login/?next={path}"


def test_scripts_and_forms_without_a_session_are_answered_401(anonymous_client: Client, acme: Workspace) -> None:
    path = "/w/acme/settings/team/"
    assert anonymous_client.post(path).status_code == 401
    assert anonymous_client.get(path, headers={"HX-Request": "true"}).status_code == 401
    assert anonymous_client.get(path, headers={"Accept": "application/json"}).status_code == 401


def test_sr04_a_strangers_workspace_looks_like_none(gil_client: Client, acme: Workspace) -> None:
    assert gil_client.get("/w/globex/").status_code == 302
    theirs, nothing = gil_client.get("/w/acme/"), gil_client.get("/w/no-such-place/")
    assert theirs.status_code == nothing.status_code == 404
    assert _same_for_all(theirs, "acme") == _same_for_all(nothing, "no-such-place")


def _same_for_all(answer: HttpResponse, slug: str) -> tuple[list[str], str]:
    """An answer without what differs each time: the address asked for, the form token, the request's id."""
    page = answer.content.decode().replace(f"/w/{slug}/", "")
    page = page.replace(answer.headers.get("X-Request-ID", "-" * 36), "")
    return sorted(answer.headers.keys()), re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.parametrize("path", ["/w/", "/w/acme/", "/w/acme/settings/", "/w/acme/settings/team/"])
def test_pages_are_read_only(ana_client: Client, path: str) -> None:
    assert ana_client.post(path).status_code == 405


def test_settings_lead_to_the_general_page(ana_client: Client, vera_client: Client) -> None:
    assert ana_client.get("/w/acme/settings/").url == "/w/acme/settings/general/"
    assert vera_client.get("/w/acme/settings/").status_code == 403
