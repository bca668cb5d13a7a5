"""The tab where hours are written: two periods a day, nights, holidays, and what is refused."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from chat.hours import Schedule
from chat.models import Inbox
from workspaces.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(inbox: Inbox) -> str:
    return f"/w/acme/settings/inboxes/{inbox.pk}/hours/"


def saved(inbox: Inbox) -> Schedule:
    inbox.refresh_from_db()
    return inbox.hours


def hours(**more: str) -> dict[str, str]:
    return {"limited": "1", "d0_from1": "09:00", "d0_to1": "17:00", **more}


def test_a_week_is_saved(ana_client: Client, inbox: Inbox, page: str) -> None:
    body = hours(d0_to1="12:00", d0_from2="13:00", d0_to2="18:00", d5_from1="20:00", d5_to1="02:00")
    assert ana_client.post(page, body | {"holidays": "2026-12-31\n2570-01-01"}).status_code == 302
    assert saved(inbox) == Schedule(
        {0: ((time(9), time(12)), (time(13), time(18))), 5: ((time(20), time(2)),)},
        frozenset({date(2026, 12, 31), date(2027, 1, 1)}),
    )
    text = ana_client.get(page).content.decode()
    assert 'value="20:00"' in text and "2027-01-01" in text


def test_at_any_time_forgets_the_hours(ana_client: Client, inbox: Inbox, page: str) -> None:
    ana_client.post(page, hours())
    assert saved(inbox)
    ana_client.post(page, hours(limited=""))
    assert not saved(inbox)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"d0_to1": ""}, "Write both times"),
        ({"d0_from2": "16:00", "d0_to2": "20:00"}, "begins before the first one ends"),
        ({"d0_to1": "02:00", "d0_from2": "20:00", "d0_to2": "21:00"}, "begins before the first one ends"),
        ({"d0_from1": "nine"}, "Enter a valid time"),
        ({"d0_from1": "", "d0_to1": ""}, "at least one day"),
        ({"holidays": "2026-12-31\n31 Dec"}, "Line 2 (31 Dec) is no date"),
        ({"holidays": "2026-02-30"}, "Line 1 (2026-02-30) is no date"),
        ({"limited": "x"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_saved(
    ana_client: Client, inbox: Inbox, page: str, wrong: dict[str, str], sentence: str
) -> None:
    answer = ana_client.post(page, hours(**wrong))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not saved(inbox)


def test_what_happens_while_nobody_looks(ana_client: Client, inbox: Inbox, page: str) -> None:
    assert (inbox.alert_seconds, inbox.idle_minutes) == (60, 60)
    ana_client.post(f"{page}waits/", {"alert_seconds": "300", "idle_minutes": ""})
    inbox.refresh_from_db()
    assert (inbox.alert_seconds, inbox.idle_minutes) == (300, None)
    assert ana_client.post(f"{page}waits/", {"alert_seconds": "7"}).status_code == 422


def test_the_same_again_is_no_change(ana_client: Client, page: str) -> None:
    for _time in range(2):
        ana_client.post(page, hours())
    assert AuditEntry.unscoped.filter(action="inbox.changed", data__has_key="business_hours").count() == 1


def test_admins_alone(omar_client: Client, gil_client: Client, inbox: Inbox, page: str) -> None:
    for client, status in ((omar_client, 403), (gil_client, 404)):
        assert client.get(page).status_code == status
        assert client.post(page, hours()).status_code == status
        assert client.post(f"{page}waits/", {"alert_seconds": ""}).status_code == status
    assert not saved(inbox)


def test_another_workspaces_inbox(ana_client: Client, globex: Any) -> None:
    theirs = globex.inboxes.get()
    assert ana_client.post(f"/w/acme/settings/inboxes/{theirs.pk}/hours/", hours()).status_code == 404
