from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notifications import actions, centre, due
from notifications.kinds import IN_APP, MAIL, MEMBER_JOINED, ROLE_CHANGED
from notifications.models import Notification
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/notifications/"


def tell(membership: Membership, n: int = 1, name: str = "Guest") -> list[Notification]:
    to = membership.workspace.memberships.filter(pk=membership.pk)
    return [actions.notify(MEMBER_JOINED, to, data={"name": f"{name} {i}"})[0] for i in range(n)]


def names(response: Any) -> list[str]:
    return re.findall(r"(\w+ \d+) joined the team\.</a>", response.content.decode())


def test_nothing_new(ana_client: Client) -> None:
    assert "Nothing new" in ana_client.get(PAGE).content.decode()
    assert "data-notifications-none hidden" not in ana_client.get(f"{PAGE}latest/").content.decode()
    assert ana_client.get(f"{PAGE}count/").json() == {"unread": 0}


def test_pages_by_key_have_every_row_once(ana_client: Client, ana_member: Membership) -> None:
    rows = tell(ana_member, centre.PAGE * 2 + 5)
    # Of the same moment: the key decides.
    Notification.unscoped.filter(pk__in=[row.pk for row in rows[:40]]).update(created_at=rows[0].created_at)
    seen: list[str] = []
    place = PAGE
    for _ in range(4):
        response = ana_client.get(place)
        seen += names(response)
        older = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
        if older is None:
            break
        # What arrives while somebody leafs through shifts nothing.
        tell(ana_member, 1, "Late")
        place = PAGE + older[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == len(rows)
    assert seen[0] == f"Guest {len(rows) - 1}"


@pytest.mark.parametrize("cursor", ["x", "1.x", "99999999999999999999999.00000000000000000000000000000000", "١.0"])
def test_a_cursor_of_nonsense_is_refused(ana_client: Client, cursor: str) -> None:
    assert ana_client.get(PAGE, {"before": cursor}).status_code == 422


def test_unread_alone(ana_client: Client, ana_member: Membership) -> None:
    rows = tell(ana_member, 3)
    actions.mark_read(ana_member, [rows[1].pk])
    assert names(ana_client.get(PAGE, {"show": "unread"})) == ["Guest 2", "Guest 0"]
    actions.mark_all_read(ana_member)
    assert "Nothing unread" in ana_client.get(PAGE, {"show": "unread"}).content.decode()


def test_reading_one_and_all(ana_client: Client, ana_member: Membership) -> None:
    rows = tell(ana_member, 3)
    one = reverse("read-notification", args=["acme", rows[0].pk])
    assert ana_client.post(one).headers["Location"] == PAGE
    assert ana_client.post(one, headers={"HX-Request": "true"}).status_code == 204, "twice is once"
    assert ana_client.get(f"{PAGE}count/").json() == {"unread": 2}
    assert ana_client.post(reverse("read-all-notifications", args=["acme"])).status_code == 302
    assert centre.unread_count(ana_member) == 0
    assert all(row.read_at for row in Notification.unscoped.filter(membership=ana_member))


def test_SR24_looking_changes_nothing(ana_client: Client, ana_member: Membership) -> None:
    tell(ana_member, 2)
    for place in (PAGE, f"{PAGE}latest/", f"{PAGE}count/"):
        ana_client.get(place)
    assert centre.unread_count(ana_member) == 2
    assert ana_client.get(reverse("read-all-notifications", args=["acme"])).status_code == 405


def test_SR04_anothers_notification_is_none(
    omar_client: Client, gil_client: Client, ana_member: Membership, omar_member: Membership
) -> None:
    [row] = tell(ana_member)
    unread = centre.unread_count(ana_member)
    for pk in (row.pk, uuid.uuid4()):
        assert omar_client.post(f"{PAGE}{pk}/reading/").status_code == 404
        assert gil_client.post(f"/w/globex/notifications/{pk}/reading/").status_code == 404
    actions.mark_read(omar_member, [row.pk])
    actions.mark_all_read(omar_member)
    assert centre.unread_count(ana_member) == unread
    assert names(omar_client.get(PAGE)) == []


def test_names_are_text(ana_client: Client, ana_member: Membership) -> None:
    tell(ana_member, 1, "<img src=x onerror=alert(1)>")
    for place in (PAGE, f"{PAGE}latest/"):
        content = ana_client.get(place).content.decode()
        assert "<img src=x" not in content and "&lt;img src=x" in content


def test_only_mailed_is_not_in_the_bell(ana_client: Client, ana_member: Membership) -> None:
    actions.save_settings(ana_member, choices={(MEMBER_JOINED, IN_APP): False, (MEMBER_JOINED, MAIL): True})
    tell(ana_member, 2)
    assert centre.unread_count(ana_member) == 0
    assert names(ana_client.get(PAGE)) == []


def test_a_row_of_an_unknown_kind_can_be_read(ana_client: Client, ana_member: Membership) -> None:
    [row] = tell(ana_member)
    Notification.unscoped.filter(pk=row.pk).update(kind="of.tomorrow")
    assert "Something happened." in ana_client.get(PAGE).content.decode()
    actions.mark_all_read(ana_member)
    assert centre.unread_count(ana_member) == 0


def test_a_page_costs_the_same_for_one_row_and_for_many(ana_client: Client, ana_member: Membership) -> None:
    def cost(place: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ana_client.get(place).status_code == 200
        return len(queries)

    tell(ana_member)
    places = (PAGE, f"{PAGE}latest/", f"{PAGE}count/", "/w/acme/settings/team/")
    few = [cost(place) for place in places]
    tell(ana_member, centre.PAGE + 10)
    assert [cost(place) for place in places] == few
    assert few[2] <= 5, "session, person, member, number"


def test_nobody_counts_beyond_a_hundred(ana_client: Client, ana_member: Membership) -> None:
    [row] = tell(ana_member)
    same = {"workspace_id": row.workspace_id, "membership": ana_member, "kind": row.kind, "data": row.data}
    Notification.unscoped.bulk_create([Notification(**same) for _ in range(centre.MOST_COUNTED + 20)])
    assert centre.unread_count(ana_member) == centre.MOST_COUNTED
    assert centre.unread_counts([ana_member.pk, uuid.uuid4()])[ana_member.pk] == centre.MOST_COUNTED
    assert ">99+</b>" in ana_client.get(PAGE).content.decode()


def test_old_ones_are_forgotten(ana_member: Membership, monkeypatch: Any) -> None:
    monkeypatch.setattr(due, "FORGOTTEN_AT_ONCE", 2)
    rows = tell(ana_member, 6)
    long_ago = timezone.now() - due.KEPT_FOR - timedelta(hours=1)
    Notification.unscoped.filter(pk__in=[row.pk for row in rows[:5]]).update(created_at=long_ago)
    assert due.forget_old() == 5
    assert [row.pk for row in ana_member.notifications.all()] == [rows[5].pk]


def test_the_bell_is_on_every_page_of_a_workspace(ana_client: Client, ana_member: Membership) -> None:
    tell(ana_member, 2)
    for place in ("/w/acme/conversations/", "/w/acme/settings/team/", PAGE):
        content = ana_client.get(place).content.decode()
        assert re.search(r'id="bell"\s+data-socket="ws://testserver/ws/w/acme/"', content)
        assert '<b class="count" data-bell-count aria-hidden="true">2</b>' in content
        assert "2 unread notifications" in content


def test_roles_are_read_in_ones_own_language(vera_client: Client, vera_member: Membership) -> None:
    to = vera_member.workspace.memberships.filter(pk=vera_member.pk)
    actions.notify(ROLE_CHANGED, to, data={"by": "Ana", "role": "operator"})
    vera_member.user.locale = "th"
    vera_member.user.save()
    assert "Ana เปลี่ยนบทบาทของคุณ" in vera_client.get(PAGE).content.decode()
