"""Pages of a site are read one by one, each by a task of its own, with a pause between them.

What is still to be read stands in the database, a row per page: whoever dies in between loses one page, and progress
is a count. Each reading has a number. A page that this reading has not met is gone from the site and goes from the
index; but not while another one could not be reached, behind which it may lie.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from ai.actions.room import pages_of_a_site, room_for_passages
from ai.knowledge import index
from ai.knowledge.split import Piece, split_text
from ai.models import Document, DocumentState, Schedule, Scope, Source, SourceKind, SourceStatus
from ai.models.source import LONGEST_TITLE, DocumentQuerySet
from ai.reading import addresses, parsing, robots, troubles, web
from ai.reading.troubles import Unreadable
from minichat.lib.errors import PlanLimit
from minichat.lib.files.refusals import TooBusy
from minichat.lib.transactions import action
from workspaces.models import Workspace

logger = logging.getLogger(__name__)

MOST_DEPTH = 3
MOST_MAPS = 20
# So long one page may take, all waits together; after that somebody else may go on.
CLAIM = timedelta(minutes=2)
SCHEDULES = {Schedule.DAILY: timedelta(days=1), Schedule.WEEKLY: timedelta(days=7)}
# Links to these are no mistake of anybody's.
SILENT = {troubles.NOT_A_PAGE, troubles.ELSEWHERE}


@dataclass(frozen=True)
class Found:
    """What stood at an address."""

    address: str
    title: str = ""
    pieces: list[Piece] = field(default_factory=list)
    hash: str = ""
    links: list[str] = field(default_factory=list)
    maps: list[str] = field(default_factory=list)
    pause: float = robots.PAUSE_SECONDS


def begin(row: Source) -> None:
    """Read it from the start. The caller holds its lock, and sends the task."""
    row.run += 1
    row.status, row.error, row.troubles = SourceStatus.WAITING, "", []
    row.claimed_until, row.due_at = None, None
    row.save()
    root = _plan(row, row.url, depth=0, is_map=row.scope == Scope.SITEMAP)
    root.save()


def due_after(row: Source, now: datetime) -> datetime | None:
    interval = SCHEDULES.get(Schedule(row.schedule))
    return now + interval if interval and row.is_active else None


def read_next(workspace: Workspace, pk: str) -> float | None:
    """Read one page; how many seconds to wait before the next one, or None: there is none, or it is another's turn."""
    turn = _claim(workspace, pk)
    if turn is None:
        return None
    source, document, home = turn
    try:
        found = _look(source, document, home)
        return found.pause if _keep(source, document, found) else None
    except TooBusy:
        return robots.LONGEST_PAUSE_SECONDS if _let_go(source) else None
    except PlanLimit:
        _give_up(source)
        return None
    except Unreadable as trouble:
        word = trouble.word
    except Exception:
        logger.exception("a page cannot be read")
        word = troubles.BROKEN
    return robots.PAUSE_SECONDS if _miss(source, document, word) else None


def left_half_read(now: datetime | None = None) -> Iterator[tuple[str, str]]:
    """The sweep: sites that nobody reads on."""
    now = now or timezone.now()
    rows = Source.unscoped.waiting().of_kind(SourceKind.PAGE).unclaimed(now).filter(updated_at__lt=now - CLAIM)
    for workspace, pk in rows.order_by("pk").values_list("workspace", "pk"):
        yield str(workspace), str(pk)


def begin_due(now: datetime | None = None) -> Iterator[tuple[str, str]]:
    """Whose time has come is begun. A workspace that is shut waits until it is open again."""
    now = now or timezone.now()
    rows = Source.unscoped.due(now).filter(workspace__status=Workspace.Status.ACTIVE)
    for source in list(rows.select_related("workspace").order_by("due_at", "pk")[:500]):
        if _begin_if_due(source, now):
            yield str(source.workspace_id), str(source.pk)


# --- The steps, each under the lock of the source ---------------------------------------------------------------------


@action
def _claim(workspace: Workspace, pk: str) -> tuple[Source, Document, str] | None:
    now = timezone.now()
    rows = workspace.knowledge_sources.waiting().of_kind(SourceKind.PAGE).unclaimed(now)
    row = rows.select_related("workspace").select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        return None
    document = _of_this_run(row).to_read().first()
    if document is None:
        _finish(row)
        return None
    row.claimed_until = now + CLAIM
    row.save(update_fields=["claimed_until", "updated_at"])
    root = _of_this_run(row).filter(depth=0).first()
    return row, document, root.url if root else row.url


@action
def _let_go(source: Source) -> bool:
    row = _still(source)
    if row is not None:
        _release(row)
    return row is not None


@action
def _begin_if_due(source: Source, now: datetime) -> bool:
    rows = source.workspace.knowledge_sources.due(now).select_related("workspace")
    row = rows.select_for_update(of=("self",)).filter(pk=source.pk).first()
    if row is not None:
        begin(row)
    return row is not None


def _keep(source: Source, document: Document, found: Found) -> bool:
    """Whether this reading goes on."""
    place = _place(source, document, found)
    if place is None:
        return False
    is_known = place.hash == found.hash and place.chunks.exists()
    if found.pieces and not is_known:
        # Its old pieces answer until this one statement; cutting texts into words is done before it.
        index.index_document(place, found.pieces)
    return _kept(source, place, found)


@action
def _place(source: Source, document: Document, found: Found) -> Document | None:
    """The row for what was found: that of its true address, if the site has been seen there before."""
    chunks = source.workspace.knowledge_chunks.filter(document__source=source)
    twin = _twin(source, document, found)
    place = twin or document
    others = chunks.exclude(document=place).count()
    if found.pieces:
        room_for_passages(source.workspace, others + len(found.pieces), instead_of=source)
    row = _still(source)
    if row is None or not row.documents.filter(pk=place.pk).exists():
        return None
    if twin is not None:
        twin.depth = min(document.depth, twin.depth if twin.run == row.run else document.depth)
        twin.run = row.run
        index.remove(document)
    place.url, place.title = found.address, found.title[:LONGEST_TITLE]
    place.save(update_fields=["url", "title", "depth", "run"])
    if found.pieces:
        row.passages = others + len(found.pieces)
        row.save(update_fields=["passages", "updated_at"])
    place.workspace = row.workspace
    return place


@action
def _kept(source: Source, place: Document, found: Found) -> bool:
    row = _still(source)
    if row is None or not row.documents.filter(pk=place.pk).exists():
        return False
    place.state, place.error, place.hash = DocumentState.READY, "", found.hash
    place.save(update_fields=["state", "error", "hash"])
    if place.depth == 0 and found.title:
        row.title = found.title[:LONGEST_TITLE]
        row.save(update_fields=["title"])
    _follow(row, place, found)
    _release(row)
    return True


@action
def _miss(source: Source, document: Document, word: str) -> bool:
    row = _still(source)
    if row is None:
        return False
    if document.depth > 0 and word in SILENT:
        index.remove(document)
    else:
        if word not in troubles.PASSING and document.indexed_at:
            index.index_document(document, [])
            document.hash = ""
        document.state, document.error = DocumentState.FAILED, word
        document.save(update_fields=["state", "error", "hash"])
    _release(row)
    return True


@action
def _give_up(source: Source) -> None:
    """The plan is full: what was read until now stays."""
    row = _still(source)
    if row is None:
        return
    for document in _of_this_run(row).to_read():
        if document.indexed_at is None:
            index.remove(document)
    _of_this_run(row).to_read().update(state=DocumentState.READY)
    row.troubles.append([troubles.FULL, 0])
    _finish(row, is_whole=False)


def _finish(row: Source, *, is_whole: bool = True) -> None:
    pages = _of_this_run(row)
    root = pages.filter(depth=0).first()
    is_passing = pages.filter(state=DocumentState.FAILED, error__in=troubles.PASSING).exists()
    if is_whole and not is_passing:
        for document in row.documents.exclude(run=row.run):
            index.remove(document)
    reason = _reason(row, root)
    for sitemap in row.documents.filter(is_map=True):
        index.remove(sitemap)
    now = timezone.now()
    row.passages = row.workspace.knowledge_chunks.filter(document__source=row).count()
    row.status = SourceStatus.READY if row.passages else SourceStatus.FAILED
    row.error = "" if row.passages else troubles.FULL if not is_whole else reason
    if row.passages and root is not None and root.error:
        row.troubles.append([troubles.NOT_NOW, 0])
    row.claimed_until, row.synced_at, row.due_at = None, now, due_after(row, now)
    row.save()


# --- Looking ----------------------------------------------------------------------------------------------------------


def _look(source: Source, document: Document, home: str) -> Found:
    """Raises `Unreadable`. No lock is held: this takes seconds."""
    rules = robots.rules_of(document.url)
    if document.is_map and document.depth == 0 and not urlsplit(document.url).path.endswith(".xml"):
        # Whoever gives the address of the site means the sitemap that the site itself names.
        return Found(document.url, maps=rules.sitemaps or [f"{addresses.origin(document.url)}/sitemap.xml"])
    if not rules.allow(document.url):
        raise Unreadable(troubles.ROBOTS)
    return _map(document, rules) if document.is_map else _page(document, rules, home)


def _map(document: Document, rules: robots.Rules) -> Found:
    try:
        page = web.page_at(document.url, accepted=web.XML)
        reading = parsing.parsed("sitemap", page.body)
    except Unreadable as trouble:
        is_passing = trouble.word in troubles.PASSING - {troubles.DAMAGED}
        raise Unreadable(trouble.word if is_passing else troubles.NO_SITEMAP) from trouble
    return Found(document.url, links=reading.links, maps=reading.maps, pause=rules.pause)


def _page(document: Document, rules: robots.Rules, home: str) -> Found:
    page = web.page_at(document.url, accepted=web.HTML)
    if document.depth > 0 and not addresses.is_same_site(page.address, home):
        raise Unreadable(troubles.ELSEWHERE)
    if page.address != document.url and not robots.rules_of(page.address).allow(page.address):
        raise Unreadable(troubles.ROBOTS)
    reading = parsing.parsed("html", page.body, charset=page.charset, address=page.address)
    address = _true_address(page.address, reading.canonical)
    title = reading.title or address
    print_ = hashlib.sha256(f"{address}\0{title}\0{reading.text}".encode()).hexdigest()
    pieces = split_text(reading.text, title=title, url=address)
    return Found(address, title, pieces, print_, reading.links, pause=rules.pause)


def _true_address(address: str, said: str) -> str:
    """What the page says of itself is believed as far as its own site goes."""
    return addresses.canonical(said if said and addresses.is_same_site(said, address) else address)


# --- Planning ---------------------------------------------------------------------------------------------------------


def _follow(row: Source, place: Document, found: Found) -> None:
    """The pages it leads to wait to be read, as many as the plan has room for."""
    if place.is_map:
        maps = [one for one in found.maps if addresses.is_same_site(one, row.url)] if place.depth < 2 else []
        _wait_for(row, maps[:MOST_MAPS], place.depth + 1, is_map=True)
        _wait_for(row, addresses.pages_among(found.links, row.url), place.depth + 1)
    elif row.scope == Scope.SITE and place.depth < MOST_DEPTH:
        _wait_for(row, addresses.pages_among(found.links, place.url), place.depth + 1)


def _wait_for(row: Source, links: list[str], depth: int, *, is_map: bool = False) -> None:
    known = {document.url: document for document in row.documents.filter(url__in=links, is_map=is_map)}
    new = [link for link in links if link not in known or known[link].run != row.run]
    limit = MOST_MAPS if is_map else pages_of_a_site(row.workspace)
    room = max(0, limit - _of_this_run(row).filter(is_map=is_map).count())
    for link in new[:room]:
        document = _plan(row, link, depth, is_map=is_map, known=known.get(link))
        document.save()
    if len(new) > room and not is_map and not any(word == troubles.MORE_PAGES for word, _ in row.troubles):
        row.troubles.append([troubles.MORE_PAGES, limit])
        row.save(update_fields=["troubles"])


def _plan(row: Source, address: str, depth: int, *, is_map: bool, known: Document | None = None) -> Document:
    document = known or row.documents.filter(url=address, is_map=is_map).first()
    document = document or Document(workspace=row.workspace, source=row, url=address, is_map=is_map)
    document.depth, document.run, document.state, document.error = depth, row.run, DocumentState.WAITING, ""
    return document


# --- Small things -----------------------------------------------------------------------------------------------------


def _still(source: Source) -> Source | None:
    """Its row, locked, if this reading of it is still wanted."""
    rows = source.workspace.knowledge_sources.waiting().filter(pk=source.pk, run=source.run)
    return rows.select_related("workspace").select_for_update(of=("self",)).first()


def _of_this_run(row: Source) -> DocumentQuerySet:
    return row.documents.of_run(row.run)


def _twin(source: Source, document: Document, found: Found) -> Document | None:
    if document.is_map or found.address == document.url:
        return None
    return source.documents.filter(url=found.address, is_map=False).exclude(pk=document.pk).first()


def _release(row: Source) -> None:
    row.claimed_until = None
    row.save(update_fields=["claimed_until", "updated_at"])


def _reason(row: Source, root: Document | None) -> str:
    """Why nothing is known of it: the fault of the page that was given, or of most others."""
    if root is not None and root.error:
        return root.error
    errors = list(_of_this_run(row).exclude(error="").values_list("error", flat=True))
    return max(sorted(set(errors)), key=errors.count) if errors else troubles.NO_PAGES
