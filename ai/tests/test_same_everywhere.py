"""Both databases rank alike: each is held against the same sums made in Python."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest

from ai.knowledge import search as module
from ai.knowledge.index import TITLE_COUNTS
from ai.knowledge.scoring import K1, PRIOR_CHUNKS, B
from ai.knowledge.split import Piece
from ai.knowledge.terms import terms
from ai.tests.conftest import Learn
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db

_ENGLISH = ["coffee", "bean", "roast", "ship", "parcel", "price", "baht", "open", "close", "Monday"]
_THAI = ["กาแฟ", "ราคา", "ส่ง", "ฟรี", "เชียงใหม่", "วันนี้", "สีแดง"]
WORDS = [*_ENGLISH, *_THAI, "AB-12", "1,790"]


def a_text(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, weights=range(len(WORDS), 0, -1), k=chance.randint(1, 30)))


def by_hand(chunks: list[Counter[str]], question: str) -> list[tuple[int, float]]:
    """Place and score of each chunk with a word of the question, best first."""
    n = len(chunks) + PRIOR_CHUNKS
    average = sum(chunk.total() for chunk in chunks) / len(chunks)
    asked = dict.fromkeys(terms(question))
    df = {term: sum(term in chunk for chunk in chunks) for term in asked}
    scores = {}
    for place, chunk in enumerate(chunks):
        norm = K1 * (1 - B + B * chunk.total() / average)
        parts = [
            math.log(1 + (n - df[term] + 0.5) / (df[term] + 0.5)) * chunk[term] * (K1 + 1) / (chunk[term] + norm)
            for term in asked
            if term in chunk
        ]
        if parts:
            scores[place] = round(sum(parts), 6)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[: module.CANDIDATES]


def test_the_statement_sums_what_python_sums(acme: Workspace, globex: Workspace, learn: Learn) -> None:
    chance = random.Random(7)
    pieces = [Piece(a_text(chance), a_text(chance) if chance.random() < 0.3 else "") for _ in range(150)]
    # Some say the same, so that ties are among them.
    pieces += pieces[:40]
    learn(globex, "", pieces=pieces[:60])
    made = learn(acme, "", pieces=pieces)
    keys = list(made.chunks.order_by("ordinal").values_list("pk", flat=True))
    chunks = [
        Counter(terms(piece.text))
        + Counter({term: TITLE_COUNTS * n for term, n in Counter(terms(piece.title_path)).items()})
        for piece in pieces
    ]
    stats = acme.knowledge_stats.get()
    for _ in range(60):
        question = " ".join(chance.sample(WORDS, chance.randint(1, 6)))
        weights = module._weights(question, [])
        found = module._look_up(acme.pk, weights, stats.n_chunks + PRIOR_CHUNKS, stats.avg_len)
        wanted = by_hand(chunks, question)
        assert [keys.index(chunk) for chunk in found.scores] == [place for place, _ in wanted], question
        assert list(found.scores.values()) == pytest.approx([score for _, score in wanted], abs=2e-6)
