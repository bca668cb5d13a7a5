"""Where an answer is from, in the words in which its readers know the source."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ai.models import Chunk, SourceKind


def title_of(chunk: Chunk) -> str:
    """Of the source alone, without a page."""
    kind = chunk.document.source.kind
    if kind in (SourceKind.FILE, SourceKind.PAGE):
        return str(chunk.document)
    return chunk.titles[0] if chunk.titles else str(chunk.document)


def cited(chunk: Chunk) -> str:
    """“returns.pdf, page 3”, the title of a web page, or the heading above a text."""
    document = chunk.document
    if document.source.kind == SourceKind.FILE and chunk.page is not None:
        return _("%(name)s, page %(page)d") % {"name": document.title, "page": chunk.page}
    return title_of(chunk)
