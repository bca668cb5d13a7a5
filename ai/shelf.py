"""Where the files lie that the assistant has read: privately, and handed out link by link."""

from __future__ import annotations

from django.apps import apps
from django.core.files.storage import default_storage

from ai.reading import kinds, troubles
from ai.reading.troubles import Unreadable
from minichat.lib.files import PrivateShelf, link_to


def _in_use(keys: set[str]) -> set[str]:
    return set(apps.get_model("ai", "Source").unscoped.filter(key__in=keys).values_list("key", flat=True))


FILES = PrivateShelf("knowledge", _in_use)


def stored(kind: str, data: bytes) -> str:
    """Its key. If the transaction around fails, the sweep takes the file away again."""
    return FILES.store({_name(kind): data})


def content(row) -> bytes:  # type: ignore[no-untyped-def]  # noqa: ANN001  a Source
    try:
        with default_storage.open(FILES.path(row.key, _name(row.sort))) as file:
            return file.read()
    except FileNotFoundError as error:
        raise Unreadable(troubles.GONE_FILE) from error


def link(row) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001  a Source
    """Five minutes for this one file. Whoever calls has asked whether its reader may have it (SR-47)."""
    path = FILES.path(row.key, _name(row.sort))
    return link_to(path, name=row.title, content_type=kinds.CONTENT_TYPES[row.sort])


def _name(kind: str) -> str:
    return f"file.{kind}"
