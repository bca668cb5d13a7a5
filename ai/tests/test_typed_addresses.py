"""SR-49: where a workspace sends its questions is judged like every address that somebody typed."""

from __future__ import annotations

import asyncio
import datetime
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ai.providers import catalogue, web
from ai.providers.base import BadAnswer, Timeout, Timeouts, Unreachable
from ai.providers.openai_style import OpenAIStyle
from ai.tests.speaking import KEY, listen, question
from minichat.lib import http
from tests.fakes.ai_server import ANSWER, AiServer

NAME = "llm.example"


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Connections that were tried; none is made."""
    found: list[Any] = []

    async def dial(self: Any, protocol: Any, host: Any = None, port: Any = None, **kwargs: Any) -> Any:
        found.append((host, port))
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", dial)
    return found


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What a name is said to be, look-up after look-up; the names that were looked up."""

    def answer(*answers: list[str]) -> list[str]:
        asked: list[str] = []

        def look_up(host: str, *args: Any, **kwargs: Any) -> list[Any]:
            asked.append(host)
            return [(0, 0, 0, "", (one, 443)) for one in answers[min(len(asked), len(answers)) - 1]]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return answer


def here(server_port: int) -> http.Limits:
    return http.Limits(ports=frozenset({server_port}), may_reach=lambda address: address.is_loopback)


async def refused(address: str) -> None:
    with pytest.raises(Unreachable) as caught:
        await listen(catalogue.provider("compatible", key=KEY, address=address).stream(question()))
    assert str(caught.value) == "unreachable", "closed, refused and unknown read alike"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/v1",
        "https://10.0.0.1/v1",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1]/v1",
        "https://[::ffff:127.0.0.1]/v1",
        "https://[::ffff:10.0.0.1]/v1",
        "https://[64:ff9b::a00:1]/v1",
        "https://[fe80::1]/v1",
        "https://localhost/v1",
        "https://93.184.216.34:6379/v1",
        "http://127.0.0.1:11434",
    ],
)
async def test_SR49_no_provider_stands_in_our_own_network(address: str, dialled: list[Any]) -> None:
    await refused(address)
    assert dialled == []


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://user:pw@llm.example/", "ftp://llm.example", ""])
def test_SR49_what_is_no_address_makes_no_provider(address: str) -> None:
    with pytest.raises(http.NotAnAddress):
        catalogue.provider("compatible", key=KEY, address=address)


@pytest.mark.parametrize("found", [["10.0.0.7"], ["93.184.216.34", "10.0.0.7"], ["::ffff:10.0.0.7"], []])
async def test_SR49_a_name_that_leads_into_our_network(
    found: list[str], names: Callable[..., list[str]], dialled: list[Any]
) -> None:
    names(found)
    await refused(f"https://{NAME}/v1")
    assert dialled == []


async def test_SR49_the_judged_address_is_dialled_and_nothing_looked_up_again(
    names: Callable[..., list[str]], dialled: list[Any]
) -> None:
    asked = names(["93.184.216.34"], ["127.0.0.1"])
    await refused(f"https://{NAME}/v1")
    assert (asked, dialled) == ([NAME], [("93.184.216.34", 443)])


async def test_SR49_a_redirect_into_our_network_is_not_followed(server: AiServer) -> None:
    provider = OpenAIStyle(key=KEY, address=f"{server.url}/v1", is_typed=True, limits=here(server.port))
    with pytest.raises(BadAnswer):
        await listen(provider.stream(question("redirect")))
    assert len(server.asked) == 1


async def test_SR49_the_guard_is_in_the_way_of_lists_and_checks(dialled: list[Any]) -> None:
    provider = catalogue.provider("compatible", key=KEY, address="https://127.0.0.1/v1")
    for ask in (provider.check, provider.models):
        with pytest.raises(Unreachable):
            await ask()
    assert dialled == []


async def test_a_name_that_is_looked_up_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    forever = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: forever.wait(20))
    provider = catalogue.provider("compatible", key=KEY, address=f"https://{NAME}/v1")
    with pytest.raises(Timeout):
        await listen(provider.stream(question(timeouts=Timeouts(connect=0.2))))
    forever.set()


# --- The name stays what was typed ------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """For `NAME`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
async def secure(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[AiServer, list[str]]]:
    """The same server behind TLS, and the names that it was called by."""
    called: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda connection, name, _: called.append(name)
    ours = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(web, "_tls", lambda: ours)
    server = AiServer()
    listening = await asyncio.start_server(server._serve, "127.0.0.1", 0, ssl=context)
    server._server, server.port = listening, listening.sockets[0].getsockname()[1]
    yield server, called
    await server.__aexit__()


async def test_SR49_host_and_certificate_are_those_of_the_name(
    secure: tuple[AiServer, list[str]], names: Callable[..., list[str]]
) -> None:
    server, called = secure
    names(["127.0.0.1"])
    provider = OpenAIStyle(key=KEY, address=f"https://{NAME}:{server.port}/v1", is_typed=True, limits=here(server.port))
    assert (await listen(provider.stream(question()))).text == "".join(ANSWER)
    assert called == [NAME]
    assert server.asked[0].headers["host"] == f"{NAME}:{server.port}"


async def test_SR49_another_name_at_the_same_address_is_not_believed(
    secure: tuple[AiServer, list[str]], names: Callable[..., list[str]]
) -> None:
    server, _ = secure
    names(["127.0.0.1"])
    address = f"https://other.example:{server.port}/v1"
    provider = OpenAIStyle(key=KEY, address=address, is_typed=True, limits=here(server.port))
    with pytest.raises(Unreachable):
        await listen(provider.stream(question()))
    assert server.asked == []
