from __future__ import annotations

import pytest

from minichat.lib.origins import is_loopback, origin_allowed, parse_origin

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("https://shop.example", "https://shop.example"),
        ("shop.example", "https://shop.example"),
        ("  SHOP.Example/ ", "https://shop.example"),
        ("HTTPS://Shop.Example:443", "https://shop.example"),
        ("http://shop.example:80/", "http://shop.example"),
        ("shop.example:8443", "https://shop.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("localhost:3000", "http://localhost:3000"),
        ("127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
        ("http://192.168.1.7:8080", "http://192.168.1.7:8080"),
        ("ร้านกาแฟ.ไทย", "https://xn--12c1ctan9ec9hrc.xn--o3cw4h"),
        ("https://BÜCHER.example", "https://xn--bcher-kva.example"),
        ("https://bu\u0308cher.example", "https://xn--bcher-kva.example"),
        ("http://intranet:8080", "http://intranet:8080"),
        ("my_shop.example", "https://my_shop.example"),
    ],
)
def test_what_people_type_becomes_what_browsers_send(typed: str, canonical: str) -> None:
    assert parse_origin(typed) == canonical
    assert parse_origin(canonical) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "null",
        "NULL",
        "*",
        "https://*.shop.example",
        "https://shop.example/path",
        "https://shop.example/?a=1",
        "https://shop.example#top",
        "https://ana:secret@shop.example",
        "https://shop.example@evil.example",
        "ftp://shop.example",
        "javascript:alert(1)",
        "javascript://shop.example",
        "data:text/html,hi",
        "file:///index.html",
        "//shop.example",
        "https://",
        "shop",
        "https://shop..example",
        "https://-shop.example",
        "https://shop.example.",
        "https://shop.example:0",
        "https://shop.example:99999",
        "https://shop.example:abc",
        "https://[::1",
        "https://[fe80::1%25eth0]",
        "http://127.1",
        "http://0x7f.1",
        "http://2130706433",
        "https://shop example",
        "https://shop.example; script-src *",
        "https://shop.example https://evil.example",
        "https://shop.example\\@evil.example",
        "https://" + "a" * 64 + ".example",
        "https://" + ".".join(["a" * 60] * 5),
        "https://💬.example",
    ],
)
def test_what_is_no_origin_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError) as refusal:
        parse_origin(typed)
    assert str(refusal.value).endswith("."), "the sentence is for people"


ALLOWED = ["https://shop.example", "https://shop.example:8443"]


def test_sr36_listed_origins_are_allowed() -> None:
    assert origin_allowed("https://shop.example", ALLOWED, local_mode=False)
    assert origin_allowed("https://shop.example:8443", ALLOWED, local_mode=False)


@pytest.mark.parametrize(
    "origin",
    [
        "http://shop.example",
        "https://shop.example:9443",
        "https://www.shop.example",
        "https://shop.example.evil.example",
        "https://evil.example",
        "https://SHOP.example",
        "https://shop.example/",
        "shop.example",
        "null",
        "",
    ],
)
def test_sr29_scheme_host_and_port_are_all_compared(origin: str) -> None:
    assert not origin_allowed(origin, ALLOWED, local_mode=True)


def test_an_empty_list_allows_nobody() -> None:
    assert not origin_allowed("https://shop.example", [], local_mode=True)
    assert not origin_allowed("null", ["null"], local_mode=True)


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:8000", "https://localhost"]
)
def test_loopback_is_allowed_in_local_mode_only(origin: str) -> None:
    assert is_loopback(origin)
    assert origin_allowed(origin, [], local_mode=True)
    assert not origin_allowed(origin, [], local_mode=False)


@pytest.mark.parametrize("origin", ["http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://[::2]"])
def test_names_that_only_look_like_loopback_are_not(origin: str) -> None:
    assert not origin_allowed(origin, [], local_mode=True)
