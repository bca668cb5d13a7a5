"""Colleagues named in a note: who they are, and where their names stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from chat.models import Conversation
from workspaces.models import Membership


def people(conversation: Conversation, body: str, ids: Sequence[UUID]) -> list[Membership]:
    """Those of `ids` who may read the conversation and whose name stands in the text.

    Whoever was removed meanwhile, or is none of ours, is a word in a text like any other.
    """
    if not ids:
        return []
    rows = conversation.readers().filter(pk__in=ids, user__is_active=True).select_related("user")
    return [row for row in rows if f"@{row.name}" in body]


def pictures(members: Iterable[Membership]) -> list[dict[str, str]]:
    """As a message keeps them: the name is a copy of how it was written."""
    return [{"id": str(row.pk), "name": row.name} for row in members]


def parts(body: str, mentions: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    """The text in pieces: `{"text"}`, and `{"text", "member"}` where somebody's name stands."""
    ids = {f"@{one['name']}": one["id"] for one in mentions}
    if not ids:
        return [{"text": body}]
    # The longest first: "@Ana" must not be found in "@Ana Maria".
    names = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    pieces = re.split(f"({names})", body)
    return [{"text": piece, "member": ids.get(piece, "")} for piece in pieces if piece]
