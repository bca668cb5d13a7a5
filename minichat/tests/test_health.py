"""AT-07, RF-36: what the probes say, and what they cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from minichat import health
from notifications.models import OutgoingEmail

PROBES = ["/health", "/health/ready", "/health/live"]


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "state", {"accepting": True, "migrated": False})


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(health.connection, "cursor", refuse)


@pytest.mark.parametrize("path", PROBES)
def test_all_is_well(anonymous_client: Client, path: str) -> None:
    response = anonymous_client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response.json()["status"] in ("ok", "ready", "alive")


def test_full_says_what_it_looked_at(anonymous_client: Client) -> None:
    body = anonymous_client.get("/health").json()
    assert set(body) == {"status", "uptime_seconds", "database", "redis", "queue_age_seconds"}
    assert body["database"] == "ok"
    assert body["uptime_seconds"] >= 0
    assert body["queue_age_seconds"] == 0


@pytest.mark.parametrize("path", PROBES)
def test_a_trailing_slash_is_forgiven(anonymous_client: Client, path: str) -> None:
    assert anonymous_client.get(f"{path}/").status_code == 200


@pytest.mark.parametrize("path", PROBES)
def test_head_has_no_body(anonymous_client: Client, path: str) -> None:
    response = anonymous_client.head(path)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
@pytest.mark.parametrize("path", PROBES)
def test_nothing_else_is_answered(anonymous_client: Client, path: str, method: str) -> None:
    response = getattr(anonymous_client, method)(path)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


def test_probes_come_by_address_and_need_no_known_host(anonymous_client: Client) -> None:
    assert anonymous_client.get("/health", headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_neighbours_are_not_probes(anonymous_client: Client) -> None:
    assert anonymous_client.get("/health/other").status_code == 404
    assert anonymous_client.get("/healthy").status_code == 404


def test_without_a_database(no_database: None, client: Client) -> None:
    assert client.get("/health/live").status_code == 200
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["missing"]) == (503, ["database"])
    full = client.get("/health")
    assert (full.status_code, full.json()["database"], full.json()["status"]) == (503, "down", "down")


def test_without_its_tables(anonymous_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_unapplied", lambda: True)
    response = anonymous_client.get("/health/ready")
    assert (response.status_code, response.json()["missing"]) == (503, ["migrations"])


def test_migrations_are_looked_at_until_they_are_applied(
    anonymous_client: Client, django_assert_num_queries: Any
) -> None:
    anonymous_client.get("/health/ready")
    with django_assert_num_queries(1):
        assert anonymous_client.get("/health/ready").status_code == 200


def test_without_redis(anonymous_client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(health, "cache_answers", lambda: False)
    ready = anonymous_client.get("/health/ready")
    assert (ready.status_code, ready.json()["missing"]) == (503, ["redis"])
    full = anonymous_client.get("/health")
    # Messages still arrive: the database works. So nobody is to restart anything.
    assert (full.status_code, full.json()["status"], full.json()["redis"]) == (200, "degraded", "down")


def test_a_cache_that_raises_is_a_cache_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def set(self, *args: Any) -> None:
            raise ConnectionError

    monkeypatch.setattr(health, "cache", Broken())
    assert health.cache_answers() is False


def test_a_stopping_process_is_not_ready_but_alive(anonymous_client: Client) -> None:
    health.state["accepting"] = False
    response = anonymous_client.get("/health/ready")
    assert (response.status_code, response.json()["missing"]) == (503, ["stopping"])
    assert anonymous_client.get("/health/live").status_code == 200


def test_the_age_of_the_queue_is_that_of_the_oldest_due_mail(anonymous_client: Client) -> None:
    now = timezone.now()
    for minutes, status in [(-10, "queued"), (-2, "queued"), (-60, "sent"), (30, "queued")]:
        OutgoingEmail.unscoped.create(
            to=["a@x.test"], from_email="m@x.test", status=status, next_attempt_at=now + timedelta(minutes=minutes)
        )
    assert 600 <= anonymous_client.get("/health").json()["queue_age_seconds"] <= 605
