"""What somebody has begun to write: saved while they type, gone when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.sql import UpdateQuery

from chat import broadcasts
from chat.models import Conversation, Draft
from minichat.lib import roundtrips
from minichat.lib.roundtrips import Statement
from minichat.lib.transactions import action
from workspaces.models import Membership

# Both databases understand this; Django's own way has no condition.
_UNLESS_OLDER = (
    " ON CONFLICT (conversation_id, membership_id, note) DO UPDATE SET body = excluded.body,"
    " mentions = excluded.mentions, counter = excluded.counter, saved_at = excluded.saved_at"
    " WHERE chat_draft.counter < excluded.counter"
)


@dataclass(frozen=True)
class Saved:
    """Whether it was saved, and what is kept now: the text of another tab when that knew a later number."""

    is_saved: bool
    draft: Draft


@action
def save_draft(
    conversation: Conversation,
    *,
    by: Membership,
    note: bool,
    body: str,
    counter: int,
    mentions: list[dict[str, str]] | None = None,
) -> Saved:
    """One statement, whether there is a draft or not. An old tab that wakes up does not overwrite a newer one."""
    draft = Draft(
        workspace_id=by.workspace_id,
        conversation=conversation,
        membership=by,
        note=note,
        body=body,
        counter=counter,
        mentions=mentions or [],
    )
    [(sql, params)] = roundtrips.insert([draft])
    with connection.cursor() as cursor:
        cursor.execute(sql + _UNLESS_OLDER, params)
        is_saved = cursor.rowcount == 1
    if not is_saved:
        return Saved(False, by.drafts.get(conversation=conversation, note=note))
    transaction.on_commit(partial(broadcasts.draft_moved, draft), robust=True)
    return Saved(True, draft)


def clearing(conversation: Conversation, by: Membership, *, note: bool, upto: int | None) -> Statement:
    """The statement that empties what is being sent. `upto`: the draft that was sent; a later one is another text."""
    rows = by.drafts.filter(conversation=conversation.pk, note=note)
    query = (rows if upto is None else rows.filter(counter__lte=upto)).query.chain(UpdateQuery)
    query.add_update_values({"body": "", "mentions": [], "counter": F("counter") + 1})  # type: ignore[attr-defined]
    return query.get_compiler(connection=connection).as_sql()


def tell_cleared(conversation_id: UUID, by: Membership, *, note: bool, upto: int | None) -> None:
    """The member's other tabs empty their fields once it is committed."""
    words: dict[str, Any] = {"conversation_id": conversation_id, "membership_id": by.pk, "note": note}
    draft = Draft(**words, body="", counter=0 if upto is None else upto + 1)
    transaction.on_commit(partial(broadcasts.draft_moved, draft), robust=True)
