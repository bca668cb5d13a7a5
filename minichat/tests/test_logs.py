"""L-01…L-04, SR-65: one line per event, its request's id on it, and nothing in it that opens anything."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from accounts.models import User
from minichat.celery import app
from minichat.lib import logs

CANARY = "canary-4f9d1c"
TOKEN = "v1.0a1b2c3d." + "k" * 43


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Everything that is logged, as production writes it."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    logging.config.dictConfig(logs.logging_config(level="INFO", as_json=True))
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    monkeypatch.undo()
    logging.config.dictConfig(django_settings.LOGGING)


def ask(request: HttpRequest) -> HttpResponse:
    logging.getLogger("room").info("looking")
    return HttpResponse("ok")


def reset(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse("ok")


def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(f"could not reach postgres://minichat:{CANARY}@db/x for ana@acme.test")


urlpatterns = [
    path("ask/", ask),
    path("reset/<str:key>/", reset),
    path("widget/<str:key>/", reset),
    path("boom/", boom),
]
handler500 = "minichat.lib.errors.server_error"


@pytest.fixture
def visitor(settings: Any, db: None) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


# --- The request's id -------------------------------------------------------------------------------------------------


def test_l_03_one_id_on_every_line_and_in_the_answer(
    visitor: Client, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    response = visitor.get("/ask/")
    looking, finished = lines()
    assert looking["event"] == "looking"
    assert finished["event"] == "request_finished"
    assert (finished["request"], finished["code"]) == ("GET /ask/", 200)
    assert looking["request_id"] == finished["request_id"] == response["X-Request-ID"]
    assert {"timestamp", "level", "logger"} <= set(looking)


@pytest.mark.parametrize("offered", ["0193f2a0-77aa-7bbb", "trace.12345678", "a" * 64])
def test_l_03_a_sane_id_is_kept(visitor: Client, offered: str) -> None:
    assert visitor.get("/ask/", headers={"X-Request-ID": offered})["X-Request-ID"] == offered


@pytest.mark.parametrize(
    "offered",
    ["", "short", "a" * 65, "<script>alert(1)</script>", "line\u2028break-12345", "with space 1234", "ไทยไทยไทยไทย"],
)
def test_l_03_any_other_is_replaced(visitor: Client, offered: str) -> None:
    request_id = visitor.get("/ask/", headers={"X-Request-ID": offered})["X-Request-ID"]
    assert request_id != offered
    assert logs.SANE_REQUEST_ID.fullmatch(request_id)


@pytest.mark.pure
@pytest.mark.filterwarnings("ignore:task_always_eager")
def test_l_03_the_id_travels_into_tasks(lines: Callable[[], list[dict[str, Any]]], settings: Any) -> None:
    """Through the message's headers, as it does between processes."""
    sent: list[dict[str, Any]] = []

    def catch(headers: dict[str, Any], **kwargs: Any) -> None:
        sent.append(headers)

    from celery.signals import before_task_publish

    with structlog.contextvars.bound_contextvars(request_id="0193f2a0-77aa"):
        before_task_publish.connect(catch)
        try:
            app.send_task("tests.nobody", queue="tests-only")
        finally:
            before_task_publish.disconnect(catch)
    assert sent[0]["__django_structlog__"]["request_id"] == "0193f2a0-77aa"


def test_l_03_the_id_of_one_request_does_not_stay_for_the_next(visitor: Client) -> None:
    assert visitor.get("/ask/")["X-Request-ID"] != visitor.get("/ask/")["X-Request-ID"]
    assert structlog.contextvars.get_contextvars() == {}


# --- Who, without names -----------------------------------------------------------------------------------------------


def test_ids_of_people_not_their_names(
    ana_client: Client, ana: User, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    ana_client.get("/w/acme/settings/team/")
    [finished] = [line for line in lines() if line["event"] == "request_finished"]
    assert finished["user_id"] == str(ana.pk)
    assert finished["workspace_id"] == str(ana.memberships.get().workspace_id)
    assert "ana@acme.test" not in json.dumps(lines())
    assert "Srisuk" not in json.dumps(lines())


def test_sr_35_the_line_is_no_reason_to_read_the_session(
    visitor: Client, lines: Callable[[], list[dict[str, Any]]], django_assert_num_queries: Any
) -> None:
    visitor.cookies[django_settings.SESSION_COOKIE_NAME] = "x" * 32
    with django_assert_num_queries(0):
        visitor.get("/ask/")
    assert "user_id" not in lines()[-1]


@pytest.mark.parametrize("address", ["/health", "/health/ready", "/health/live"])
def test_probes_are_not_logged(visitor: Client, lines: Callable[[], list[dict[str, Any]]], address: str) -> None:
    visitor.get(address)
    assert lines() == []


def test_a_failing_probe_is_not_logged_as_an_error(
    visitor: Client, lines: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from minichat import health

    monkeypatch.setitem(health.state, "accepting", False)
    assert visitor.get("/health/ready").status_code == 503
    assert lines() == []


# --- What must never be in a line -------------------------------------------------------------------------------------


@pytest.mark.pure
@pytest.mark.parametrize(
    "name",
    ["password", "new_password1", "api_key", "apiKey", "token", "client_secret", "pin", "card_number", "Authorization"],
)
def test_l_04_whole_values_are_masked(name: str) -> None:
    assert logs.mask({name: "1234"}) == {name: logs.MASK}
    assert logs.mask({"outer": {name: "1234"}, "rows": [{name: "1234"}]}) == {
        "outer": {name: logs.MASK},
        "rows": [{name: logs.MASK}],
    }


@pytest.mark.pure
def test_l_04_other_values_stay() -> None:
    line = {"opinion": "pinned", "count": 3, "list": [1, "two"], "conversation": "0193f2a0"}
    assert logs.mask_event(None, "", dict(line)) == line


@pytest.mark.pure
@pytest.mark.parametrize(
    "text",
    [
        f"token {TOKEN} refused",
        f"Authorization: Bearer {CANARY}{CANARY}",
        f"postgres://minichat:{CANARY}@127.0.0.1/x",
        f"redis://:{CANARY}@127.0.0.1",
        f"key mc_{CANARY.replace('-', '')}0123456789",
        f"mail to {CANARY}@acme.test failed",
    ],
)
def test_l_04_secrets_are_found_inside_sentences(text: str) -> None:
    masked = logs.mask_text(text)
    assert CANARY not in masked
    assert CANARY.replace("-", "") not in masked
    assert "k" * 20 not in masked


def test_l_04_a_canary_in_every_place_of_a_request_is_in_no_line(
    visitor: Client, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    headers = {
        "Authorization": f"Bearer {CANARY}",
        "Cookie": f"x={CANARY}",
        "User-Agent": CANARY,
        "Referer": f"/?{CANARY}",
    }
    for address in ("/ask/", "/boom/", f"/reset/{CANARY}/", "/nowhere/"):
        visitor.post(f"{address}?key={CANARY}", {"body": CANARY, "password": CANARY}, headers=headers)
    written = json.dumps(lines())
    assert "request_failed" in written
    assert "could not reach" in written
    assert CANARY not in written
    assert "ana@acme.test" not in written


def test_the_widgets_key_is_public_and_stays_readable(
    visitor: Client, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    visitor.get("/widget/wk_0123456789abcdef/")
    assert lines()[-1]["request"] == "GET /widget/wk_0123456789abcdef/"


@pytest.mark.pure
def test_a_line_cannot_be_forged(lines: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("room").warning("first\n%s", '{"event": "forged"}')
    [line] = lines()
    assert line["event"].startswith("first\n")


@pytest.mark.pure
def test_text_lines_are_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    logging.config.dictConfig(logs.logging_config(level="INFO", as_json=False))
    try:
        raise ValueError(f"postgres://a:{CANARY}@db/x")
    except ValueError:
        logging.getLogger("room").exception("it failed")
    monkeypatch.undo()
    logging.config.dictConfig(django_settings.LOGGING)
    assert "it failed" in written.getvalue()
    assert "ValueError" in written.getvalue()
    assert CANARY not in written.getvalue()


@pytest.mark.pure
def test_static_files_are_not_worth_a_line(lines: Callable[[], list[dict[str, Any]]]) -> None:
    request = RequestFactory().get("/static/gone.css")
    logs.RequestLog(lambda _: HttpResponse(status=404))(request)
    assert lines() == []
