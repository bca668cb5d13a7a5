from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import Client

PLACE = "/csp-report/"
REPORT = {
    "csp-report": {
        "violated-directive": "script-src-elem",
        "document-uri": "https://chat.example.com/accounts/password/reset/key/1-secret/?token=abc#x",
        "blocked-uri": "https://evil.example/x.js?a=b",
    }
}


@pytest.fixture
def on(settings: Any, db: None) -> None:
    settings.CSP_REPORTS = True


def post(client: Client, body: Any) -> int:
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(PLACE, text, content_type="application/csp-report").status_code


@pytest.mark.django_db
def test_SR40_reports_are_off_unless_asked_for(client: Client) -> None:
    assert post(client, REPORT) == 404


def test_SR40_a_report_is_one_line_without_what_opens_something(
    on: None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "minichat.csp_reports"):
        assert post(client, REPORT) == 204
    [line] = caplog.records
    assert (line.directive, line.blocked) == ("script-src-elem", "https://evil.example/x.js")
    assert "token" not in line.page and "#" not in line.page


@pytest.mark.parametrize(
    "body", ["", "[]", "null", "{}", '{"csp-report": []}', '{"csp-report": "x"}', b"\xff\xfe", "[" * 5_000]
)
def test_SR40_what_is_no_report_is_refused(on: None, client: Client, body: Any) -> None:
    assert post(client, body) == 422


def test_SR40_reports_are_small_and_few(on: None, client: Client) -> None:
    assert post(client, "x" * 9_000) == 413
    assert [post(client, REPORT) for _ in range(20)][-1] == 429


def test_SR40_broken_lines_stay_one_line(on: None, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "minichat.csp_reports"):
        post(client, {"csp-report": {"violated-directive": "a\nINFO forged", "blocked-uri": "http://[", "x": 1}})
    assert caplog.records[0].directive == "a INFO forged" and caplog.records[0].blocked == "[unreadable]"
