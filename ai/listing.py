"""What the workspace knows, as a list, and in which state each of it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ai.models import Document, DocumentState, Source, SourceKind, SourceStatus
from ai.models.source import SourceQuerySet
from ai.reading import troubles
from ai.reading.troubles import BROKEN
from minichat.lib import keyset, rich
from workspaces.models import Workspace

PAGE = 50
MOST_SHOWN = 500
MOST_PIECES = 100
EXCERPT = 240
ORDERS = {
    SourceKind.FAQ: ["category", "-created_at", "-id"],
    SourceKind.TEXT: ["-created_at", "-id"],
    SourceKind.FILE: ["-created_at", "-id"],
    SourceKind.PAGE: ["-created_at", "-id"],
}
PROBLEMS = {
    BROKEN: _("This could not be read. Save it once more; if that does not help, write to us."),
    troubles.EMPTY: _("This file is empty. Choose another one."),
    troubles.UNKNOWN_KIND: _("This kind of file cannot be read. Save it as PDF, Word (.docx), text, Markdown or CSV."),
    troubles.OTHER_KIND: _(
        "This is not what its name says. Save it again as PDF, Word (.docx), text, Markdown or CSV."
    ),
    troubles.NOT_UTF8: _("Its letters cannot be told. Save it as text in UTF-8 and try again."),
    troubles.ENCRYPTED: _("It is protected with a password. Save it without one and try again."),
    troubles.DAMAGED: _("It is damaged or incomplete. Open and save it again, then try once more."),
    troubles.BOMB: _("It unpacks to far more than it seems, and was not read."),
    troubles.TOO_MANY_PAGES: _("It has more than 500 pages. Split it into smaller files."),
    troubles.TOO_LONG: _("It has more than 2 million characters. Split it into smaller ones."),
    troubles.NO_TEXT: _(
        "No text was found in it. A scanned document is a picture: save it with its text recognised (OCR)."
    ),
    troubles.SLOW_FILE: _("Reading it took longer than 20 seconds. Split it, or save it in a simpler form."),
    troubles.GONE_FILE: _("The file itself is missing. Delete this line and upload the file again."),
    troubles.ADDRESS: _("This is not the address of a web page."),
    troubles.UNREACHABLE: _("This address cannot be reached from here. Is it open to everybody on the internet?"),
    troubles.REDIRECTS: _("This address leads on and on to others."),
    troubles.SLOW: _("The website took too long to answer."),
    troubles.SERVER: _("The website answered with an error of its own. Try again later."),
    troubles.TOO_LARGE: _("This page is larger than 3 MB, and was not read."),
    troubles.ROBOTS: _("The website does not want this page to be read (robots.txt). Allow it for “MiniChat” there."),
    troubles.NOT_FOUND: _("There is no page at this address."),
    troubles.FORBIDDEN: _("The website does not show this page to everybody."),
    troubles.NOT_A_PAGE: _("This is not a web page. Download it and add it as a file."),
    troubles.ELSEWHERE: _("This address leads to another website."),
    troubles.NO_SITEMAP: _("No sitemap was found there. Choose “This page and those it leads to” instead."),
    troubles.NO_PAGES: _("The sitemap names no page of this website."),
    troubles.FULL: _("Your plan has no room for all of it."),
}
# Of what nobody has typed here.
READ_PROBLEMS = {BROKEN: _("This could not be read. Read it again; if that does not help, write to us.")}
# Of a page, where a file would be opened and saved again.
PAGE_PROBLEMS = {
    **READ_PROBLEMS,
    troubles.NO_TEXT: _("No text was found on it. What a page draws by itself in the browser cannot be read."),
    troubles.DAMAGED: _("This page cannot be made sense of."),
    troubles.SLOW_FILE: _("Reading it took longer than 20 seconds."),
}
NOTES = {
    troubles.FULL: _("Your plan had no room for the rest."),
    troubles.NOT_NOW: _("It could not be read again the last time; what was known of it before still counts."),
}


@dataclass(frozen=True)
class State:
    """How a source stands, as a chip shows it."""

    label: str | Promise
    css: str = ""
    icon: str = ""


OFF = State(pgettext_lazy("knowledge", "Off"), "chip-line", "circle-pause")
STATES = {
    SourceStatus.READY: State(pgettext_lazy("knowledge", "Ready"), "chip-ok", "check"),
    SourceStatus.WAITING: State(_("Is being read"), "chip-info", "hourglass"),
    SourceStatus.FAILED: State(_("Could not be read"), "chip-bad", "circle-alert"),
    SourceStatus.DRAFT: State(_("Draft"), "chip-line"),
}


PAGE_STATES = {
    DocumentState.READY: State(pgettext_lazy("web page", "Read"), "chip-ok", "check"),
    DocumentState.WAITING: State(pgettext_lazy("web page", "Waiting"), "chip-line", "hourglass"),
    DocumentState.FAILED: State(pgettext_lazy("web page", "Not read"), "chip-bad", "circle-alert"),
}


@dataclass(frozen=True)
class Progress:
    """Of the pages of a site."""

    done: int
    total: int

    def __str__(self) -> str:
        sentence = ngettext("%(done)d of %(n)d page read", "%(done)d of %(n)d pages read", self.total)
        return sentence % {"done": self.done, "n": self.total}


@dataclass(frozen=True)
class Line:
    source: Source
    progress: Progress | None = None

    @property
    def state(self) -> State:
        return STATES[SourceStatus(self.source.status)] if self.source.is_active else OFF

    @property
    def is_waiting(self) -> bool:
        return self.source.is_active and self.source.status == SourceStatus.WAITING

    @property
    def is_usual(self) -> bool:
        """An FAQ that is ready: nothing to say about it."""
        row = self.source
        return row.kind == SourceKind.FAQ and row.status == SourceStatus.READY and row.is_active

    @property
    def excerpt(self) -> str:
        return excerpt_of(self.source.text)

    @property
    def problem(self) -> str | Promise:
        is_failed = self.source.status == SourceStatus.FAILED and self.source.is_active
        return problem_of(self.source.error, self.source.kind) if is_failed else ""

    @property
    def notes(self) -> list[str]:
        """What is missing although the rest was read."""
        is_read = self.source.status == SourceStatus.READY and self.source.is_active
        return [str(note) for note in _notes(self.source.troubles)] if is_read else []


@dataclass(frozen=True)
class PageLine:
    """A page of a site."""

    document: Document
    passages: int

    @property
    def state(self) -> State:
        return PAGE_STATES[DocumentState(self.document.state)]

    @property
    def problem(self) -> str | Promise:
        return problem_of(self.document.error, SourceKind.PAGE) if self.document.error else ""


def problem_of(word: str, kind: str) -> str | Promise:
    special = {SourceKind.FILE.value: READ_PROBLEMS, SourceKind.PAGE.value: PAGE_PROBLEMS}.get(kind, {})
    return special.get(word) or PROBLEMS.get(word, PROBLEMS[BROKEN])


def _notes(found: Iterable[tuple[str, int]]) -> Iterable[str | Promise]:
    unread = [str(number) for word, number in found if word == troubles.UNREAD_PAGE]
    if unread:
        sentence = ngettext(
            "Page %(pages)s could not be read; the rest is known.",
            "Pages %(pages)s could not be read; the rest is known.",
            len(unread),
        )
        yield sentence % {"pages": ", ".join(unread)}
    for word, number in found:
        if word == troubles.STOPPED_AT:
            yield gettext("Reading it took too long: from page %(page)d on nothing is known.") % {"page": number}
        elif word == troubles.MORE_PAGES:
            yield gettext("There are more pages; your plan includes %(n)d of one website.") % {"n": number}
        elif word in NOTES:
            yield NOTES[word]


def excerpt_of(text: str) -> str:
    """Its beginning, without the signs of the markup."""
    text = text[:EXCERPT]
    parts = [text[part.start : part.end] for part in rich.shown(rich.nodes(text))]
    return "".join(parts) if len(parts) == 1 else " ".join(map(str.strip, parts))


def page(rows: SourceQuerySet, kind: SourceKind, *, after: str) -> tuple[list[Line], str]:
    """The lines, and where the next page begins."""
    found = keyset.page(rows, ORDERS[kind], after=after, size=PAGE)
    how_far = progress_of([row for row in found.rows if kind == SourceKind.PAGE])
    return [Line(row, how_far.get(row.pk)) for row in found.rows], found.next


def progress_of(rows: Iterable[Source]) -> dict[UUID, Progress]:
    """How far those are that are being read."""
    waiting = [row for row in rows if row.is_active and row.status == SourceStatus.WAITING]
    if not waiting:
        return {}
    documents = waiting[0].workspace.knowledge_documents.pages().filter(source__in=waiting, run=F("source__run"))
    counted = documents.values("source").annotate(
        total=Count("pk"), done=Count("pk", filter=~Q(state=DocumentState.WAITING))
    )
    return {row["source"]: Progress(row["done"], row["total"]) for row in counted}


def pages_of(source: Source) -> list[PageLine]:
    """Those of a site: what is wrong first, then in the order in which they were met."""
    rows = source.documents.pages().annotate(n=Count("chunks"))
    trouble_first = rows.order_by(F("error").desc(), "depth", "created_at", "pk")
    return [PageLine(row, row.n) for row in trouble_first[:MOST_SHOWN]]


def pieces_of(source: Source) -> dict[str, Any]:
    """What was read of a file, as far as a page shows it, and how much there is in all."""
    rows = source.workspace.knowledge_chunks.filter(document__source=source).order_by("document", "ordinal")
    return {"pieces": rows[:MOST_PIECES], "n_pieces": rows.count(), "most_pieces": MOST_PIECES}


def categories(workspace: Workspace) -> list[str]:
    rows = workspace.knowledge_sources.exclude(category="").order_by("category")
    return list(rows.values_list("category", flat=True).distinct())


def counts(workspace: Workspace) -> dict[str, int]:
    """How many there are of each kind that has a list."""
    rows = workspace.knowledge_sources.filter(kind__in=ORDERS).order_by().values_list("kind")
    return dict.fromkeys((kind.value for kind in ORDERS), 0) | dict(rows.annotate(n=Count("pk")))
