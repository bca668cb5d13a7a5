"""Every security requirement is in the list, and what is called done has a test that carries its id."""

from __future__ import annotations

import pytest

from tools import requirements

pytestmark = pytest.mark.pure


def test_the_list_is_whole() -> None:
    assert [row["id"] for row in requirements.rows()] == [f"SR-{number:02}" for number in range(1, 66)]


def test_the_list_is_up_to_date() -> None:
    assert requirements.FILE.read_text(encoding="utf-8") == requirements.text(), "run tools/requirements.py"


def test_what_is_done_has_a_test() -> None:
    assert [row["id"] for row in requirements.rows() if row["status"] == "done" and not row["tests"]] == []


def test_what_is_not_done_names_the_room_that_will() -> None:
    rooms = {"minichat", "accounts", "workspaces", "notifications", "billing", "contacts", "chat", "commerce", "ai"}
    rooms |= {"analytics", "integrations", "adminpanel"}
    for row in requirements.rows():
        planned, _, room = row["status"].partition(": ")
        assert row["status"] == "done" or (planned == "planned" and room in rooms), row["id"]


def test_a_test_is_found_by_its_id() -> None:
    assert "minichat/tests/test_matrix.py::test_SR02_every_route_is_in_the_table" in requirements.tests()["SR-02"]
