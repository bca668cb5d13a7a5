"""Where files of conversations are kept: privately, and handed out link by link."""

from __future__ import annotations

from django.apps import apps

from minichat.lib.files import PrivateShelf, Recipe, Shelf, link_to
from minichat.lib.files.pictures import CONTENT_TYPE

FULL, THUMB, PDF = "full.webp", "thumb.webp", "file.pdf"
MAIN = {"image": FULL, "pdf": PDF}


def _in_use(keys: set[str]) -> set[str]:
    return set(apps.get_model("chat", "Attachment").unscoped.filter(key__in=keys).values_list("key", flat=True))


def _logos_in_use(keys: set[str]) -> set[str]:
    return set(apps.get_model("chat", "Inbox").unscoped.filter(logo__in=keys).values_list("logo", flat=True))


# Visitors see them: they have lasting addresses, as the workspace's own.
INBOX_LOGOS = Shelf("inbox-logos", Recipe((128, 256), "contain"), _logos_in_use)
ATTACHMENTS = PrivateShelf("attachments", _in_use)


def link(row, *, thumb: bool = False) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001  an Attachment
    """Five minutes for this one object. Whoever calls has asked whether its reader may have it (SR-47)."""
    file = THUMB if thumb else MAIN[row.kind]
    path = ATTACHMENTS.path(row.key, file)
    content_type = CONTENT_TYPE if thumb else row.content_type
    return link_to(path, name=row.name, content_type=content_type, inline=row.kind == "image")
