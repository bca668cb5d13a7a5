"""Five hundred questions in Thai, English and both, real and made up, have the answers that reading every message has:
so they have the same on each database."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

import pytest
from django.utils import timezone

from chat import search
from chat.entries import entry_of
from chat.models import Conversation, Kind, Message, MessageEntry
from minichat.lib.ids import uuid7
from minichat.lib.searching import folded, question
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
QUESTIONS = 500
DEMO = Path(__file__).parent.parent / "demo"
OTHERS = [
    "เขากำลังกินข้าว",
    "โทร 081-234-5678 หรือ ๐๒ ๑๒๓ ๔๕๖๗",
    "Order ORD-2026/1129 is LATE!!!",
    "ส่งของวันที่ 29/11/2569 ราคา 1,790 บาท",
    "mail me: Somchai.J+shop@example.co.th",
    "iPhone15 Pro Max สีน้ำเงิน",
    "Straße, café, naïve, ＡＢＣ１２３",
    "買い物カートに入れました。配送は明日ですか",
    "don't know",
    "%_\\'\"",
    "😀😀",
]


def texts() -> list[str]:
    lines = []
    for name in ("talks_th.toml", "talks_en.toml"):
        found = tomllib.loads((DEMO / name).read_text(encoding="utf-8"))
        lines += [text for text in _strings(found) if len(text) > 8]
    return lines[:350] + OTHERS


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in _strings(one)]


def ask(chance: random.Random, lines: list[str]) -> str:
    """A part of a message, parts of two, a few letters anywhere, or something that is nowhere."""
    line, other = chance.choice(lines), chance.choice(lines)
    begin = chance.randrange(len(line))
    part = line[begin : begin + chance.randint(1, 14)]
    return chance.choice(
        [
            part,
            part.upper(),
            line[begin : begin + 2],
            chance.choice(line.split()),
            f'"{part}"',
            f"{chance.choice(line.split())} {chance.choice(line.split())}",
            f"{chance.choice(line.split())} {chance.choice(other.split())}",
            part[::-1],
            f"{part}{chance.choice(other)}",
            str(chance.randrange(100)),
        ]
    )


@pytest.fixture
def corpus(conversation: Conversation) -> list[Message]:
    rows = [
        Message(
            workspace_id=conversation.workspace_id,
            conversation=conversation,
            position=position,
            seq=position,
            public_seq=position,
            kind=Kind.VISITOR,
            body=body,
            sender_key="v:1",
            client_id=uuid7(),
            created_at=timezone.now(),
        )
        for position, body in enumerate(texts(), start=100)
    ]
    Message.unscoped.bulk_create(rows)
    MessageEntry.unscoped.bulk_create([entry_of(row) for row in rows])
    return list(conversation.messages.exclude(kind=Kind.EVENT).order_by("position"))


def test_the_answers_of_the_index_are_those_of_reading_everything(
    corpus: list[Message], omar_member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that nearly all of it is old, and found by the index alone.
    monkeypatch.setattr(search, "NEWEST", 20)
    chance = random.Random(1129)  # noqa: S311
    read = {row.pk: folded(row.body) for row in corpus}
    lines = [row.body for row in corpus]
    visible = omar_member.workspace.conversations.visible_to(omar_member)
    answered = 0
    for _ in range(QUESTIONS):
        text = ask(chance, lines)
        asked = question(text)
        results = search.find(omar_member.workspace, search.Wanted(asked, visible), size=1_000)
        expected = {pk for pk, line in read.items() if asked.matches(line)} if asked.is_long_enough else set()
        assert {row.pk for row in results.rows} == expected, text
        answered += bool(expected)
    assert answered > QUESTIONS / 3
