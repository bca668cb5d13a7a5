""" "https://x.example tried to load the widget": one click lets it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from chat.actions import note_refused_origin
from chat.actions.allowed_origins import MOST_ORIGINS, allow_origin
from chat.models import Inbox
from minichat.lib.errors import Invalid
from workspaces.models import AuditEntry, Membership

TRIED = "https://blog.acme.test"


@pytest.fixture
def page(inbox_page: Callable[[str], str]) -> str:
    return inbox_page("install")


@pytest.fixture
def refused(inbox: Inbox) -> Inbox:
    note_refused_origin(inbox, TRIED)
    note_refused_origin(inbox, TRIED)
    return inbox


def test_the_page_shows_who_tried(ana_client: Client, refused: Inbox, page: str) -> None:
    [row] = ana_client.get(page).context["refused"]
    assert (row["origin"], row["count"]) == (TRIED, 2)
    assert re.search(r"2 times, last: Today, \d\d:\d\d<", ana_client.get(page).content.decode())


def test_one_click_allows_it(ana_client: Client, refused: Inbox, page: str) -> None:
    before = refused.allowed_origins
    assert ana_client.post(f"{page}allow/", {"origin": TRIED}).url == page
    refused.refresh_from_db()
    assert refused.allowed_origins == [*before, TRIED]
    assert not refused.refused_origins.exists()
    assert ana_client.get(page).context["refused"] == []


def test_clicking_twice_is_clicking_once(ana_client: Client, refused: Inbox, page: str) -> None:
    lines = AuditEntry.unscoped.filter(action="inbox.changed").count()
    for _ in range(2):
        assert ana_client.post(f"{page}allow/", {"origin": TRIED}).status_code == 302
    refused.refresh_from_db()
    assert refused.allowed_origins.count(TRIED) == 1
    assert AuditEntry.unscoped.filter(action="inbox.changed").count() == lines + 1


@pytest.mark.parametrize("origin", ["", "null", "*", "javascript:alert(1)", "https://a.example/path", "x" * 300])
def test_what_is_no_site_is_refused(ana_client: Client, refused: Inbox, origin: str, page: str) -> None:
    before = refused.allowed_origins
    assert ana_client.post(f"{page}allow/", {"origin": origin}).status_code == 422
    refused.refresh_from_db()
    assert refused.allowed_origins == before


def test_a_full_list_says_so(inbox: Inbox, ana_member: Membership) -> None:
    inbox.allowed_origins = [f"https://s{number}.example" for number in range(MOST_ORIGINS)]
    inbox.save()
    with pytest.raises(Invalid):
        allow_origin(inbox, origin=TRIED, by=ana_member)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_sites_allowed_at_once_are_both_kept(inbox: Inbox, ana_member: Membership) -> None:
    sites = [f"https://s{number}.example" for number in range(4)]
    start = threading.Barrier(len(sites))

    def allow(site: str) -> None:
        start.wait(timeout=10)
        try:
            allow_origin(inbox, origin=site, by=ana_member)
        finally:
            connection.close()

    threads = [threading.Thread(target=allow, args=[site]) for site in sites]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    inbox.refresh_from_db()
    assert set(sites) <= set(inbox.allowed_origins)
