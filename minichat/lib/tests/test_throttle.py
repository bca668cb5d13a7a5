"""Counting attempts: the same for requests and sockets, closed when the count is lost."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import RequestFactory

from minichat.lib import throttle
from minichat.lib.errors import RateLimited, Unavailable
from minichat.lib.throttle import client_ip, hit, network, require_room

MINUTE = 60


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock stands, so that no window ends in the middle of a test."""
    now = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def test_so_many_and_no_more() -> None:
    for _ in range(3):
        hit("tea", "ana", 3, MINUTE)
    with pytest.raises(RateLimited) as refused:
        hit("tea", "ana", 3, MINUTE)
    assert 0 < refused.value.retry_after <= MINUTE  # type: ignore[operator]


def test_after_the_wait_there_is_room_again(still: list[float]) -> None:
    hit("tea", "ana", 1, MINUTE)
    with pytest.raises(RateLimited) as refused:
        hit("tea", "ana", 1, MINUTE)
    still[0] += refused.value.retry_after + 1  # type: ignore[operator]
    hit("tea", "ana", 1, MINUTE)


def test_groups_and_keys_are_counted_apart() -> None:
    hit("tea", "ana", 1, MINUTE)
    hit("tea", "omar", 1, MINUTE)
    hit("coffee", "ana", 1, MINUTE)


def test_looking_for_room_counts_nothing() -> None:
    for _ in range(5):
        require_room("tea", "ana", 1, MINUTE)
    hit("tea", "ana", 1, MINUTE)
    with pytest.raises(RateLimited):
        require_room("tea", "ana", 1, MINUTE)


def test_a_scale_stretches_the_limit(settings: Any) -> None:
    settings.THROTTLE_SCALE = 3
    for _ in range(6):
        hit("tea", "ana", 2, MINUTE)
    with pytest.raises(RateLimited):
        hit("tea", "ana", 2, MINUTE)


@pytest.mark.parametrize(
    "broken",
    [
        lambda *_, **__: (_ for _ in ()).throw(ConnectionError("redis")),
        lambda *_, **__: {"count": 0, "limit": 0, "should_limit": True, "time_left": -1},
    ],
    ids=["away", "forgetful"],
)
def test_SR65_without_a_count_there_is_no_room(monkeypatch: pytest.MonkeyPatch, broken: Any) -> None:
    monkeypatch.setattr(throttle, "get_usage", broken)
    for attempt in (hit, require_room):
        with pytest.raises(Unavailable) as refused:
            attempt("tea", "ana", 1, MINUTE)
        assert refused.value.retry_after


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "0.0.0.0"),  # noqa: S104
        ("unix:", "0.0.0.0"),  # noqa: S104
        ("203.0.113.7:5000", "0.0.0.0"),  # noqa: S104
    ],
)
def test_SR18_a_network_is_one_address_or_a_64(address: str, expected: str) -> None:
    assert network(address) == expected


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.7", "10.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, " , ", "10.0.0.1"),
        (1, "2001:db8:1:2::9", "2001:db8:1:2::/64"),
    ],
)
def test_SR18_only_our_proxies_are_believed(settings: Any, proxies: int, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.1")
    scope = {"client": ("10.0.0.1", 4711), "headers": [(b"x-forwarded-for", forwarded.encode())] if forwarded else []}
    assert client_ip(request) == client_ip(scope) == expected


def test_a_socket_without_an_address_shares_the_nameless_network() -> None:
    assert client_ip({"client": None, "headers": []}) == "0.0.0.0"  # noqa: S104
