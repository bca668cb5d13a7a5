"""The plan's messages of a month: used up, told until when, and there again when the month is over (QU-1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from chat.models import Visitor
from chat.tests.test_visitor_messages import post
from chat.widget.access import new_visitor
from minichat.lib.errors import QuotaExceeded
from workspaces import usage
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.fixture
def guest(globex: Workspace, clock: Any) -> Visitor:
    """Of Globex on the free plan, born on the 31st of January in Bangkok, with all messages used."""
    Workspace.objects.filter(pk=globex.pk).update(created_at=datetime(2026, 1, 31, 5, tzinfo=UTC))
    globex.refresh_from_db()
    visitor, _ = new_visitor(globex.inboxes.get())
    clock(datetime(2026, 2, 27, 16, 59, tzinfo=UTC))
    post(visitor, "first")
    globex.usage_counters.filter(metric="visitor_messages").update(used=250)
    return visitor


def test_the_refusal_says_until_when(guest: Visitor) -> None:
    with pytest.raises(QuotaExceeded) as refused:
        post(guest)
    assert refused.value.fields == {"used": 250, "limit": 250, "resets_at": "2026-02-28T00:00:00+07:00"}


def test_a_minute_later_a_new_month_begins(guest: Visitor, clock: Any) -> None:
    clock(datetime(2026, 2, 27, 17, 0, tzinfo=UTC))
    post(guest, "second")
    used = dict(guest.workspace.usage_counters.filter(metric="visitor_messages").values_list("period", "used"))
    assert used == {"2026-01-31": 250, "2026-02-28": 1}


def test_over_the_plan_nothing_changes_but_a_repeat_is_still_told(guest: Visitor) -> None:
    stored = guest.workspace.messages.get()
    before = list(guest.conversations.values())
    for body in ("new", "newer"):
        with pytest.raises(QuotaExceeded):
            post(guest, body)
    assert post(guest, "first", client_id=stored.client_id).is_repeat
    assert list(guest.conversations.values()) == before
    assert usage.remaining(guest.workspace, usage.VISITOR_MESSAGES) == 0


def test_a_closed_conversation_stays_closed_over_the_plan(guest: Visitor) -> None:
    guest.conversations.update(status="resolved", waiting_since=None)
    with pytest.raises(QuotaExceeded):
        post(guest)
    assert guest.conversations.get().status == "resolved"


def test_somebody_new_over_the_plan_opens_no_empty_conversation(guest: Visitor) -> None:
    newcomer, _ = new_visitor(guest.inbox)
    with pytest.raises(QuotaExceeded):
        post(newcomer)
    assert not newcomer.conversations.exists()


def test_no_limit_is_no_limit(guest: Visitor, globex: Workspace) -> None:
    globex.entitlements.visitor_messages = None
    globex.entitlements.save()
    assert post(guest).message.position == 2
