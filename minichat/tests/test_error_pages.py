"""Error pages are drawn when other things are broken: no request, no database, no surprise."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

# No `db` mark: pytest-django fails a test that asks the database for anything.
pytestmark = pytest.mark.pure

CODES = ["400", "401", "403", "403_csrf", "404", "405", "413", "429", "500", "503"]


@pytest.mark.parametrize("code", CODES)
def test_it_is_drawn_without_a_request(code: str) -> None:
    html = render_to_string(f"errors/{code}.html")
    assert code[:3] in html
    assert html.count("<h1>") == 1
    assert "csrfmiddlewaretoken" not in html


@pytest.mark.parametrize("code", CODES)
def test_it_offers_a_way_on_and_quotes_the_number_of_the_request(code: str) -> None:
    html = render_to_string(f"errors/{code}.html", {"request_id": "0193f2a0"})
    assert 'class="btn btn-primary" href="' in html
    assert "0193f2a0" in html


@pytest.mark.parametrize("code", CODES)
def test_it_asks_the_database_nothing_even_with_a_request(code: str) -> None:
    request = RequestFactory().get("/gone/")
    request.user = AnonymousUser()
    assert 'name="language"' in render_to_string(f"errors/{code}.html", {}, request)


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_djangos_own_handlers_find_it(code: str) -> None:
    assert render_to_string(f"{code}.html") == render_to_string(f"errors/{code}.html")


def test_a_refusal_can_bring_its_own_sentence() -> None:
    words = {"code": 409, "heading": "Somebody else was quicker", "detail": "Omar <has> it."}
    html = render_to_string("errors/error.html", words)
    assert "<h1>Somebody else was quicker</h1>" in html
    assert "Omar &lt;has&gt; it." in html


def test_it_speaks_the_readers_language() -> None:
    with translation.override("th"):
        assert '<html lang="th">' in render_to_string("errors/404.html")
