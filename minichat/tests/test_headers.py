"""SR-41, SR-36: the same headers on every answer, whoever gave it."""

from __future__ import annotations

from typing import Any

import pytest
from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from minichat.lib.errors import RateLimited
from minichat.lib.headers import PolicyMiddleware

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


def busy(request: HttpRequest) -> HttpResponse:
    raise RateLimited(retry_after=7)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("boom/", boom), path("busy/", busy), path("page/", page)]
handler400 = "minichat.lib.errors.bad_request"
handler404 = "minichat.lib.errors.page_not_found"
handler500 = "minichat.lib.errors.server_error"


def directives(response: Any) -> dict[str, list[str]]:
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {part[0]: part[1:] for part in parts if part}


@pytest.fixture
def visitor(settings: Any, db: None) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status"),
    [("/page/", 200), ("/gone/", 404), ("/boom/", 500), ("/busy/", 429), ("/health/live", 200), ("/health/ready", 200)],
)
def test_sr_41_headers_are_on_every_answer(visitor: Client, address: str, status: int) -> None:
    response = visitor.get(address)
    assert response.status_code == status
    for name, value in EVERYWHERE.items():
        assert response[name] == value, name
    assert "camera=()" in response["Permissions-Policy"]
    policy = directives(response)
    assert policy["default-src"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_sr_41_static_files_have_them_too(visitor: Client) -> None:
    response = visitor.get("/static/icons/logo.svg")
    assert response.status_code == 200
    for name, value in EVERYWHERE.items():
        assert response[name] == value, name
    assert directives(response)["default-src"] == ["'none'"]


def test_sr_41_a_foreign_host_gets_them_too(visitor: Client) -> None:
    response = visitor.get("/page/", headers={"Host": "evil.test"})
    assert response.status_code == 400
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "evil.test" not in response["Content-Security-Policy"]


@pytest.mark.parametrize(("secure", "expected"), [(False, "ws://testserver"), (True, "wss://testserver")])
def test_sockets_are_named_where_self_does_not_cover_them(visitor: Client, secure: bool, expected: str) -> None:
    assert directives(visitor.get("/page/", secure=secure))["connect-src"] == ["'self'", expected]


@pytest.mark.pure
@pytest.mark.parametrize(
    ("decorate", "expected"),
    [
        (csp_replace({"connect-src": ["'none'"]}), ["'none'"]),
        (csp_replace({"connect-src": ["'self'"]}), ["'self'", "ws://testserver"]),
        (csp_update({"connect-src": ["https://x.test"]}), ["'self'", "https://x.test", "ws://testserver"]),
    ],
    ids=["none-stays-none", "replaced-by-self", "extended"],
)
def test_a_pages_own_policy_is_respected(decorate: Any, expected: list[str]) -> None:
    response = PolicyMiddleware(decorate(page))(RequestFactory().get("/"))
    assert directives(response)["connect-src"] == expected
