"""What a source says goes into the index, and out of it.

An FAQ is one piece and goes in with its row. A text or a file may take seconds: a task does that, and holds no lock
meanwhile. Each time its pieces come in a document of their own; whoever changed, switched off or deleted the source in
the meantime has won, because their document is not the source's any more. Web pages come one by one (`crawling.py`).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator

from django.utils import timezone

from ai import shelf
from ai.actions.room import room_for_passages
from ai.knowledge import index
from ai.knowledge.split import Piece, faq_piece, split_text
from ai.models import Document, Source, SourceKind, SourceStatus
from ai.reading import parsing
from ai.reading.parsing import Reading
from ai.reading.troubles import BROKEN, FULL, Unreadable
from minichat.lib.errors import PlanLimit
from minichat.lib.files.refusals import TooBusy
from minichat.lib.transactions import action
from workspaces.models import Workspace

logger = logging.getLogger(__name__)


def learn(source: Source) -> None:
    """Put what the source says now in the place of all that it said before."""
    document = _new_document(source)
    if document is None:
        return
    reading = _read(source, document) if source.kind == SourceKind.FILE else None
    pieces = pieces_of(source) if reading is None else file_pieces(source, reading)
    if reading is not None:
        _count(source, len(pieces))
    if index.index_document(document, pieces):
        _settle(source, document, reading)


def learn_or_say(source: Source) -> None:
    """`learn`; what fails is written down for the team, and nothing of it stays in the index."""
    try:
        learn(source)
    except TooBusy:  # it waits for the next sweep
        return
    except Unreadable as trouble:
        _fail(source, trouble.word)
    except PlanLimit:
        _fail(source, FULL)
    except Exception:
        logger.exception("a source cannot be read")
        _fail(source, BROKEN)


def learn_waiting(workspace: Workspace) -> None:
    """All that is still to be read, the oldest first."""
    rows = workspace.knowledge_sources.waiting().exclude(kind=SourceKind.PAGE).select_related("workspace")
    for source in rows.order_by("created_at", "pk"):
        learn_or_say(source)


def left_waiting() -> Iterator[str]:
    """The sweep: workspaces with something that a dead process, or a full queue, has left unread."""
    rows = (
        Source.unscoped.waiting()
        .exclude(kind=SourceKind.PAGE)
        .order_by("workspace")
        .values_list("workspace", flat=True)
    )
    return map(str, rows.distinct())


@action
def forget(source: Source) -> None:
    """Nobody is answered from it any more. The source stays."""
    for document in source.documents.all():
        index.remove(document)


def locked(source: Source) -> Source:
    """Its row before the index, always in this order: two who change it take turns."""
    return (
        source.workspace.knowledge_sources.select_related("workspace").select_for_update(of=("self",)).get(pk=source.pk)
    )


def pieces_of(source: Source) -> list[Piece]:
    if source.kind == SourceKind.FAQ:
        return [faq_piece(source.title, source.text, other_ways=source.other_questions)]
    return split_text(source.text, title=source.title)


def file_pieces(source: Source, reading: Reading) -> list[Piece]:
    """Page by page, so that each piece knows its own. They are found by the name of the file without its ending."""
    title = source.title.rpartition(".")[0] or source.title
    return [
        piece for number, text in reading.pages for piece in split_text(text, title=title, page=number) if piece.text
    ]


def print_of(source: Source) -> str:
    """Two sources with the same print say the same."""
    said = "\0".join([source.title, source.other_ways, source.text, source.key])
    return hashlib.sha256(said.encode()).hexdigest()


# --- Inside -----------------------------------------------------------------------------------------------------------


@action
def _new_document(source: Source) -> Document | None:
    row = _still(source)
    if row is None or not row.is_active:
        return None
    return row.documents.create(workspace=source.workspace, title=source.title, hash=print_of(source))


def _read(source: Source, document: Document) -> Reading:
    try:
        return parsing.parsed(source.sort, shelf.content(source))
    except BaseException:
        index.remove(document)
        raise


@action
def _count(source: Source, passages: int) -> None:
    """A file's pieces are counted when they are known. Raises `PlanLimit`."""
    room_for_passages(source.workspace, passages, instead_of=source)
    source.workspace.knowledge_sources.filter(pk=source.pk).update(passages=passages)


@action
def _settle(source: Source, document: Document, reading: Reading | None) -> None:
    row = _still(source)
    if row is None or not row.is_active or print_of(row) != document.hash:
        index.remove(document)
        return
    for old in row.documents.exclude(pk=document.pk):
        index.remove(old)
    row.status, row.error, row.synced_at = SourceStatus.READY, "", timezone.now()
    row.troubles = [[one.word, one.number] for one in reading.troubles] if reading else []
    row.save(update_fields=["status", "error", "synced_at", "troubles", "updated_at"])


@action
def _fail(source: Source, word: str) -> None:
    row = _still(source)
    if row is not None and row.is_active and print_of(row) == print_of(source):
        forget(row)
        row.status, row.error = SourceStatus.FAILED, word
        if row.kind == SourceKind.FILE:
            row.passages, row.troubles = 0, []
        row.save(update_fields=["status", "error", "passages", "troubles", "updated_at"])


def _still(source: Source) -> Source | None:
    rows = source.workspace.knowledge_sources.select_related("workspace").select_for_update(of=("self",))
    return rows.filter(pk=source.pk).first()
