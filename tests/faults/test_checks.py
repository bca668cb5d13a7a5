"""The checkers can fail: each is shown a world with one wrong thing in it, and the right world beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults import checks
from tests.faults.checks import Counters, Stored, Told
from tests.faults.client.thread import Thread, difference
from tests.faults.figures import Report

pytestmark = pytest.mark.pure

ASKED = Stored("a", "c1", 1, 1, 1, "visitor", "lid:v1-1; Hello", "v:1", "k1")
NOTED = Stored("b", "c1", 2, 2, None, "note", "lid:o1-1; canary-note", "m:1", "k2")
AGAIN = Stored("d", "c1", 3, 3, 2, "visitor", "lid:v1-2; Still there?", "v:1", "k3")
ROWS = [ASKED, NOTED, AGAIN]
COUNTS = [Counters("c1", last_seq=3, public_seq=2, last_position=3, inbound=2)]
ACK = {"id": "d", "client_id": "k3", "conversation": "c1", "position": 3, "seq": 2, "created_at": "now"}
TOLD = [Told("k3", AGAIN.body, ACK, is_public=True)]


def test_a_whole_world_has_no_violation() -> None:
    assert not checks.lost(TOLD, ROWS)
    assert not checks.duplicates(ROWS)
    assert not checks.holes(ROWS, COUNTS)
    assert not checks.disorder(ROWS)
    assert not checks.other_acks([ACK], TOLD)


def test_an_acknowledged_message_that_is_gone() -> None:
    assert checks.lost(TOLD, [ASKED, NOTED])


@pytest.mark.parametrize("change", [{"body": "other"}, {"position": 4}, {"public_seq": 3}, {"conversation": "c2"}])
def test_an_acknowledged_message_that_is_another(change: dict) -> None:
    assert checks.lost(TOLD, [ASKED, NOTED, replace(AGAIN, **change)])


@pytest.mark.parametrize("change", [{"client_id": "k9"}, {"body": "lid:v1-9; other"}])
def test_a_text_or_a_client_id_that_is_there_twice(change: dict) -> None:
    assert checks.duplicates([*ROWS, replace(AGAIN, id="e", position=4, **change)])


@pytest.mark.parametrize("change", [{"position": 4}, {"seq": 4}, {"public_seq": 3}, {"public_seq": None}])
def test_a_hole_in_a_stream(change: dict) -> None:
    assert checks.holes([ASKED, NOTED, replace(AGAIN, **change)], COUNTS)


@pytest.mark.parametrize("change", [{"last_seq": 4}, {"public_seq": 1}, {"last_position": 2}, {"inbound": 1}])
def test_a_counter_that_lies(change: dict) -> None:
    assert checks.holes(ROWS, [replace(COUNTS[0], **change)])


def test_messages_in_another_order_than_said() -> None:
    assert checks.disorder([replace(ASKED, position=3), NOTED, replace(AGAIN, position=1)])


@pytest.mark.parametrize("key", ["id", "position", "seq", "created_at"])
def test_a_second_ack_that_says_something_else(key: str) -> None:
    assert checks.other_acks([{**ACK, key: "else"}], TOLD)


MAIL = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    ("rows", "arrived", "is_right"),
    [
        ([(MAIL, "sent")], [f"<{MAIL}@x>"], True),
        ([(MAIL, "sent")], [], False),
        ([(MAIL, "sent")], [f"<{MAIL}@x>", f"<{MAIL}@x>"], False),
        ([(MAIL, "sending")], [f"<{MAIL}@x>"], False),
        ([], [f"<{MAIL}@x>"], False),
    ],
)
def test_a_mail_goes_once(rows: list[tuple[str, str]], arrived: list[str], is_right: bool) -> None:
    assert bool(checks.mails(rows, arrived)) is not is_right


@pytest.mark.parametrize(("times", "is_right"), [(1, True), (2, True), (3, False)])
def test_a_mail_whose_sender_was_killed_goes_twice_at_most(times: int, is_right: bool) -> None:
    arrived = [f"<{MAIL}@x>"] * times
    assert bool(checks.mails([(MAIL, "sending")], arrived, arrived)) is not is_right


def row(position: int, seq: int = 0, body: str = "x") -> dict:
    return {"id": f"m{position}", "position": position, "seq": seq or position, "body": body}


def test_a_push_behind_a_hole_asks_for_the_rest() -> None:
    thread = Thread("c1")
    assert not thread.push(1, 0, row(1))
    assert thread.push(3, 2, row(3)) and thread.known == 1
    changes = {"rows": [row(2)], "conversation": {"status": "open"}, "marks": {}, "seq": 2, "has_more": False}
    assert not thread.answer({**changes, "reset": False}) and thread.known == 3


def test_a_late_push_moves_nothing_back() -> None:
    thread = Thread("c1")
    thread.push(1, 0, row(1))
    thread.push(2, 1, row(1, seq=2, body="edited"))
    thread.push(1, 0, row(1))
    assert thread.known == 2 and thread.rows["m1"]["body"] == "edited"


def test_marks_that_overtake_one_another_move_nothing_back() -> None:
    thread = Thread("c1")
    thread.mark({"delivered": 12, "read": 3})
    thread.mark({"delivered": 11, "read": 4})
    assert thread.marks == {"delivered": 12, "read": 4}


def test_a_view_that_lacks_a_row_differs() -> None:
    mine, fresh = Thread("c1"), Thread("c1")
    for seq in (1, 2):
        fresh.push(seq, seq - 1, row(seq))
    mine.push(1, 0, row(1))
    mine.known = 2
    assert difference(mine.picture(), fresh.picture()) == "misses 2"
    assert difference(fresh.picture(), fresh.picture()) == ""


def test_a_run_whose_fault_did_not_happen_fails() -> None:
    report = Report("x")
    report.none("RF-01", "lost", [])
    report.time("RF-01", "p99", 9, 5)
    assert not report.failed and report.figures[-1].verdict == "slow"
    report.happened("RF-02", "kills", 0)
    assert report.failed and report.figures[-1].verdict == "invalid"


def test_a_violation_fails_and_is_told() -> None:
    report = Report("x")
    report.none("RF-01", "lost", ["this one"])
    assert report.failed and "this one" in report.details[0]


def test_a_run_is_played_again_only_where_chance_spared_it() -> None:
    spared, wrong, broken = Report("x"), Report("x"), Report("x")
    spared.none("RF-01", "lost", [])
    for report in (spared, wrong, broken):
        report.happened("RF-02", "kills", 0)
    wrong.none("RF-01", "lost", ["this one"])
    broken.broke("Traceback")
    assert spared.proves_nothing and not wrong.proves_nothing and not broken.proves_nothing
