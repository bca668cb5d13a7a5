"""The client for typed addresses: where it goes, where it never goes, and how much it takes (SR-49)."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from minichat.lib import http
from minichat.lib.public_addresses import is_public

Say = Callable[[socket.socket, str], None]


class Site:
    """A server on this machine that answers each request with the next of `answers`."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.asked: list[str] = []
        self.answers: list[bytes | Say] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        request = line.recv(65536).decode("latin-1")
        self.asked.append(request)
        answer = self.answers.pop(0) if self.answers else page(b"nothing")
        try:
            if callable(answer):
                answer(line, request)
            else:
                line.sendall(answer)
        except OSError:
            pass
        line.close()

    @property
    def limits(self) -> dict[str, Any]:
        return {"ports": frozenset({self.port}), "may_reach": lambda address: address.is_loopback}


def page(body: bytes, *more: str, status: str = "200 OK") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *more])
    return head.encode() + b"\r\n\r\n" + body


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    yield served
    served.listener.close()


def fetched(site: Site, path: str = "/", **limits: Any) -> http.Answer:
    return http.get(f"http://127.0.0.1:{site.port}{path}", limits=http.Limits(**{**site.limits, **limits}))


def test_a_page_comes_with_its_policies(site: Site) -> None:
    site.answers = [page(b"<p>hi", "Content-Security-Policy: a", "Content-Security-Policy: b", "X-Y: z")]
    answer = fetched(site, "/shop?q=ก")
    assert (answer.status, answer.body, answer.policies, answer.headers["x-y"]) == (200, b"<p>hi", ["a", "b"], "z")
    assert site.asked[0].startswith("GET /shop?q=%E0%B8%81 HTTP/1.1\r\n") and "Host: 127.0.0.1:" in site.asked[0]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://localhost/",
        "http://0.0.0.0/",
    ],
)
def test_SR49_our_own_network_is_not_there(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dialled: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args: dialled.append(args))
    with pytest.raises(http.Unreachable):
        http.get(address)
    assert dialled == []


@pytest.mark.parametrize(
    "address",
    ["http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.0.0.1./"],
)
def test_SR49_other_notations_are_no_addresses(address: str) -> None:
    with pytest.raises(http.HttpError):
        http.get(address)


@pytest.mark.parametrize(
    "address",
    ["", "ftp://x.example/", "file:///etc/passwd", "http://user:pw@x.example/", "http://x.example/a b", "gopher://x"],
)
def test_what_is_no_web_address(address: str) -> None:
    with pytest.raises(http.NotAnAddress):
        http.parse(address)


def test_the_name_alone_means_https() -> None:
    assert str(http.parse("Shop.Example")) == "https://shop.example/"
    assert str(http.parse("ร้าน.example/ก?x=1#y")) == "https://xn--q3ct9b5e.example/%E0%B8%81?x=1"


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_SR49_only_the_ports_of_the_web(port: int) -> None:
    with pytest.raises(http.Unreachable):
        http.get(f"http://x.example:{port}/")


def test_SR49_all_addresses_of_a_name_are_judged_and_that_one_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    def names(*found: str) -> None:
        rows = [(0, 0, 0, "", (one, 80)) for one in found]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows)

    dialled: list[Any] = []

    def dial(address: Any, *args: Any) -> Any:
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", dial)
    names("93.184.216.34", "10.0.0.1")
    with pytest.raises(http.Unreachable):
        http.get("http://two-faced.example/")
    assert dialled == []
    names("93.184.216.34", "2606:2800:220:1::1")
    with pytest.raises(http.Unreachable) as refused:
        http.get("http://fine.example/")
    assert dialled == [("93.184.216.34", 80)]
    assert str(refused.value) == "", "closed, refused and unknown read alike"


def test_SR49_redirects_are_judged_like_the_first_address(site: Site) -> None:
    for target in ("http://10.0.0.1/", f"http://127.0.0.2:{site.port + 1}/", "//[::1]:22/", "file:///etc/passwd"):
        site.answers = [page(b"", f"Location: {target}", status="302 Found")]
        with pytest.raises(http.HttpError):
            fetched(site)
    assert len(site.asked) == 4


def test_three_redirects_and_no_more(site: Site) -> None:
    onward = page(b"", "Location: /next", status="301 Moved")
    site.answers = [onward, onward, onward, page(b"here")]
    assert fetched(site).address.endswith("/next")
    site.answers = [onward] * 5
    with pytest.raises(http.TooManyRedirects):
        fetched(site)


def test_SR49_what_was_meant_for_one_site_is_not_told_to_another(site: Site) -> None:
    other = Site()
    site.answers = [page(b"", f"Location: http://127.0.0.2:{other.port}/", status="302 Found")]
    limits = http.Limits(ports=frozenset({site.port, other.port}), may_reach=lambda address: address.is_loopback)
    headers = {"Authorization": "Bearer x", "Cookie": "a=b", "X-Kept": "y"}
    other.listener.close()
    other.listener = socket.create_server(("127.0.0.2", other.port))
    threading.Thread(target=other._serve, daemon=True).start()
    http.get(f"http://127.0.0.1:{site.port}/", headers=headers, limits=limits)
    other.listener.close()
    assert "Bearer x" in site.asked[0] and "X-Kept: y" in other.asked[0]
    assert "Bearer" not in other.asked[0] and "Cookie" not in other.asked[0]


def test_SR49_bytes_are_bounded_packed_and_unpacked(site: Site) -> None:
    site.answers = [page(b"x" * 200_000)]
    answer = fetched(site, bytes=50_000)
    assert answer.is_cut and len(answer.body) < 80_000
    site.answers = [page(gzip.compress(b"a" * 5_000_000), "Content-Encoding: gzip")]
    answer = fetched(site, unpacked=100_000)
    assert answer.is_cut and len(answer.body) == 100_000
    site.answers = [page(gzip.compress(b"whole"), "Content-Encoding: gzip")]
    assert fetched(site).body == b"whole"
    site.answers = [page(b"no gzip at all", "Content-Encoding: gzip")]
    with pytest.raises(http.Unreachable):
        fetched(site)


def drip(line: socket.socket, request: str) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        line.sendall(b"X-More: y\r\n")
        time.sleep(0.05)


def test_SR49_time_is_bounded_as_a_whole(site: Site) -> None:
    site.answers = [drip, lambda line, request: time.sleep(2)]
    for _ in range(2):
        with pytest.raises(http.TooSlow):
            fetched(site, seconds=0.4)


def test_a_name_that_is_looked_up_for_ever_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    forever = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: forever.wait(5))
    with pytest.raises(http.TooSlow):
        http.get("http://slow.example/", limits=http.Limits(seconds=0.2))
    forever.set()


def test_headers_hold_no_second_request(site: Site) -> None:
    site.answers = [page(b"", "Location: /a\tb", status="302 Found"), page(b"ok")]
    fetched(site)
    assert site.asked[1].startswith("GET /ab HTTP/1.1\r\nHost: 127.0.0.1:")


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("8.8.8.8", True),
        ("100.64.0.1", False),
        ("192.0.0.8", False),
        ("198.19.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("168.63.129.16", False),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::808:808", False),
        ("::8.8.8.8", False),
        ("2001::1", False),
        ("2001:db8::1", False),
        ("2002:808:808::", False),
        ("ff02::1", False),
        ("fd00::1", False),
    ],
)
def test_SR49_the_table_of_addresses(text: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(text)) is public
