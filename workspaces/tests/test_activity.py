"""The audit view: filters, pages by key, and a CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from workspaces import actions, audit
from workspaces.events import audited_events, groups
from workspaces.models import AuditEntry, Membership, Workspace

pytestmark = [
    pytest.mark.django_db,
    # The client of the tests is no ASGI server; `test_it_leaves_in_pieces` asks as one.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators"),
]
PAGE = "/w/acme/settings/activity/"
EXPORT = f"{PAGE}export/"


def write(workspace: Workspace, count: int = 1, **values: Any) -> None:
    line = {"action": "inbox.changed", "actor_label": "Ana Srisuk (owner)", "target_label": "Shop", **values}
    for number in range(count):
        AuditEntry.unscoped.create(workspace=workspace, **{"at": timezone.now() - timedelta(minutes=number), **line})


def shown(client: Client, query: str = "") -> str:
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def rows_of(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_an_admin_reads_what_happened(adam_client: Client, acme: Workspace, omar_member: Membership) -> None:
    page = shown(adam_client)
    assert "MiniChat added Omar Haddad to the team. Role: Operator." in page
    assert "Ana Srisuk created the workspace Acme." in page


def test_it_is_told_in_thai(ana_client: Client, ana: User, acme: Workspace) -> None:
    User.objects.filter(pk=ana.pk).update(locale="th")
    page = shown(ana_client)
    assert "Ana Srisuk สร้างพื้นที่ทำงาน Acme" in page
    assert str(timezone.localdate().year + 543) in page


@pytest.mark.parametrize("who", ["omar_client", "vera_client"])
def test_it_is_for_those_who_run_the_place(who: str, request: pytest.FixtureRequest, acme: Workspace) -> None:
    client = request.getfixturevalue(who)
    assert client.get(PAGE).status_code == client.post(EXPORT).status_code == 403


def test_SR04_another_workspaces_lines_are_not_there(
    gil_client: Client, ana_client: Client, globex: Workspace, acme: Workspace
) -> None:
    write(globex, target_label="Globex secret")
    assert gil_client.get(PAGE).status_code == gil_client.post(EXPORT).status_code == 404
    assert "Globex secret" not in shown(ana_client)
    assert "Globex secret" not in str(rows_of(ana_client.post(EXPORT)))


# --- Filters ----------------------------------------------------------------------------------------------------------


def test_filters(ana_client: Client, acme: Workspace) -> None:
    write(acme, target_label="Tea", actor_label="Nok (admin)")
    write(acme, target_label="Coffee", actor_label="", action="conversation.resolved")
    write(acme, target_label="Cocoa", at=timezone.now() - timedelta(days=3))
    cases = {
        "person=nok": {"Tea"},
        "person=MiniChat": {"Coffee"},
        "kind=conversation": {"Coffee"},
        "kind=inbox&text=co": {"Cocoa"},
        "text=TEA": {"Tea"},
        f"until={timezone.localdate() - timedelta(days=2)}": {"Cocoa"},
        f"since={timezone.localdate() - timedelta(days=3)}&until={timezone.localdate() - timedelta(days=3)}": {"Cocoa"},
        f"since={timezone.localdate() - timedelta(days=1)}&kind=inbox&person=nok": {"Tea"},
    }
    for query, expected in cases.items():
        page = shown(ana_client, query)
        lines = page[page.index('id="lines"') : page.index('id="export"')]
        assert {word for word in ("Tea", "Coffee", "Cocoa") if word in lines} == expected, query


def test_days_are_those_of_the_workspace(ana_client: Client, acme: Workspace) -> None:
    """23:30 UTC is the next day in Bangkok."""
    at = timezone.now().replace(hour=23, minute=30) - timedelta(days=10)
    write(acme, at=at, target_label="Midnight tea")
    day = (at + timedelta(hours=7)).date()
    assert "Midnight tea" in shown(ana_client, f"since={day}&until={day}")
    assert "Midnight tea" not in shown(ana_client, f"until={day - timedelta(days=1)}")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since=yesterday", "Enter a valid date."),
        ("since=0001-01-01", "between 2000 and 2200"),
        ("until=9999-12-31", "between 2000 and 2200"),
        ("since=2026-02-02&until=2026-02-01", "before the first one"),
        ("kind=everything", "not one of the available choices"),
        ("person=" + "a" * 101, "at most 100 characters"),
    ],
)
def test_a_filter_that_cannot_be_is_said_beside_it(ana_client: Client, query: str, sentence: str) -> None:
    answer = ana_client.get(f"{PAGE}?{query}")
    assert answer.status_code == 422 and sentence in answer.content.decode()


def test_nothing_found_is_said(ana_client: Client) -> None:
    assert "No line fits what you asked for." in shown(ana_client, "text=nowhere")


@pytest.mark.pure
def test_every_kind_can_be_chosen() -> None:
    """In red? Say `name_group("<prefix>", _("…"))` beside the event."""
    prefixes = {event.name.partition(".")[0] for event in audited_events()}
    # Events of an account belong to a person and to no workspace.
    prefixes -= {"test", "account"}
    assert prefixes <= groups().keys()


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_pages_have_every_line_once(ana_client: Client, acme: Workspace) -> None:
    moment = timezone.now()
    for number in range(120):
        write(acme, at=moment - timedelta(seconds=number // 40), target_label=f"zz{number:03}")
    rows, seen, cursor = audit.matching(acme, kind="inbox", text="zz"), [], ""
    while True:
        page = audit.page(rows, cursor)
        seen += [entry.target_label for entry in page.entries]
        cursor = page.older
        if not cursor:
            break
        write(acme, target_label="zz later")
    assert len(seen) == 120 and len(set(seen)) == 120


def test_links_lead_on_and_keep_the_filter(ana_client: Client, acme: Workspace) -> None:
    write(acme, 60, target_label="a & b")
    page = shown(ana_client, "kind=inbox&text=a+%26+b")
    assert 'rel="next"' in page and "kind=inbox&amp;text=a+%26+b&amp;before=" in page and 'rel="first"' not in page
    older = page.split('href="?')[1].split('"')[0].replace("&amp;", "&")
    page = shown(ana_client, older)
    assert page.count("<li><time") == 10 and 'rel="first"' in page and 'rel="next"' not in page


@pytest.mark.parametrize("cursor", ["x", "_", "2026-01-01_5", "2026-13-01T00:00:00Z_5", "%00"])
def test_a_cursor_that_was_mended_by_hand_begins_anew(ana_client: Client, acme: Workspace, cursor: str) -> None:
    assert "created the workspace" in shown(ana_client, f"before={cursor}")


def test_the_number_of_statements_does_not_grow(ana_client: Client, acme: Workspace) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            shown(ana_client)
        return len(asked)

    few = statements()
    write(acme, 40)
    assert statements() == few <= 12


# --- CSV --------------------------------------------------------------------------------------------------------------


def test_the_export_has_what_the_filter_shows(ana_client: Client, acme: Workspace, omar_member: Membership) -> None:
    write(acme, target_label="ร้านชา", actor_label="นก (admin)")
    answer = ana_client.post(EXPORT, {"kind": "inbox", "text": "ร้าน"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="acme-activity-')
    assert "no-store" in answer["Cache-Control"]
    [row] = rows_of(answer)
    assert (row["person"], row["event"], row["object"]) == ("นก", "inbox.changed", "ร้านชา")
    assert row["sentence"] == "นก changed the inbox ร้านชา."
    assert row["time"].endswith("+07:00") and row["time"].startswith(str(timezone.localdate().year))
    line = acme.audit_entries.get(action="export.audit")
    assert line.data == {"lines": 1} and line.actor_label == "Ana Srisuk (owner)"


def test_SR59_no_cell_is_a_formula(ana_client: Client, acme: Workspace) -> None:
    for name in ('=HYPERLINK("http://x")', "\t@SUM(1)", " -1+2", "＝1+1", '","=1', "a\n=1"):
        write(acme, target_label=name, actor_label=name)
    cells = [cell for row in rows_of(ana_client.post(EXPORT)) for cell in row.values()]
    assert not [cell for cell in cells if cell.lstrip(" \t\"'").startswith(("=", "@", "＝")) and cell[0] != "'"]
    assert '\'=HYPERLINK("http://x")' in cells


def test_it_asks_for_the_pin(ana_client: Client, acme: Workspace, ana_member: Membership) -> None:
    actions.set_pin(acme, digits="2580", by=ana_member)
    answer = ana_client.post(EXPORT, {"kind": "inbox", "pin": "0000"})
    assert answer.status_code == 422 and "4 more tries" in answer.content.decode()
    assert 'type="hidden" name="kind" value="inbox"' in answer.content.decode()
    assert not acme.audit_entries.filter(action="export.audit").exists()
    assert ana_client.post(EXPORT, {"pin": "2580"}).status_code == 200


def test_more_than_the_limit_is_refused(ana_client: Client, acme: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "MOST_EXPORTED", 5)
    write(acme, 6)
    answer = ana_client.post(EXPORT, {"kind": "inbox"})
    assert answer.status_code == 422 and "Choose a shorter time." in answer.content.decode()
    assert ana_client.post(EXPORT, {"kind": "workspace"}).status_code == 200


def test_exports_are_few(ana_client: Client) -> None:
    for _ in range(10):
        assert ana_client.post(EXPORT).status_code == 200
    assert ana_client.post(EXPORT).status_code == 429


def test_it_goes_while_suspended(ana_client: Client, acme: Workspace) -> None:
    actions.suspend(acme, reason="Spam")
    assert rows_of(ana_client.post(EXPORT))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
async def test_it_leaves_in_pieces(acme: Workspace, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from asgiref.sync import sync_to_async

    monkeypatch.setattr(audit, "IN_A_CHUNK", 10)
    await sync_to_async(write)(acme, 35)
    client = AsyncClient()
    await client.aforce_login(ana)
    answer = await client.post(EXPORT, {"kind": "inbox"})
    pieces = [piece async for piece in answer.streaming_content]
    lines = [piece.decode().count("\r\n") for piece in pieces]
    # The workspace's own first inbox is a line as well.
    assert lines == [1, 10, 10, 10, 6]
