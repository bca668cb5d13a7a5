"""A workspace that knows something; a server that plays every provider."""

from __future__ import annotations

import asyncio
import socket
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from ai.actions import add_faq, add_link, answering, set_key
from ai.knowledge import index
from ai.knowledge.split import Piece, faq_piece, split_text
from ai.models import Document, Source, SourceKind
from ai.providers import web
from ai.providers.base import Provider
from ai.providers.openai_style import OpenAI
from ai.providers.speaking import HttpProvider
from ai.tests.speaking import KEY, PATHS
from chat import actions as chat
from chat.models import Handler, Kind, Message, Visitor
from minichat.lib import loop
from tests.fakes.ai_server import AiServer
from workspaces.models import Membership, Workspace

Learn = Callable[..., Document]


def document(workspace: Workspace, title: str = "A page", kind: SourceKind = SourceKind.TEXT) -> Document:
    source = Source(workspace=workspace, kind=kind, title=title)
    source.save()
    made = Document(workspace=workspace, source=source, title=title)
    made.save()
    return made


@pytest.fixture
def learn() -> Learn:
    """Put a text, or pieces, into the knowledge of a workspace."""

    def put(workspace: Workspace, text: str, title: str = "", pieces: list[Piece] | None = None) -> Document:
        made = document(workspace, title)
        index.index_document(made, pieces or split_text(text, title=title))
        return made

    return put


@pytest.fixture
def learn_faq() -> Learn:
    def put(workspace: Workspace, question: str, answer: str, *other_ways: str) -> Document:
        made = document(workspace, question, SourceKind.FAQ)
        index.index_document(made, [faq_piece(question, answer, other_ways=list(other_ways))])
        return made

    return put


@pytest.fixture
def faq(ana_member: Membership) -> Source:
    return add_faq(
        ana_member,
        question="How long does delivery take?",
        answer="Two days in Bangkok, three elsewhere.",
        other_ways=["When will it arrive?"],
        category="",
        is_active=True,
    )


@pytest.fixture
def answered(vic: Visitor, faq: Source) -> Message:
    return reply_to(vic, "When will it arrive?")


def reply_to(vic: Visitor, question: str) -> Message:
    vic.inbox.answered_by = Handler.AI
    vic.inbox.save()
    asked = chat.post_visitor_message(vic, body=question, client_id=uuid.uuid4(), fresh=True).message
    answering.answer(asked.workspace, asked.pk)
    reply: Message = asked.conversation.messages.get(kind=Kind.AI)
    return reply


@pytest.fixture
async def server() -> AsyncIterator[AiServer]:
    async with AiServer() as running:
        yield running
        await web.close_client()


@pytest.fixture
def at(server: AiServer) -> Callable[..., HttpProvider]:
    return lambda kind, key=KEY: kind(key=key, address=server.url + PATHS[kind])


@pytest.fixture
def nobody() -> Provider:
    """Where nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return OpenAI(key=KEY, address=f"http://127.0.0.1:{held.getsockname()[1]}/v1")


@pytest.fixture
def model(settings: Any, ana_member: Membership, acme: Workspace) -> Iterator[AiServer]:
    """A provider on this machine, first in Acme's chain."""
    server = AiServer(answer=lambda asked: list("Delivery takes two days in Bangkok [1]."))
    loop.run(server.__aenter__())
    settings.AI_ADDRESSES = {**settings.AI_ADDRESSES, "groq": f"{server.url}/openai/v1"}
    set_key(ana_member, provider="groq", key="gsk-0123456789-of-acme")
    add_link(ana_member, provider="groq", model="llama-3.1-8b-instant")
    yield server
    loop.run(_closed(server))


async def _closed(server: AiServer) -> None:
    await web.close_client()
    await server.__aexit__(None, None, None)


@pytest.fixture
def playing(settings: Any) -> Iterator[AiServer]:
    """The same server in a thread, for those who wait for it, and every provider there."""
    loop, running = asyncio.new_event_loop(), AiServer()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(running.__aenter__(), loop).result(10)
    settings.AI_ADDRESSES = {kind.name: running.url + path for kind, path in PATHS.items() if kind.name != "compatible"}
    yield running
    asyncio.run_coroutine_threadsafe(running.__aexit__(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
