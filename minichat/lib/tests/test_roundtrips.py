"""Queries that are put into SQL once: the same rows as asked anew, whatever the lists hold."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from minichat.lib import roundtrips
from workspaces.models import Membership, UsageCounter, Workspace

pytestmark = pytest.mark.django_db


def build(lists: Mapping[str, Any]) -> list[QuerySet[Any]]:
    return [
        Membership.unscoped.filter(pk__among=lists["members"]).order_by("pk"),
        Workspace.objects.filter(pk__among=lists["workspaces"], name__startswith="A").order_by("pk"),
    ]


def test_new_lists_find_new_rows(
    acme: Workspace, globex: Workspace, ana_member: Membership, omar_member: Membership, gil_member: Membership
) -> None:
    reads = roundtrips.Reads(build, skip={})
    for members in ([ana_member], [ana_member, omar_member, gil_member], [gil_member, ana_member], []):
        found, spaces = reads.ask(members=[one.pk for one in members], workspaces=[acme.pk, globex.pk])
        assert found == sorted(members, key=lambda one: one.pk)
        assert spaces == [acme]
    assert reads.ask(members=[uuid.uuid4()], workspaces=[]) == [[], []]


def test_what_there_is_no_list_for_is_not_asked(acme: Workspace, ana_member: Membership) -> None:
    reads = roundtrips.Reads(build, skip={0: "members"})
    with CaptureQueriesContext(connection) as queries:
        assert reads.ask(members=[], workspaces=[acme.pk]) == [[], [acme]]
    asked = " ".join(query["sql"] for query in queries)
    assert "workspaces_membership" not in asked
    assert reads.ask(members=[ana_member.pk], workspaces=[acme.pk]) == [[ana_member], [acme]]


def test_inserted_rows_are_as_django_writes_them(acme: Workspace) -> None:
    rows = [UsageCounter(workspace=acme, metric=f"m{n}", period="-", used=n) for n in range(3)]
    roundtrips.write(roundtrips.insert(rows))
    assert list(UsageCounter.unscoped.filter(metric__startswith="m").order_by("metric")) == rows
    assert roundtrips.insert([]) == []
    rows[1].refresh_from_db()
    assert rows[1].used == 1 and rows[1].created_at is not None
