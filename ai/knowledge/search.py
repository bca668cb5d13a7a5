"""The one way to ask the knowledge base: `search(workspace, "do you ship abroad?")`.

One statement finds the fifty chunks with the best words (BM25 over the postings of this workspace); Python looks at
these more closely (`ranking.py`). Both databases give the same rows in the same order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from ai.knowledge import meaning
from ai.knowledge.nearby import near
from ai.knowledge.ranking import Candidate, Features, Hit, Wanted, ranked, with_gaps
from ai.knowledge.scoring import K1, PRIOR_CHUNKS, B, idf
from ai.knowledge.terms import normalise, terms
from ai.models import Chunk
from workspaces.models import Workspace

CANDIDATES = 50
MOST_PER_DOCUMENT = 2
# Longer questions are cut: nobody asks that much, but somebody may try.
LONGEST_QUESTION = 2_000
MOST_TERMS = 48
# With fewer words of its own a question is taken to go on from the one before: "and the red one?"
FEW_TERMS = 3
BORROWED_COUNTS = 0.5
# Two chunks that share so much of their text say the same.
SAME = 0.9

__all__ = ["Features", "Hit", "search"]


@dataclass(frozen=True)
class _Found:
    scores: dict[int, float] = field(default_factory=dict)
    """Chunk → score, best first."""
    matched: dict[int, set[str]] = field(default_factory=dict)
    """Chunk → which terms stand in it."""
    frequencies: dict[str, int] = field(default_factory=dict)
    """Term → in how many chunks of the workspace it stands."""


def search(workspace: Workspace, text: str, k: int = 5, *, history: Sequence[str] = ()) -> list[Hit]:
    """The best `k` chunks, best first. `history`: what the visitor wrote before, oldest first."""
    text = text[:LONGEST_QUESTION]
    weights = _weights(text, history)
    stats = workspace.knowledge_stats.first()
    if not weights or stats is None or not stats.n_chunks:
        return []
    n_chunks = stats.n_chunks + PRIOR_CHUNKS
    found = _look_up(workspace.pk, weights, n_chunks, stats.avg_len)
    wanted = Wanted(
        text=normalise(text),
        weights=weights,
        idf={term: idf(n_chunks, found.frequencies.get(term, 0)) for term in weights},
        most=idf(n_chunks, 0),
        borrowed=frozenset(weights) - frozenset(terms(text)),
    )
    # Some more than asked for: the last one, too, is measured against the one behind it.
    candidates = _candidates(workspace, found, near(workspace, stats, text), text)
    return _with_documents(workspace, with_gaps(_chosen(ranked(wanted, candidates), k + 3))[:k])


def _weights(text: str, history: Sequence[str]) -> dict[str, float]:
    weights = dict.fromkeys(list(dict.fromkeys(terms(text)))[:MOST_TERMS], 1.0)
    if history and len(weights) < FEW_TERMS:
        for term in terms(history[-1][:LONGEST_QUESTION])[:MOST_TERMS]:
            weights.setdefault(term, BORROWED_COUNTS)
    return weights


def _candidates(workspace: Workspace, found: _Found, more: Iterable[int], text: str) -> list[Candidate]:
    """What the words have found, and `more` beside it."""
    wanted = list(dict.fromkeys([*found.scores, *more]))
    rows = workspace.knowledge_chunks.in_bulk(wanted)
    there = [rows[chunk] for chunk in wanted if chunk in rows]
    return [
        Candidate(chunk, found.scores.get(chunk.pk, 0.0), frozenset(found.matched.get(chunk.pk, ())), nearness)
        for chunk, nearness in zip(there, meaning.nearness(text, [chunk.meaning for chunk in there]), strict=True)
    ]


def _chosen(hits: Iterable[Hit], k: int) -> list[Hit]:
    """At most two chunks of a document, and nothing that another hit has said already."""
    chosen: list[Hit] = []
    of_document: Counter[UUID] = Counter()
    for hit in hits:
        if len(chosen) == k:
            break
        document = hit.chunk.document_id
        if of_document[document] < MOST_PER_DOCUMENT and not any(_say_the_same(hit, other) for other in chosen):
            chosen.append(hit)
            of_document[document] += 1
    return chosen


def _with_documents(workspace: Workspace, hits: list[Hit]) -> list[Hit]:
    """Whoever shows a hit says where it is from."""
    wanted = {hit.chunk.document_id for hit in hits}
    documents = workspace.knowledge_documents.select_related("source").in_bulk(wanted)
    kept = [hit for hit in hits if hit.chunk.document_id in documents]
    for hit in kept:
        hit.chunk.document = documents[hit.chunk.document_id]
    return kept


def _say_the_same(one: Hit, other: Hit) -> bool:
    if one.chunk.hash == other.chunk.hash:
        return True
    for ours, theirs in ((one.score, other.score), (len(one.look.flat), len(other.look.flat))):
        if min(ours, theirs) < SAME * max(ours, theirs):
            return False
    return len(one.grams & other.grams) >= SAME * len(one.grams | other.grams)


# --- The statement ----------------------------------------------------------------------------------------------------

_SQL = """
WITH asked (term, weight) AS (VALUES {asked}),
found AS MATERIALIZED (
    SELECT asked.term, posting.chunk_id, posting.tf, posting.length
    FROM asked CROSS JOIN {postings}
),
known AS MATERIALIZED (
    SELECT asked.term, asked.weight, COUNT(*) AS df
    FROM found JOIN asked ON asked.term = found.term
    GROUP BY asked.term, asked.weight
),
best AS MATERIALIZED (
    SELECT found.chunk_id, {score} AS score
    FROM found JOIN known ON known.term = found.term
    GROUP BY found.chunk_id
    ORDER BY score DESC, found.chunk_id
    LIMIT {candidates}
)
SELECT chunk_id, NULL AS term, score FROM best
UNION ALL SELECT NULL, term, df FROM known
UNION ALL SELECT found.chunk_id, found.term, NULL FROM found JOIN best ON best.chunk_id = found.chunk_id
"""
# The same sum on both databases; its last digits are not, because it is summed in another order.
_SCORE = """ROUND(CAST(SUM(
    known.weight
    * LN(1.0 + (%s - known.df + CAST(0.5 AS double precision)) / (known.df + CAST(0.5 AS double precision)))
    * found.tf * %s / (found.tf + %s + %s * found.length)
) AS numeric), 6)"""


def _postings() -> str:
    """Those of one workspace, term after term. PostgreSQL knows little about a workspace that is new and would rather
    read all it has; with OFFSET 0 it cannot."""
    if connection.vendor == "postgresql":
        rows = "SELECT chunk_id, tf, length FROM ai_posting WHERE workspace_id = %s AND term = asked.term OFFSET 0"
        return f"LATERAL ({rows}) AS posting"
    return "ai_posting AS posting WHERE posting.workspace_id = %s AND posting.term = asked.term"


def _look_up(workspace_id: UUID, weights: dict[str, float], n_chunks: int, avg_len: float) -> _Found:
    asked = ", ".join(["(CAST(%s AS text), CAST(%s AS double precision))"] * len(weights))
    sql = _SQL.format(asked=asked, postings=_postings(), score=_SCORE, candidates=CANDIDATES)
    values = [value for pair in weights.items() for value in pair]
    norms = [float(n_chunks), K1 + 1, K1 * (1 - B), K1 * B / avg_len]
    key = Chunk._meta.get_field("workspace").get_db_prep_value(workspace_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, key, *norms])
        rows = cursor.fetchall()
    return _read(rows)


def _read(rows: Iterable[tuple[int | None, str | None, Any]]) -> _Found:
    found = _Found()
    scores = {}
    for chunk, term, number in rows:
        if term is None:
            scores[int(chunk or 0)] = float(number)
        elif chunk is None:
            found.frequencies[term] = int(number)
        else:
            found.matched.setdefault(chunk, set()).add(term)
    found.scores.update(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
    return found
