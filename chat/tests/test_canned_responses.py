"""Canned responses: whose they are, what `/` offers, import and export."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat import actions, canned
from chat.actions import canned_responses
from chat.models import CannedResponse, Conversation
from minichat.lib.errors import Conflict, PlanLimit
from workspaces.models import AuditEntry, Membership

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/canned/"


def add(by: Membership, shortcut: str = "hours", body: str = "9 to 18", shared: bool = True) -> CannedResponse:
    return actions.add_canned_response(by, shortcut=shortcut, body=body, shared=shared)


def offered(client: Client, conversation: Conversation) -> list[tuple[str, str]]:
    response = client.get(f"/w/acme/conversations/{conversation.pk}/canned/")
    return [(row["shortcut"], row["text"]) for row in response.json()["rows"]]


def upload(client: Client, content: bytes) -> Any:
    return client.post(f"{PAGE}import/", {"file": SimpleUploadedFile("texts.csv", content)})


def test_own_ones_are_ones_own(
    ana_member: Membership, omar_member: Membership, omar_client: Client, ana_client: Client, conversation: Conversation
) -> None:
    add(ana_member)
    own = add(omar_member, body="my hours", shared=False)
    assert offered(omar_client, conversation) == [("hours", "my hours"), ("hours", "9 to 18")]
    assert offered(ana_client, conversation) == [("hours", "9 to 18")]
    assert ana_client.get(f"{PAGE}{own.pk}/").status_code == 404


def test_what_the_team_uses_is_the_admins(ana_member: Membership, omar_client: Client, adam_client: Client) -> None:
    row = add(ana_member)
    assert omar_client.get(f"{PAGE}{row.pk}/").status_code == 403
    assert omar_client.post(f"{PAGE}{row.pk}/delete/").status_code == 403
    assert adam_client.post(f"{PAGE}{row.pk}/", {"shortcut": "hours", "body": "10 to 18", "shared": "on"}).url == PAGE
    row.refresh_from_db()
    assert row.body == "10 to 18"


def test_an_operators_text_is_never_shared_by_a_made_up_field(omar_client: Client, omar_member: Membership) -> None:
    omar_client.post(f"{PAGE}new/", {"shortcut": "hi", "body": "Hello", "shared": "on"})
    assert CannedResponse.unscoped.get().owner == omar_member


def test_variables(ana_member: Membership, omar_member: Membership, conversation: Conversation) -> None:
    add(ana_member, "hi", "Hello {contact}, {operator} of {workspace}. {order} {contact}")
    [row] = canned.offered(conversation, omar_member)
    assert row["text"] == "Hello {contact}, Omar Haddad of Acme. {order} {contact}"
    conversation.contact.name = "{operator} Joe"
    [row] = canned.offered(conversation, omar_member)
    assert row["text"] == "Hello {operator} Joe, Omar Haddad of Acme. {order} {operator} Joe"


def test_a_shortcut_is_there_once(ana_member: Membership, omar_member: Membership, ana_client: Client) -> None:
    add(ana_member)
    with pytest.raises(Conflict):
        add(ana_member)
    add(omar_member, shared=False)
    with pytest.raises(Conflict):
        add(omar_member, shared=False)
    response = ana_client.post(f"{PAGE}new/", {"shortcut": "/HOURS", "body": "typed with care", "shared": "on"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "There is a canned response /hours already." in page and "typed with care" in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("/Hours", "hours"), ("เวลาเปิด", "เวลาเปิด"), ("ที่อยู่", "ที่อยู่"), ("a_1-b", "a_1-b"), ("คืนเงิน", "คืนเงิน")],
)
def test_shortcuts_in_any_script(ana_client: Client, typed: str, kept: str) -> None:
    assert ana_client.post(f"{PAGE}new/", {"shortcut": typed, "body": "x"}).status_code == 302
    assert CannedResponse.unscoped.get().shortcut == kept


@pytest.mark.parametrize("typed", ["", "/", "two words", "a/b", "<b>", "x" * 41, "😀", "\x00"])
def test_what_is_no_shortcut(ana_client: Client, typed: str) -> None:
    response = ana_client.post(f"{PAGE}new/", {"shortcut": typed, "body": "kept text"})
    assert response.status_code == 422 and "kept text" in response.content.decode()


@pytest.mark.parametrize("body", ["", " \n ", "x" * 5_001])
def test_what_is_no_text(ana_client: Client, body: str) -> None:
    assert ana_client.post(f"{PAGE}new/", {"shortcut": "x", "body": body}).status_code == 422


def test_the_list_has_an_end(ana_member: Membership, monkeypatch: pytest.MonkeyPatch, ana_client: Client) -> None:
    monkeypatch.setattr(canned_responses, "MOST_PER_OWNER", 1)
    add(ana_member)
    with pytest.raises(PlanLimit):
        add(ana_member, "other")
    response = ana_client.post(f"{PAGE}new/", {"shortcut": "other", "body": "kept text", "shared": "on"})
    assert response.status_code == 422 and "kept text" in response.content.decode()
    own = add(ana_member, "mine", shared=False)
    with pytest.raises(PlanLimit):
        actions.change_canned_response(own, by=ana_member, shortcut="mine", body="x", shared=True)


def test_what_happens_is_in_the_audit_log(ana_member: Membership) -> None:
    row = add(ana_member)
    actions.change_canned_response(row, by=ana_member, shortcut="hours", body="9 to 18", shared=True)
    actions.change_canned_response(row, by=ana_member, shortcut="hours", body="all day", shared=True)
    actions.delete_canned_response(row, by=ana_member)
    lines = AuditEntry.unscoped.filter(action__startswith="canned_response.").order_by("at")
    assert [line.action.split(".")[1] for line in lines] == ["created", "changed", "deleted"]


def test_finding_inside_thai_words(ana_member: Membership, ana_client: Client) -> None:
    add(ana_member, "lunch", "พนักงานกำลังกินข้าวกลางวัน")
    add(ana_member, "hours", "9 to 18")
    assert [row.shortcut for row in ana_client.get(PAGE, {"q": "กิน"}).context["rows"]] == ["lunch"]


def test_the_list_asks_as_often_for_many(ana_member: Membership, ana_client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            ana_client.get(PAGE)
        return len(queries)

    add(ana_member)
    few = asked()
    for number in range(20):
        add(ana_member, f"more-{number}")
    assert asked() == few


# --- Import and export ------------------------------------------------------------------------------------------------


def test_a_file_comes_in_and_goes_out_the_same(ana_member: Membership, ana_client: Client) -> None:
    add(ana_member)
    content = '\ufeffshortcut,text\r\n/Hours,"10 to 18,\r\nevery day"\r\nsum,=1+1\r\nที่อยู่,ถนนนิมมาน\r\n'
    assert upload(ana_client, content.encode()).url == PAGE
    texts = dict(CannedResponse.unscoped.values_list("shortcut", "body"))
    assert texts == {"hours": "10 to 18,\nevery day", "sum": "=1+1", "ที่อยู่": "ถนนนิมมาน"}
    exported = ana_client.get(f"{PAGE}export/").content
    assert exported.startswith(b"\xef\xbb\xbf")
    rows = {row["shortcut"]: row["text"] for row in csv.DictReader(io.StringIO(exported.decode("utf-8-sig")))}
    assert rows["sum"] == "'=1+1", "a spreadsheet must not calculate it"
    CannedResponse.unscoped.all().delete()
    upload(ana_client, exported)
    assert dict(CannedResponse.unscoped.values_list("shortcut", "body")) == texts


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "columns"),
        (b"name,text\na,b", "columns"),
        (b"shortcut,text\n", "nothing in this file"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b'shortcut,text\na,"open', "not a CSV file"),
        (b"shortcut,text\na,b\na,c", "Line 3"),
        (b"shortcut,text\ngood,text\ntwo words,text\nx,", "Line 3"),
        (b"shortcut,text\n" + b"".join(b"k%d,x\n" % number for number in range(501)), "At most 500"),
    ],
)
def test_a_file_that_is_none_changes_nothing(ana_client: Client, content: bytes, words: str) -> None:
    response = upload(ana_client, content)
    assert response.status_code == 422
    assert not CannedResponse.unscoped.exists()
    if content:
        assert words in response.content.decode()


def test_no_file_at_all(ana_client: Client) -> None:
    assert ana_client.post(f"{PAGE}import/").status_code == 422
