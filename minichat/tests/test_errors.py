"""Q-04, Q-06: each refusal has three shapes: a page for people, a sentence for htmx, problem+json for machines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils.translation import gettext_lazy as _

from minichat.lib import errors


def raising(error: Exception | type[Exception]) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body)


FAMILY = {
    "invalid": (errors.Invalid, 422),
    "conflict": (errors.Conflict, 409),
    "forbidden": (errors.Forbidden, 403),
    "not_found": (errors.NotFound, 404),
    "unauthenticated": (errors.Unauthenticated, 401),
    "rate_limited": (errors.RateLimited, 429),
    "quota_exceeded": (errors.QuotaExceeded, 429),
    "plan_limit": (errors.PlanLimit, 403),
    "too_large": (errors.TooLarge, 413),
    "too_long": (errors.TooLong, 422),
    "unsupported": (errors.Unsupported, 415),
    "unavailable": (errors.Unavailable, 503),
}

urlpatterns = [
    *(path(f"{code}/", raising(error())) for code, (error, _status) in FAMILY.items()),
    path("own-words/", raising(errors.Forbidden("Only Ana may do that."))),
    path("waits/", raising(errors.RateLimited(retry_after=12))),
    path("fields/", raising(errors.QuotaExceeded(used=250, limit=250, resets_at="2026-12-01"))),
    path("thai/", raising(errors.Conflict(_("Somebody else was quicker.")))),
    path("django-404/", raising(Http404("conversation 0193 of acme"))),
    path("django-403/", raising(PermissionDenied("because"))),
    path("django-400/", raising(SuspiciousOperation("because"))),
    path("boom/", raising(RuntimeError("the password is hunter2"))),
    path("echo/", echo),
]
handler400 = "minichat.lib.errors.bad_request"
handler403 = "minichat.lib.errors.permission_denied"
handler404 = "minichat.lib.errors.page_not_found"
handler500 = "minichat.lib.errors.server_error"

JSON = {"Accept": "application/json"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def visitor(settings: Any, db: None) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("code", FAMILY)
def test_a_machine_gets_problem_json(visitor: Client, code: str) -> None:
    response = visitor.get(f"/{code}/", headers=JSON)
    status = FAMILY[code][1]
    body = json.loads(response.content)
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response["X-Request-ID"]


@pytest.mark.parametrize("code", FAMILY)
def test_a_person_gets_a_page(visitor: Client, code: str) -> None:
    response = visitor.get(f"/{code}/")
    assert response.status_code == FAMILY[code][1]
    assert response["Content-Type"].startswith("text/html")
    assert response.content.count(b"<h1>") == 1
    assert response["X-Request-ID"] in response.content.decode()


@pytest.mark.parametrize(
    ("referer", "way"),
    [
        (
            "http://testserver/w/acme/labels/?new=1&a=b",
            "/accounts/login/?next=%2Fw%2Facme%2Flabels%2F%3Fnew%3D1%26a%3Db",
        ),
        ("http://testserver//evil.test/", "/accounts/login/?next=%2Fevil.test%2F"),
        ("https://evil.test/w/acme/", "/accounts/login/"),
        ("nonsense", "/accounts/login/"),
        ("http://[testserver/w/acme/", "/accounts/login/"),
        ("", "/accounts/login/"),
    ],
)
def test_whoever_was_signed_out_is_led_back_to_the_page_of_the_form(visitor: Client, referer: str, way: str) -> None:
    response = visitor.post("/unauthenticated/", headers={"Referer": referer} if referer else {})
    assert response.status_code == 401
    assert f'href="{way}" data-sign-in-link' in response.content.decode()


def test_a_page_that_wants_a_sign_in_is_come_back_to(visitor: Client) -> None:
    response = visitor.get("/unauthenticated/?tab=ai")
    assert 'href="/accounts/login/?next=%2Funauthenticated%2F%3Ftab%3Dai"' in response.content.decode()


@pytest.mark.parametrize("code", FAMILY)
def test_htmx_gets_a_sentence(visitor: Client, code: str) -> None:
    response = visitor.get(f"/{code}/", headers=HTMX)
    assert response.status_code == FAMILY[code][1]
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode() == str(FAMILY[code][0].message)


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/nowhere/", 404, "not_found"),
        ("/django-404/", 404, "not_found"),
        ("/django-403/", 403, "forbidden"),
        ("/django-400/", 400, "invalid"),
        ("/boom/", 500, "internal"),
    ],
)
def test_djangos_own_refusals_have_the_same_shapes(visitor: Client, address: str, status: int, code: str) -> None:
    machine = visitor.get(address, headers=JSON)
    assert (machine.status_code, json.loads(machine.content)["code"]) == (status, code)
    person = visitor.get(address)
    assert (person.status_code, person.content.count(b"<h1>")) == (status, 1)
    sentence = visitor.get(address, headers=HTMX)
    assert (sentence.status_code, sentence["Content-Type"]) == (status, "text/plain; charset=utf-8")


@pytest.mark.parametrize("headers", [JSON, HTMX, {}], ids=["json", "htmx", "page"])
def test_what_broke_is_not_told(visitor: Client, headers: dict[str, str]) -> None:
    for address in ("/boom/", "/django-404/", "/django-403/"):
        text = visitor.get(address, headers=headers).content.decode()
        for inner in ("hunter2", "Traceback", "RuntimeError", "0193 of acme", "because"):
            assert inner not in text


def test_a_sentence_of_its_own_is_shown(visitor: Client) -> None:
    assert "Only Ana may do that." in visitor.get("/own-words/").content.decode()
    assert json.loads(visitor.get("/own-words/", headers=JSON).content)["detail"] == "Only Ana may do that."


@pytest.mark.parametrize("headers", [JSON, HTMX, {}], ids=["json", "htmx", "page"])
def test_when_to_come_back_is_said(visitor: Client, headers: dict[str, str]) -> None:
    assert visitor.get("/waits/", headers=headers)["Retry-After"] == "12"


def test_figures_go_to_the_machine(visitor: Client) -> None:
    body = json.loads(visitor.get("/fields/", headers=JSON).content)
    assert (body["used"], body["limit"], body["resets_at"]) == (250, 250, "2026-12-01")


def test_a_page_that_itself_breaks_still_answers(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise OSError("no templates")

    monkeypatch.setattr(errors, "get_template", broken)
    response = visitor.get("/boom/")
    assert response.status_code == 500
    assert "broke on our side" in response.content.decode()


def test_a_missing_token_is_explained(settings: Any, db: None) -> None:
    settings.ROOT_URLCONF = __name__
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/echo/", {"a": "b"})
    assert (page.status_code, page.content.count(b"<h1>")) == (403, 1)
    assert "go back" in page.content.decode()
    machine = strict.post("/echo/", "{}", content_type="application/json")
    assert (machine.status_code, json.loads(machine.content)["code"]) == (403, "csrf_failed")
    sentence = strict.post("/echo/", {"a": "b"}, headers=HTMX)
    assert sentence["Content-Type"].startswith("text/plain")


def test_a_body_that_is_too_big_for_a_form_is_413(visitor: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = visitor.post("/echo/", "x" * 200, content_type="text/plain", headers=JSON)
    assert (response.status_code, json.loads(response.content)["code"]) == (413, "too_large")


def test_the_sentence_is_in_the_readers_language(visitor: Client) -> None:
    english = json.loads(visitor.get("/thai/", headers=JSON).content)["detail"]
    assert english == "Somebody else was quicker."
    assert 'lang="th"' in visitor.get("/thai/", headers={"Accept-Language": "th"}).content.decode()


def test_the_house_itself_answers_this_way(anonymous_client: Client) -> None:
    response = anonymous_client.get("/nowhere/", headers=JSON)
    assert (response.status_code, json.loads(response.content)["code"]) == (404, "not_found")
    assert "There is nothing here" in anonymous_client.get("/nowhere/").content.decode()
