"""What keeps the inbox and its search as quick with a million conversations as with ten: pages by keyset, no offsets,
nothing closed is counted, and the indexes that were made for it are those that are used."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat import actions, filters, paging, search
from chat.models import Conversation, Inbox, MessageEntry
from chat.widget.access import new_visitor
from conftest import SHOP
from minichat.lib.searching import question
from workspaces.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(inbox: Inbox, omar_member: Membership) -> list[Conversation]:
    """More than a page of conversations, half of them closed."""
    rows = []
    for number in range(2 * paging.PAGE + 4):
        visitor, _ = new_visitor(inbox, origin=SHOP, language="en")
        posted = actions.post_visitor_message(visitor, body=f"กินข้าว parcel {number}", client_id=uuid.uuid4())
        rows.append(posted.message.conversation)
    for conversation in rows[::2]:
        actions.resolve(conversation, by=omar_member)
    return rows


def statements(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, headers={"HX-Request": "true"}).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("tab", filters.TABS)
def test_no_offset_and_no_count_of_closed_ones(omar_client: Client, many: Any, tab: str) -> None:
    url = f"/w/acme/conversations/?tab={tab}"
    page = omar_client.get(url, headers={"HX-Request": "true"}).content.decode()
    more = re.search(r'href="([^"]+before=[^"]+)"', page)
    asked = statements(omar_client, url)
    if more:
        further = statements(omar_client, more[1].replace("&amp;", "&"))
        assert len(further) == len(asked)
        asked += further
    assert not [sql for sql in asked if "OFFSET" in sql or "COUNT(" in sql]


def test_the_whole_page_counts_nothing_closed(omar_client: Client, many: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        omar_client.get("/w/acme/conversations/?tab=closed")
    counting = [query["sql"] for query in queries if "COUNT(" in query["sql"] and "chat_conversation" in query["sql"]]
    assert counting and not any("resolved" in sql for sql in counting)
    assert all(sql.count("COUNT(") <= sql.count("LIMIT") for sql in counting)


def plan_of(work: Any, table: str) -> str:
    """How the database goes about what `work` asks of `table`, were the table too large to be read through."""
    with CaptureQueriesContext(connection) as queries:
        work()
    [sql] = [query["sql"] for query in queries if f'FROM "{table}"' in query["sql"]][-1:]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN " + sql.replace("%", "%%"), [])
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_sort = on")
    return plan


@pytest.mark.skipif(connection.vendor != "postgresql", reason="plans of PostgreSQL")
def test_the_indexes_are_used(many: Any, omar_member: Membership) -> None:
    closed = filters.read_text("tab=closed")
    assert "conversation_list" in plan_of(lambda: paging.page(omar_member, closed, ""), "chat_conversation")
    visible = omar_member.workspace.conversations.visible_to(omar_member)
    asking = search._Search(omar_member.workspace, search.Wanted(question("กินข้าว"), visible), 5)

    def look_up() -> None:
        list(MessageEntry.unscoped.filter(tokens__all=asking._numbers).values_list("at"))

    def read() -> None:
        list(asking._entries(None).order_by("-at", "-message").values_list("at", "message")[: search.NEWEST])

    assert "chat_messageentry_tokens_gin" in plan_of(look_up, "chat_messageentry")
    assert "message_entry_newest" in plan_of(read, "chat_messageentry")
