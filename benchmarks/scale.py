"""The inbox and its search over many conversations on Postgres: pages of the database that each question touches (T11),
and how long it takes (T12). Rows are made by the server; one workspace has them all."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.sites import call, plain_environment
from benchmarks.table import Cell, show
from tests.faults.engine import ROOT, test_servers

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 5
RARE, ABSENT = "zirconium", "nobodywrotethis"
WORDS = "order parcel coffee beans grinder delivery price size colour return open time today tomorrow please thanks"
THAI = "สั่ง ของ กาแฟ เมล็ด คั่ว ส่ง ราคา ขนาด สี คืน เปิด ร้าน วันนี้ พรุ่งนี้ ได้ไหม ขอบคุณ รถ กิน"


def chosen(largest: int, *, quick: bool) -> tuple[int, ...]:
    """The usual sizes up to `largest`."""
    largest = largest or (10_000 if quick else 100_000)
    return tuple(size for size in SIZES if size <= largest) or (largest,)


def run(sizes: tuple[int, ...]) -> None:
    tables: dict[int, dict[str, list[float]]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="minichat-scale-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            with test_servers.postgres(folder, durable=False) as url:
                environment = {
                    **plain_environment(),
                    "ENV_FILE": os.devnull,
                    "MINICHAT_MODE": "local",
                    "SECRET_KEY": "benchmarks-0123456789-abcdefghijklmnopqr",
                    "DATABASE_URL": url,
                    "THROTTLE_SCALE": "100000",
                }
                call(["manage.py", "migrate", "-v0"], ROOT, environment)
                tables[size] = json.loads(
                    call(["-m", "benchmarks.scale", str(size)], ROOT, environment).splitlines()[-1]
                )
    first, last = min(tables), max(tables)
    rows: list[list[Cell]] = []
    for question in tables[last]:
        cells: list[Cell] = [question]
        for size in sizes:
            own, pages, milliseconds = tables[size][question]
            cells += [int(own), int(pages), float(milliseconds)]
        growth = tables[last][question][0] / max(1, tables[first][question][0])
        rows.append([*cells, f"{growth:.1f}x"])
    header = ["", *[text for size in sizes for text in (f"{size:,}: own", "pages", "ms")], "growth"]
    title = "Conversations with a message each: pages of the list itself, of all that is drawn, median time"
    show(title, header, rows)


# --- In a process with Django -----------------------------------------------------------------------------------------


def measure(size: int) -> dict[str, list[float]]:
    member = _fill(size)
    return {name: _cost(question) for name, question in _questions(member, size)}


def _questions(member: Any, size: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    from chat import counts, filters, paging, search
    from minichat.lib.searching import question

    for tab in filters.TABS:
        wanted = filters.read_text(f"tab={tab}")
        yield f"list {tab}, first page", lambda wanted=wanted: paging.page(member, wanted, "")
        if tab in ("open", "closed"):
            for part in (50, 90):
                cursor = _cursor(member, tab, part)
                yield f"list {tab}, {part} % down", lambda w=wanted, c=cursor: paging.page(member, w, c)
    yield "numbers beside the tabs", lambda: counts.counts_for(member)
    visible = member.workspace.conversations.visible_to(member)
    for name, text in (
        ("a common word", "coffee"),
        ("a rare word", RARE),
        ("an absent word", ABSENT),
        ("two Thai letters", "รถ"),
        ("a Thai word", "กาแฟ"),
        ("a phrase", '"coffee beans grinder"'),
        ("a word only long ago", "oldentimes"),
        ("part of a number", "12345"),
    ):
        wanted = search.Wanted(question(text), visible)
        yield f"search {name}", lambda wanted=wanted: search.find(member.workspace, wanted)


def _cursor(member: Any, tab: str, part: int) -> str:
    """Where the page begins that far down; found by counting, which is what the house itself never does."""
    from chat import paging
    from minichat.lib import keyset

    rows = member.workspace.conversations.filter(status="open" if tab == "open" else "resolved").order_by(
        *paging.NEWEST
    )
    row = rows[rows.count() * part // 100]
    return f"0.{keyset._write([row.last_message_at, row.pk], paging.NEWEST)}"


def _cost(question: Callable[[], Any]) -> list[float]:
    """Pages of what is listed or searched, pages of all its statements, and the median time."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        question()
    own = pages = 0
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query["sql"].replace("%", "%%"), [])
            plan = cursor.fetchone()[0][0]["Plan"]
        pages += _pages(plan)
        own += sum(_pages(leaf) for leaf in _leaves(plan))
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        question()
        times.append((time.perf_counter() - began) * 1000)
    return [own, pages, statistics.median(times)]


def _pages(plan: dict[str, Any]) -> int:
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def _leaves(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The scans of the tables that are listed or searched; what is drawn beside each row is looked up by its key."""
    if plan.get("Relation Name") in ("chat_conversation", "chat_messageentry"):
        yield plan
    else:
        for part in plan.get("Plans", []):
            yield from _leaves(part)


# --- Rows -------------------------------------------------------------------------------------------------------------


def _fill(size: int) -> Any:
    import uuid

    from django.db import connection

    from chat import actions, entries
    from chat.models import Inbox
    from chat.widget.access import new_visitor
    from tests.faults.seed import seed

    seed()
    inbox = Inbox.unscoped.select_related("workspace").get(workspace__slug="acme")
    visitor, _ = new_visitor(inbox, language="en")
    actions.post_visitor_message(visitor, body="the first of many", client_id=uuid.uuid4())
    member = inbox.workspace.memberships.select_related("user", "workspace").order_by("created_at").first()
    assert member is not None
    entries.tidy()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("ALTER TABLE chat_message ADD COLUMN IF NOT EXISTS bench_n int")
        _texts(cursor, inbox.workspace_id)
        cursor.execute('DROP INDEX "chat_messageentry_tokens_gin"')
        for sql in _inserts(size, member.pk):
            cursor.execute(sql)
        cursor.execute('CREATE INDEX "chat_messageentry_tokens_gin" ON chat_messageentry USING gin (tokens)')
        cursor.execute("ALTER TABLE chat_message DROP COLUMN bench_n")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    return member


def _texts(cursor: Any, workspace_id: Any) -> None:
    """Two thousand texts, each with its tokens; what is rare stands in texts of its own."""
    import random

    from minichat.lib.searching import folded, keys, tokens

    chance = random.Random(4)  # noqa: S311
    texts = [
        " ".join(chance.choices(WORDS.split(), k=chance.randint(3, 9))) + f" no. {chance.randrange(100_000)}"
        for _ in range(1_000)
    ]
    texts += ["".join(chance.choices(THAI.split(), k=chance.randint(4, 10))) for _ in range(1_000)]
    texts += [f"made of {RARE}", "what was said in oldentimes"]
    cursor.execute("CREATE TEMP TABLE texts (n int primary key, body text, folded text, tokens integer[])")
    for number, body in enumerate(texts):
        text = folded(body)
        numbers = "{" + ",".join(map(str, keys(workspace_id, tokens(text)))) + "}"
        cursor.execute("INSERT INTO texts VALUES (%s, %s, %s, %s)", [number, body, text, numbers])


def _inserts(size: int, member: Any) -> Iterator[str]:
    """One contact, visitor, conversation, message and entry each, from the first ones; the newest has the number 1."""
    series = f"generate_series(1, {size}) AS n"
    moment = "now() - n * interval '20 seconds'"
    # 20 rare ones, and one in fifty of the oldest tenth.
    text = (
        f"CASE WHEN n % {max(1, size // 20)} = 7 THEN 2000 WHEN n > {size} * 0.9 AND n % 50 = 0 THEN 2001"
        " ELSE (n::bigint * 7919) % 2000 END"
    )
    state = "CASE WHEN n % 20 < 2 THEN 'open' WHEN n % 20 = 2 THEN 'snoozed' ELSE 'resolved' END"
    pairs = {
        "contacts_contact": (
            f"'id', md5('c' || n)::uuid, 'number', n + 10, 'name', 'Somebody ' || n, 'last_seen_at', {moment}"
        ),
        "chat_visitor": "'id', md5('v' || n)::uuid, 'contact_id', md5('c' || n)::uuid",
        "chat_conversation": (
            "'id', md5('k' || n)::uuid, 'contact_id', md5('c' || n)::uuid, 'visitor_id', md5('v' || n)::uuid,"
            " 'number', n + 10,"
            f" 'status', {state}, 'last_message_at', {moment}, 'created_at', {moment},"
            f" 'assignee_id', CASE WHEN n % 40 < 8 THEN '{member}' END,"
            f" 'snoozed_until', CASE WHEN n % 20 = 2 THEN now() + n * interval '1 second' END,"
            f" 'waiting_since', CASE WHEN n % 20 = 0 THEN {moment} END"
        ),
        "chat_message": (
            f"'id', md5('m' || n)::uuid, 'conversation_id', md5('k' || n)::uuid, 'client_id', md5('i' || n)::uuid,"
            f" 'created_at', {moment}, 'bench_n', {text}"
        ),
    }
    first = "(SELECT * FROM {0} ORDER BY created_at LIMIT 1)"
    for table, changes in pairs.items():
        yield (
            f"INSERT INTO {table} SELECT made.* FROM {first.format(table)} AS old, {series},"  # noqa: S608
            f" LATERAL jsonb_populate_record(NULL::{table}, to_jsonb(old) || jsonb_build_object({changes})) AS made"
        )
    yield "UPDATE chat_message SET body = texts.body FROM texts WHERE bench_n = n"
    yield (
        "INSERT INTO chat_messageentry (workspace_id, message_id, at, text, tokens)"
        " SELECT workspace_id, id, created_at, folded, tokens FROM chat_message JOIN texts ON bench_n = n"
    )


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")
    django.setup()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
