"""The pages that a visitor opened with the chat on it."""

from __future__ import annotations

from django.db import connection

from chat.models import PageView, Visitor
from chat.models.page_view import MOST_PAGES
from minichat.lib import roundtrips
from minichat.lib.roundtrips import Statement
from minichat.lib.transactions import action


@action
def note_page(visitor: Visitor, *, url: str, title: str) -> None:
    """Where they are now; of what came before only the newest stay. One trip to the database."""
    visitor.page_url, visitor.page_title = url, title
    view = PageView(workspace_id=visitor.workspace_id, visitor=visitor, url=url, title=title)
    moved = roundtrips.update(visitor, ["page_url", "page_title"])
    roundtrips.write([moved, *roundtrips.insert([view]), _pruning(visitor)])


def _pruning(visitor: Visitor) -> Statement:
    key = visitor._meta.pk.get_db_prep_save(visitor.pk, connection)
    newest = f"SELECT id FROM chat_pageview WHERE visitor_id = %s ORDER BY at DESC, id DESC LIMIT {MOST_PAGES}"  # noqa: S608
    return f"DELETE FROM chat_pageview WHERE visitor_id = %s AND id NOT IN ({newest})", [key, key]  # noqa: S608
