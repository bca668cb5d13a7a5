"""Name, address, time zone, currency, language and era of a workspace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chat.tests.test_visitor_messages import at_once
from workspaces import actions, addresses, usage
from workspaces.addresses import AddressTaken
from workspaces.models import Membership, OldSlug, Workspace

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/settings/general/"
SAME = {
    "name": "Acme",
    "slug": "acme",
    "timezone": "Asia/Bangkok",
    "currency": "THB",
    "locale": "en",
    "era": "buddhist",
}


def lines(workspace: Workspace) -> list[dict[str, Any]]:
    return list(
        workspace.audit_entries.filter(action="workspace.changed").order_by("pk").values_list("data", flat=True)
    )


def test_an_admin_changes_all_of_it(adam_client: Client, acme: Workspace) -> None:
    wanted = {
        "name": "ร้านแอคมี",
        "slug": "acme-shop",
        "timezone": "Europe/Berlin",
        "currency": "EUR",
        "locale": "th",
        "era": "common",
    }
    answer = adam_client.post(PAGE, wanted)
    assert answer.url == "/w/acme-shop/settings/general/"
    acme.refresh_from_db()
    assert {name: getattr(acme, name) for name in wanted} == wanted
    [data] = lines(acme)
    assert data["changes"]["currency"] == ["THB", "EUR"]
    assert data["fields"] == list(wanted)


def test_saving_what_is_there_changes_nothing(ana_client: Client, acme: Workspace) -> None:
    assert ana_client.post(PAGE, SAME).status_code == 302
    assert lines(acme) == [] and acme.old_slugs.count() == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This field is required."),
        ("name", "a" * 81, "at most 80 characters"),
        ("slug", "Acme Shop!", "Use small letters"),
        ("slug", "-acme", "Use small letters"),
        ("slug", "ร้าน", "Use small letters"),
        ("slug", "ab", "at least 3 characters"),
        ("slug", "admin", "one of ours"),
        ("slug", "globex", "taken"),
        ("timezone", "Mars/Olympus", "not one of the available choices"),
        ("timezone", "../../etc/passwd", "not one of the available choices"),
        ("currency", "XXX", "not one of the available choices"),
        ("locale", "xx", "not one of the available choices"),
        ("era", "roman", "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    ana_client: Client, acme: Workspace, globex: Workspace, field: str, value: str, sentence: str
) -> None:
    answer = ana_client.post(PAGE, {**SAME, "name": "Typed", field: value})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert page.index(f'id="id_{field}_error"') < page.index(sentence)
    if field != "name":
        assert 'value="Typed"' in page
    acme.refresh_from_db()
    assert (acme.name, acme.slug) == ("Acme", "acme") and lines(acme) == []


def test_an_address_is_written_small(ana_client: Client, acme: Workspace) -> None:
    assert ana_client.post(PAGE, {**SAME, "slug": " Acme-2 "}).url == "/w/acme-2/settings/general/"


def test_an_address_from_before_the_rules_may_stay(ana_client: Client, acme: Workspace) -> None:
    Workspace.objects.filter(pk=acme.pk).update(slug="a_b")
    answer = ana_client.post("/w/a_b/settings/general/", {**SAME, "slug": "a_b", "name": "New"})
    assert answer.status_code == 302


@pytest.mark.parametrize("who", ["omar_client", "vera_client"])
def test_too_little_role(who: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(who)
    assert client.get(PAGE).status_code == client.post(PAGE, SAME).status_code == 403


def test_nobody_asks_for_free_addresses_all_day(ana_client: Client, globex: Workspace) -> None:
    for _ in range(30):
        assert ana_client.post(PAGE, {**SAME, "slug": "globex"}).status_code == 422
    assert ana_client.post(PAGE, {**SAME, "slug": "globex"}).status_code == 429


# --- The old address --------------------------------------------------------------------------------------------------


@pytest.fixture
def moved(acme: Workspace, ana_member: Membership) -> Workspace:
    return actions.change_settings(acme, by=ana_member, slug="nova")


def test_the_old_address_leads_members_on(ana_client: Client, vera_client: Client, moved: Workspace) -> None:
    for client in (ana_client, vera_client):
        answer = client.get("/w/acme/conversations/?tab=mine")
        assert (answer.status_code, answer.url) == (307, "/w/nova/conversations/?tab=mine")


def test_a_form_that_was_open_meanwhile_is_not_lost(ana_client: Client, moved: Workspace) -> None:
    answer = ana_client.post(PAGE, {**SAME, "name": "Acme & Sons", "slug": "nova"}, follow=True)
    assert answer.status_code == 200
    moved.refresh_from_db()
    assert moved.name == "Acme & Sons"


def test_SR04_strangers_learn_nothing_of_an_old_address(
    gil_client: Client, anonymous_client: Client, moved: Workspace
) -> None:
    assert gil_client.get("/w/acme/").status_code == gil_client.get("/w/nova/").status_code == 404
    assert anonymous_client.get("/w/acme/").url == "/accounts/login/?next=/w/acme/"


def test_nobody_else_takes_an_old_address(gil_member: Membership, globex: Workspace, moved: Workspace) -> None:
    with pytest.raises(AddressTaken):
        actions.change_settings(globex, by=gil_member, slug="acme")
    globex.refresh_from_db()
    assert globex.slug == "globex"
    other = actions.create_workspace(gil_member.user, name="Acme")
    assert other.slug.startswith("acme-")


def test_after_its_time_it_is_anybodys(
    ana_client: Client, gil_member: Membership, globex: Workspace, moved: Workspace
) -> None:
    expiry = moved.old_slugs.get().expires_at
    assert timedelta(days=89) < expiry - timezone.now() <= timedelta(days=90)
    moved.old_slugs.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ana_client.get("/w/acme/").status_code == 404
    assert actions.change_settings(globex, by=gil_member, slug="acme").slug == "acme"
    assert not OldSlug.unscoped.filter(slug="acme").exists()


def test_one_may_go_back(ana_client: Client, ana_member: Membership, moved: Workspace) -> None:
    actions.change_settings(moved, by=ana_member, slug="acme")
    assert ana_client.get("/w/nova/").url == "/w/acme/"
    assert ana_client.get("/w/acme/").status_code == 302


def test_one_workspace_holds_five_old_ones_at_most(ana_client: Client, ana_member: Membership, acme: Workspace) -> None:
    for number in range(5):
        acme = actions.change_settings(acme, by=ana_member, slug=f"acme-{number}")
    answer = ana_client.post(f"/w/{acme.slug}/settings/general/", {**SAME, "slug": "acme-5"})
    assert answer.status_code == 422 and "changed too often" in answer.content.decode()
    acme.old_slugs.order_by("expires_at").first().delete()
    assert ana_client.post(f"/w/{acme.slug}/settings/general/", {**SAME, "slug": "acme-5"}).status_code == 302


def test_expired_ones_are_cleared_away(moved: Workspace) -> None:
    assert addresses.forget_expired() == 0
    moved.old_slugs.update(expires_at=timezone.now())
    assert addresses.forget_expired() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_those_who_want_an_address_at_once_one_gets_it(ana: User, gil: User) -> None:
    owned = [actions.create_workspace(owner, name=f"Shop {n}") for n, owner in enumerate([ana, gil, ana, gil])]
    answers = at_once(lambda number: _try(owned[number], "wanted"))
    assert sorted(answers) == ["moved", "taken", "taken", "taken"]
    assert Workspace.objects.filter(slug="wanted").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_address_that_is_given_up_at_this_moment_is_kept(ana: User, gil: User) -> None:
    """One gives it up while others reach for it: whoever waits for the index finds the old address kept."""
    owned = [actions.create_workspace(owner, name=f"Shop {n}") for n, owner in enumerate([ana, gil, gil, gil])]
    actions.change_settings(owned[0], by=owned[0].memberships.get(), slug="wanted")
    answers = at_once(lambda number: _try(owned[number], "left" if number == 0 else "wanted"))
    assert answers[0] == "moved" and set(answers[1:]) == {"taken"}
    assert OldSlug.unscoped.get(slug="wanted").workspace == owned[0]


def _try(workspace: Workspace, slug: str) -> str:
    workspace = Workspace.objects.get(pk=workspace.pk)
    try:
        actions.change_settings(workspace, by=workspace.memberships.get(), slug=slug)
    except AddressTaken:
        return "taken"
    return "moved"


# --- What the settings do ---------------------------------------------------------------------------------------------


def test_another_time_zone_starts_no_fresh_month(acme: Workspace, ana_member: Membership) -> None:
    """Born at 01:30 in Bangkok is the day before in Honolulu: without care the count would begin at nought."""
    born = timezone.now().replace(hour=18, minute=30) - timedelta(days=1)
    Workspace.objects.filter(pk=acme.pk).update(created_at=born)
    acme.refresh_from_db()
    usage.consume(acme, usage.VISITOR_MESSAGES, 7)
    before = usage.month(acme).key
    acme = actions.change_settings(acme, by=ana_member, timezone="Pacific/Honolulu")
    assert usage.month(acme).key != before
    assert usage.consume(acme, usage.VISITOR_MESSAGES) == 8
    acme = actions.change_settings(acme, by=ana_member, timezone="Asia/Bangkok")
    assert usage.consume(acme, usage.VISITOR_MESSAGES) == 9


@pytest.mark.parametrize(("era", "year"), [("buddhist", 543), ("common", 0)])
def test_thai_pages_show_the_years_of_the_era(
    ana_client: Client, ana: User, ana_member: Membership, acme: Workspace, era: str, year: int
) -> None:
    ana.locale = "th"
    ana.save()
    actions.change_settings(acme, by=ana_member, era=era)
    actions.set_pin(acme, digits="2580", by=ana_member)
    page = ana_client.get("/w/acme/settings/pin/").content.decode()
    assert str(timezone.localdate().year + year) in page
