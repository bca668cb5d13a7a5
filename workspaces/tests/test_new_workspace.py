"""One more workspace: as many as the best plan of its owner includes, also when two are made at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from chat.tests.test_visitor_messages import at_once
from minichat.lib.errors import PlanLimit
from workspaces import actions, limits
from workspaces.models import Entitlements, Membership, Plan, Workspace
from workspaces.roles import Role

pytestmark = pytest.mark.django_db
PAGE = "/workspaces/new/"


def test_a_member_without_one_of_their_own_opens_one(omar_client: Client, omar: User) -> None:
    assert "Create workspace" in omar_client.get(PAGE).content.decode()
    answer = omar_client.post(PAGE, {"name": "  Omar’s   Tea "})
    made = Workspace.objects.get(name="Omar’s Tea")
    assert answer.url == f"/w/{made.slug}/"
    assert made.memberships.get().user == omar
    assert made.entitlements.plan.slug == "free"
    assert made.inboxes.count() == 1


def test_it_is_offered_in_the_switcher(omar_client: Client) -> None:
    page = omar_client.get("/w/acme/conversations/").content.decode()
    assert f'href="{PAGE}"' in page and "New workspace" in page


def test_the_switcher_names_all_and_the_present_one(ana_client: Client, ana: User) -> None:
    actions.create_workspace(ana, name="Second Shop", slug="second")
    page = ana_client.get("/w/second/settings/team/").content.decode()
    assert 'href="/w/acme/"' in page and 'href="/w/second/" aria-current="true"' in page


def test_a_name_is_asked_for(omar_client: Client) -> None:
    answer = omar_client.post(PAGE, {"name": " \u200b \x00"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert Workspace.objects.count() == 1


def test_over_the_plan_there_is_a_page_that_says_what_lifts_it(gil_client: Client) -> None:
    for answer in (gil_client.get(PAGE), gil_client.post(PAGE, {"name": "Second"})):
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Your plan includes 1 workspace." in page and "The plan Starter includes 3." in page
        assert 'href="/pricing/"' in page
    assert Workspace.objects.count() == 1


def test_machines_get_the_numbers(gil_client: Client) -> None:
    answer = gil_client.post(PAGE, {"name": "Second"}, headers={"Accept": "application/json"})
    problem = answer.json()
    assert answer.status_code == 403
    assert {key: problem[key] for key in ("code", "current", "limit", "plan")} == {
        "code": "plan_limit",
        "current": 1,
        "limit": 1,
        "plan": "starter",
    }


def test_the_highest_plan_among_their_workspaces_decides(gil: User, globex: Workspace) -> None:
    second = actions.create_workspace(gil, name="Second", plan="starter")
    assert limits.owned_workspaces(gil) == (2, 3)
    actions.create_another(gil, name="Third")
    with pytest.raises(PlanLimit):
        actions.create_another(gil, name="Fourth")
    Entitlements.unscoped.get(workspace=second).delete()
    entitlements = Entitlements(workspace=second)
    entitlements.take_over(Plan.objects.get(slug="business"))
    entitlements.save()
    assert limits.owned_workspaces(gil) == (3, None)


def test_workspaces_that_others_own_do_not_count(omar: User, omar_member: Membership) -> None:
    assert limits.owned_workspaces(omar) == (0, 1)


def test_where_no_plan_has_more_none_is_named() -> None:
    Plan.objects.filter(workspaces=None).update(is_public=False)
    assert limits.plan_with_more("workspaces", 5) is None
    assert "offer" not in limits.reached("workspaces", current=5, limit=5).fields


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_four_at_once_one_is_made(omar: User) -> None:
    answers = at_once(lambda number: _try(omar, f"Shop {number}"))
    assert sorted(answers) == ["limit", "limit", "limit", "made"]
    assert omar.memberships.filter(role=Role.OWNER).count() == 1


def _try(user: User, name: str) -> str:
    try:
        actions.create_another(User.objects.get(pk=user.pk), name=name)
    except PlanLimit:
        return "limit"
    return "made"


def test_where_one_comes_by_invitation_a_guest_opens_none(
    omar_client: Client, ana_client: Client, settings: Any
) -> None:
    settings.SIGNUPS = "invited"
    assert omar_client.get(PAGE).status_code == omar_client.post(PAGE, {"name": "Mine"}).status_code == 403
    assert ana_client.get(PAGE).status_code == 200


def test_they_are_not_made_by_the_dozen(ana_client: Client) -> None:
    for number in range(10):
        assert ana_client.post(PAGE, {"name": f"Shop {number}"}).status_code == 302
    assert ana_client.post(PAGE, {"name": "One more"}).status_code == 429
