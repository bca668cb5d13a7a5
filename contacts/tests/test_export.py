"""Contacts as CSV: behind the PIN, written down, harmless in a spreadsheet, and no more than one may see."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from contacts import export
from contacts.models import Contact
from workspaces.actions import set_pin
from workspaces.models import AuditEntry, Membership

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = "/w/acme/contacts/export/"


def rows(response: Any) -> list[dict[str, str]]:
    async def read() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    content = async_to_sync(read)()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_SR59_cells_run_nothing(somebody: Any, omar_client: Client) -> None:
    somebody(name="=1+1", phone="+66 81 234 5678", company='a","=cmd', attributes={"วันเกิด": "14 พ.ค."})
    [row] = rows(omar_client.post(PLACE))
    assert row["name"] == "'=1+1"
    assert row["phone"] == "+66 81 234 5678"
    assert row["company"] == 'a","=cmd'
    assert row["attributes"] == '{"วันเกิด": "14 พ.ค."}'
    assert row["conversations"] == "1"


def test_the_export_is_what_the_list_shows(somebody: Any, omar_client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(export, "IN_A_CHUNK", 2)
    for number in range(5):
        somebody(name=f"N{number}")
    somebody(name="Somebody else")
    assert {row["name"] for row in rows(omar_client.post(PLACE, {"q": "n"}))} == {f"N{n}" for n in range(5)}
    assert AuditEntry.unscoped.get(action="export.contacts").data == {"lines": 5}


def test_nobody_of_globex_is_in_it(mali: Contact, gil_client: Client, globex: Any) -> None:
    assert gil_client.post(PLACE).status_code == 404
    assert rows(gil_client.post("/w/globex/contacts/export/")) == []


def test_it_asks_for_the_pin(mali: Contact, ana_member: Membership, omar_client: Client, vera_client: Client) -> None:
    set_pin(ana_member.workspace, digits="4711", by=ana_member)
    assert vera_client.post(PLACE, {"pin": "4711"}).status_code == 403
    assert omar_client.post(PLACE).status_code == 422
    assert omar_client.post(PLACE, {"pin": "4712"}).status_code == 422
    assert len(rows(omar_client.post(PLACE, {"pin": "4711"}))) == 1


def test_too_many_are_refused_before_anything_leaves(somebody: Any, omar_client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(export, "MOST_EXPORTED", 1)
    somebody(name="A")
    somebody(name="B")
    assert omar_client.post(PLACE).status_code == 422
    assert not AuditEntry.unscoped.filter(action="export.contacts").exists()
