"""Labels as rows and menus draw them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from chat.models import Conversation, Label
from workspaces.models import Workspace

Known = Mapping[str, Label]


def key_of(name: str) -> str:
    """What a name is compared by: "Möbel" and "MÖBEL" are one word, however they were typed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def of(workspace: Workspace) -> Known:
    """All of them, by id and in the order of their names."""
    return {str(row.pk): row for row in workspace.labels.order_by("key")}


def worn_by(conversations: Iterable[Conversation]) -> Known:
    """What these conversations of one workspace need; nothing is asked while none has any."""
    ids = {pk for one in conversations for pk in one.label_ids}
    workspace = next((one.inbox.workspace for one in conversations), None)
    if workspace is None or not ids:
        return {}
    return {str(row.pk): row for row in workspace.labels.filter(pk__in=ids).order_by("key")}


def picture(row: Label) -> dict[str, Any]:
    return {"id": str(row.pk), "name": row.name, "hue": row.hue}


def pictures(ids: Iterable[str], known: Known) -> list[dict[str, Any]]:
    """By name. An id that is not known belonged to a label that was deleted."""
    wanted = set(ids)
    return [picture(row) for pk, row in known.items() if pk in wanted]
