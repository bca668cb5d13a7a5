"""The row of a conversation in the list: its chips are kept, and never older than what they say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from chat.templatetags.rows import row_chips, row_data, row_pick

pytestmark = pytest.mark.pure
NOW = timezone.now()
ROW: dict[str, Any] = {
    "conversation": "c-1",
    "inbound": 3,
    "at": NOW,
    "status": "open",
    "handler": "people",
    "waiting": False,
    "waiting_since": None,
    "snoozed_until": None,
    "priority_name": "none",
    "labels": [],
    "inbox": "i-1",
    "inbox_name": "",
    "lang": "th",
    "assignee": None,
    "position": 7,
    "rating": None,
    "draft": None,
}
CHANGES: list[dict[str, Any]] = [
    {"priority_name": "urgent"},
    {"waiting": True},
    {"waiting": True, "waiting_since": NOW - timedelta(minutes=5)},
    {"handler": "ai"},
    {"status": "snoozed", "snoozed_until": NOW + timedelta(days=2)},
    {"status": "resolved"},
    {"status": "resolved", "rating": 4},
    {"labels": [{"id": "l-1", "name": "Delivery", "hue": 3}]},
    {"labels": [{"id": "l-1", "name": "Delivery", "hue": 4}]},
    {"labels": [{"id": "l-1", "name": "Delivery", "hue": 3}, {"id": "l-2", "name": "Refund", "hue": 1}]},
    {"assignee": {"id": "m-1", "name": "Omar"}},
    {"inbox_name": "Shop"},
    {"draft": True},
]


def test_every_change_is_seen() -> None:
    drawn = [row_chips(ROW), *(row_chips({**ROW, **change}) for change in CHANGES)]
    assert len(set(drawn)) == len(drawn)
    assert [row_chips(ROW), *(row_chips({**ROW, **change}) for change in CHANGES)] == drawn


def test_time_passes_also_for_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = {**ROW, "waiting": True, "waiting_since": NOW}
    before = row_chips(waits)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=30))
    assert "30" in row_chips(waits) and row_chips(waits) != before


def test_each_reader_has_their_language() -> None:
    resolved = {**ROW, "status": "resolved"}
    with translation.override("en"):
        assert "Resolved" in row_chips(resolved)
    with translation.override("th"):
        assert "Resolved" not in row_chips(resolved)


def test_what_people_named_stays_text() -> None:
    named = {**ROW, "assignee": {"id": '"><b>', "name": "<i>"}, "labels": [{"id": "l", "name": "<u>", "hue": 1}]}
    assert "&lt;i&gt;" in row_chips(named) and "<u>" not in row_chips(named)
    assert 'data-assignee="&quot;&gt;&lt;b&gt;"' in row_data(named)
    assert "&lt;b&gt;Nok" in row_pick({**ROW, "contact": {"name": "<b>Nok"}})


def test_who_is_picked_is_named_as_now_and_in_each_language() -> None:
    nok = {**ROW, "contact": {"name": "Nok"}}
    with translation.override("en"):
        assert 'aria-label="Choose Nok"' in row_pick(nok)
        assert 'aria-label="Choose Noi"' in row_pick({**ROW, "contact": {"name": "Noi"}})
    with translation.override("th"):
        assert 'aria-label="เลือก Nok"' in row_pick(nok)


def test_scripts_read_what_is_not_known_as_nothing() -> None:
    data = row_data({**ROW, "position": None, "inbound": None})
    assert 'data-position=""' in data and 'data-inbound="0"' in data and 'data-since=""' in data
    assert 'data-position="0"' in row_data({**ROW, "position": 0})
