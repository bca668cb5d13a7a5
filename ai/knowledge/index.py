"""Writes the lexical index: what `search` reads. A document's chunks and postings go and come in one transaction, so
that nobody is ever answered from half a document."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.dispatch import Signal
from django.utils import timezone

from ai.knowledge.split import Piece
from ai.knowledge.terms import ANALYZER_VERSION, terms
from ai.models import Chunk, Document, KnowledgeStats, Source
from minichat.lib.transactions import action
from workspaces.models import Workspace

# What stands in the title counts as if it were said twice.
TITLE_COUNTS = 2
# SQLite takes so many values in one statement.
ROWS_AT_ONCE = 5_000

# New chunks, before they are committed.
chunks_written = Signal()

Row = tuple[Any, str, int, int, int]
"""Workspace, term, chunk, how often, length of the chunk."""


@dataclass(frozen=True)
class Analysed:
    piece: Piece
    counts: Counter[str]

    @property
    def n_terms(self) -> int:
        return self.counts.total()


def index_document(document: Document, pieces: Iterable[Piece]) -> bool:
    """Put `pieces` in the place of all that is known of the document. False: it is gone meanwhile.

    Cutting texts into words takes much longer than writing, and is done before anything is locked.
    """
    return _swap(document, [_analysed(piece) for piece in pieces])


@action
def remove(document: Document) -> None:
    """The document, and all that was known of it. Whoever asks next is not answered from it."""
    stats = _locked_stats(document.workspace)
    _take_away(stats, [document.pk])
    document.workspace.knowledge_documents.filter(pk=document.pk).delete()


@action
def remove_source(source: Source) -> None:
    """The source with its documents. Deleting its row alone would leave the numbers behind that scores are made of."""
    stats = _locked_stats(source.workspace)
    _take_away(stats, list(source.documents.values_list("pk", flat=True)))
    source.workspace.knowledge_sources.filter(pk=source.pk).delete()


def needs_reindex(workspace: Workspace) -> bool:
    """Its index was written when texts were cut in another way."""
    stats = workspace.knowledge_stats.filter(n_chunks__gt=0).first()
    return stats is not None and stats.analyzer_version != ANALYZER_VERSION


@action
def begin_anew(workspace: Workspace) -> None:
    """Take the whole index away, for a new way of cutting texts. The documents stay, to be indexed again."""
    stats = _locked_stats(workspace)
    _take_away(stats, list(workspace.knowledge_documents.values_list("pk", flat=True)))
    stats.analyzer_version = ANALYZER_VERSION
    stats.save(update_fields=["analyzer_version"])


# --- Inside -----------------------------------------------------------------------------------------------------------


def _analysed(piece: Piece) -> Analysed:
    counts = Counter(terms(piece.text))
    for term in terms(piece.title_path) if piece.title_path else ():
        counts[term] += TITLE_COUNTS
    return Analysed(piece, counts)


@action
def _swap(document: Document, analysed: list[Analysed]) -> bool:
    workspace = document.workspace
    stats = _locked_stats(workspace)
    if not workspace.knowledge_documents.select_for_update().filter(pk=document.pk).exists():
        return False
    _take_away(stats, [document.pk])
    chunks = workspace.knowledge_chunks.bulk_create(_chunks(document, analysed))
    _write(list(_rows(workspace, chunks, analysed)))
    chunks_written.send(sender=Chunk, chunks=chunks)
    _count(stats, len(chunks), sum(chunk.n_terms for chunk in chunks))
    document.indexed_at = timezone.now()
    document.save(update_fields=["indexed_at"])
    return True


def _locked_stats(workspace: Workspace) -> KnowledgeStats:
    """Two writers of one workspace take turns here."""
    rows = workspace.knowledge_stats
    rows.bulk_create([KnowledgeStats(workspace=workspace, analyzer_version=ANALYZER_VERSION)], ignore_conflicts=True)
    return rows.select_for_update(of=("self",)).get()


def _take_away(stats: KnowledgeStats, documents: Sequence[UUID]) -> None:
    chunks = stats.workspace.knowledge_chunks.filter(document__in=documents)
    lengths = list(chunks.values_list("n_terms", flat=True))
    if lengths:
        chunks.delete()
        _count(stats, -len(lengths), -sum(lengths))


def _count(stats: KnowledgeStats, n_chunks: int, n_terms: int) -> None:
    stats.n_chunks += n_chunks
    stats.n_terms += n_terms
    stats.revision += 1
    stats.save(update_fields=["n_chunks", "n_terms", "revision"])


def _chunks(document: Document, analysed: list[Analysed]) -> list[Chunk]:
    return [
        Chunk(
            workspace=document.workspace,
            document=document,
            ordinal=ordinal,
            text=one.piece.text,
            title_path=one.piece.title_path,
            url=one.piece.url or document.url,
            page=one.piece.page,
            language=one.piece.language,
            n_terms=one.n_terms,
            hash=hashlib.sha256(f"{one.piece.title_path}\n\n{one.piece.text}".encode()).hexdigest(),
        )
        for ordinal, one in enumerate(analysed)
    ]


def _rows(workspace: Workspace, chunks: list[Chunk], analysed: list[Analysed]) -> Iterable[Row]:
    key = Chunk._meta.get_field("workspace").get_db_prep_value(workspace.pk, connection)
    for chunk, one in zip(chunks, analysed, strict=True):
        for term, count in one.counts.items():
            yield key, term, chunk.pk, count, one.n_terms


def _write(rows: list[Row]) -> None:
    # In the order of the index: neighbours are written together.
    rows.sort(key=lambda row: (row[1], row[2]))
    insert = "INSERT INTO ai_posting (workspace_id, term, chunk_id, tf, length) "
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for start in range(0, len(rows), ROWS_AT_ONCE):
                columns = [list(column) for column in zip(*rows[start : start + ROWS_AT_ONCE], strict=True)]
                lists = "%s::uuid[], %s::text[], %s::bigint[], %s::int[], %s::int[]"
                cursor.execute(insert + f"SELECT * FROM unnest({lists})", columns)  # noqa: S608
        else:
            cursor.executemany(insert + "VALUES (%s, %s, %s, %s, %s)", rows)
