"""`?o=` is a stranger's text: it never breaks the frame page, and only a real site becomes a row for the owner."""

from __future__ import annotations

import pytest
from django.test import Client

from chat.models import Inbox

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "origin",
    [
        "https://[bad",
        "http://[::1",
        "https://a\x00b.example",
        "https://a\nb.example",
        "https://shop.example:99999",
        "https://user@shop.example",
        "https://SHOP.example",
        "https://shop.example/",
        "https://" + "a" * 300 + ".example",
        "https://\u202egnp.example",
        "javascript:alert(1)",
        "https://ร้าน.example",
        "\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_SR36_what_no_browser_sends_is_refused_and_forgotten(
    anonymous_client: Client, inbox: Inbox, origin: str | bytes
) -> None:
    answer = anonymous_client.get(f"/widget/{inbox.widget_key}/", {"o": origin})
    assert answer.status_code == 403
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert not inbox.refused_origins.exists()


@pytest.mark.parametrize(
    "origin", ["https://shop.example", "http://intranet:8080", "https://xn--o3cw4h.example", "http://[2001:db8::1]"]
)
def test_a_real_site_is_told_to_the_owner(anonymous_client: Client, inbox: Inbox, origin: str) -> None:
    assert anonymous_client.get(f"/widget/{inbox.widget_key}/", {"o": origin}).status_code == 403
    assert inbox.refused_origins.get().origin == origin


def test_SR39_the_refused_name_is_text(anonymous_client: Client, inbox: Inbox) -> None:
    answer = anonymous_client.get(f"/widget/{inbox.widget_key}/", {"o": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.content.decode()
