"""Pages of the inbox list: flat in cost at any depth."""

from __future__ import annotations

from chat.models import Conversation
from chat.models.conversation import ConversationQuerySet
from minichat.lib import keyset

PAGE = 30


def page(rows: ConversationQuerySet, *, tab: str, cursor: str) -> tuple[list[Conversation], str]:
    """The next page of a tab after `cursor` (empty: the first), and the cursor of the one after it (empty: the end).

    Everywhere the newest message is first, but the longest wait is first among the waiting.
    """
    order = ["waiting_since", "id"] if tab == "waiting" else ["-last_message_at", "-id"]
    found = keyset.page(rows, order, after=cursor, size=PAGE)
    return found.rows, found.next
