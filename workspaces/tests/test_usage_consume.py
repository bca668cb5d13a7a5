"""Check and count are one step: at the limit, and for many at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from minichat.lib.errors import QuotaExceeded
from workspaces import usage
from workspaces.models import Workspace
from workspaces.usage import VISITOR_MESSAGES as METRIC


def limit(workspace: Workspace, value: int | None) -> None:
    workspace.entitlements.visitor_messages = value
    workspace.entitlements.save()


def test_up_to_the_limit_and_not_beyond(acme: Workspace) -> None:
    limit(acme, 3)
    assert usage.consume(acme, METRIC) == 1
    assert usage.consume(acme, METRIC, 2) == 3
    assert usage.remaining(acme, METRIC) == 0
    with pytest.raises(QuotaExceeded) as refusal:
        usage.consume(acme, METRIC)
    assert (refusal.value.fields["used"], refusal.value.fields["limit"]) == (3, 3)
    assert refusal.value.fields["resets_at"] == usage.month(acme).ends_at.isoformat()


def test_a_refused_amount_counts_nothing(acme: Workspace) -> None:
    limit(acme, 3)
    usage.consume(acme, METRIC, 2)
    with pytest.raises(QuotaExceeded):
        usage.consume(acme, METRIC, 2)
    assert usage.remaining(acme, METRIC) == 1


def test_no_limit_still_counts(acme: Workspace) -> None:
    limit(acme, None)
    assert usage.consume(acme, METRIC, 1_000) == 1_000
    assert usage.remaining(acme, METRIC) is None


def test_a_new_month_begins_at_nought(acme: Workspace) -> None:
    limit(acme, 1)
    usage.consume(acme, METRIC)
    acme.created_at -= timedelta(days=45)
    before = usage.month(acme).key
    acme.usage_counters.update(period="2020-01-01")
    assert usage.consume(acme, METRIC) == 1
    assert set(acme.usage_counters.filter(metric=METRIC).values_list("period", flat=True)) == {"2020-01-01", before}


def test_workspaces_count_apart(acme: Workspace, globex: Workspace) -> None:
    usage.consume(acme, METRIC, 7)
    assert usage.remaining(globex, METRIC) == 250


def test_numbers_have_no_gap(acme: Workspace, globex: Workspace) -> None:
    assert [usage.next_number(acme, "things") for _ in range(3)] == [1, 2, 3]
    assert usage.next_number(globex, "things") == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_at_once_share_the_last_few(acme: Workspace) -> None:
    limit(acme, 5)
    start, answers = threading.Barrier(8), []

    def consume() -> None:
        start.wait(timeout=10)
        try:
            answers.append(usage.consume(acme, METRIC))
        except QuotaExceeded:
            answers.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=consume) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(answer for answer in answers if answer) == [1, 2, 3, 4, 5]
    assert answers.count(None) == 3
