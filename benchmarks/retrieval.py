"""What the knowledge base finds, what it is unsure of and what it answers, on the developer sets of `data/`.

MiniChat on both databases, beside the full-text search of SQLite as it comes (FTS5, `unicode61`). The measures are
those of the harness in `peer/retrieval/`; only the times move with the machine.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.sites import call, plain_environment
from benchmarks.table import Cell, show
from minichat.expectations import SEMANTIC_PACKAGES
from tests.faults.engine import ROOT, test_servers

HERE = Path(__file__).parent
DATA, HARNESS = HERE / "data", HERE / "peer" / "retrieval" / "harness.py"
# Questions whose first ten chunks are compared between the databases.
COMPARED = 200
# Of the largest knowledge base that is timed.
CHUNKS = 10_000


def run(*, limit: int | None) -> None:
    print(f"FTS5 as it comes\n{table(measure_plain(limit))}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="minichat-retrieval-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        first_ten: dict[bool, list[Any]] = {}
        for label, url in databases(folder):
            for is_semantic in (False, True) if has_semantic() else (False,):
                done = json.loads(child(url, limit, is_semantic).splitlines()[-1])
                print(f"MiniChat{', by meaning too' * is_semantic}, {label}\n{table(done['sets'])}\n", flush=True)
                if done["large"]:
                    show(f"{label}, {CHUNKS:,} chunks", ("", "value"), done["large"])
                first_ten.setdefault(is_semantic, []).append(done["first_ten"])
    for is_semantic, (one, *others) in first_ten.items():
        for other in others:
            same = sum(mine == theirs for mine, theirs in zip(one, other, strict=True))
            which = ", by meaning too" * is_semantic
            print(f"The same first ten chunks on both databases{which}: {same} of {len(one)} questions")


def has_semantic() -> bool:
    """`make semantic` has been here."""
    return all(importlib.util.find_spec(name) for name in SEMANTIC_PACKAGES)


def databases(folder: Path) -> Iterator[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{folder}/retrieval.sqlite3"
    try:
        with test_servers.postgres(folder) as url:
            yield "Postgres", url
    except test_servers.Missing as error:
        print(f"Postgres is left out: {error} is not installed")


def child(url: str, limit: int | None, is_semantic: bool) -> str:
    environment = {
        **plain_environment(),
        "ENV_FILE": os.devnull,
        "MINICHAT_MODE": "local",
        "SECRET_KEY": "benchmarks-0123456789-abcdefghijklmnopqr",
        "DATABASE_URL": url,
        "DEBUG": "0",
        "AI_SEMANTIC": str(int(is_semantic)),
    }
    call(["manage.py", "migrate", "-v0"], ROOT, environment)
    return call(["-m", "benchmarks.retrieval", str(limit or 0)], ROOT, environment)


def harness() -> Any:
    spec = importlib.util.spec_from_file_location("retrieval_harness", HARNESS)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sets() -> list[str]:
    return sorted(path.name for path in DATA.iterdir() if path.is_dir())


def lines(name: str, what: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name / f"{what}.jsonl").read_text(encoding="utf-8").splitlines()]


def table(results: dict[str, Any]) -> str:
    text: str = harness().table({"": results})
    return text


# --- FTS5 -------------------------------------------------------------------------------------------------------------


class Plain:
    """What a first attempt would be: the text as it is, any word of the question, `bm25`."""

    def index(self, passages: list[dict[str, Any]]) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.execute("CREATE VIRTUAL TABLE passages USING fts5(id UNINDEXED, title, text)")
        rows = [(one["id"], one["title"], one["text"]) for one in passages]
        self.database.executemany("INSERT INTO passages VALUES (?, ?, ?)", rows)

    def search(self, question: str, k: int) -> list[tuple[str, float]]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        sql = "SELECT id, -bm25(passages) FROM passages WHERE passages MATCH ? ORDER BY bm25(passages) LIMIT ?"
        return list(self.database.execute(sql, (words, k))) if words else []


def measure_plain(limit: int | None) -> dict[str, Any]:
    results: dict[str, Any] = harness().run(Plain(), str(DATA), sets(), limit)
    return results


# --- MiniChat, in a process with Django -------------------------------------------------------------------------------


class MiniChat:
    """Each index is a workspace of its own."""

    def __init__(self) -> None:
        from accounts.models import User
        from tests.faults.seed import seed

        if not User.objects.exists():
            seed()
        self.made = User.objects.count()

    def index(self, passages: list[dict[str, Any]]) -> None:
        from ai.actions.meaning import add_meaning
        from ai.knowledge.index import index_document
        from ai.knowledge.split import split_text

        self.workspace, source = self._workspace()
        self.names = {}
        for passage in passages:
            document = source.documents.create(workspace=self.workspace, title=passage["title"][:300])
            index_document(document, split_text(passage["text"], title=passage["title"]))
            self.names[document.pk] = passage["id"]
        last: int | None = 0
        while last is not None:  # no worker runs here
            last = add_meaning(last)
        self.last: tuple[str, Any] = ("", [])

    def _workspace(self) -> Any:
        from accounts.models import User
        from workspaces import actions

        self.made += 1
        person = User.objects.create_user(f"bench{self.made}@acme.test", "unused-by-anybody-4711", name="Bench")
        workspace = actions.create_workspace(person, name="Bench", slug=f"bench-{self.made}", plan="business")
        return workspace, workspace.knowledge_sources.create(kind="text", title="Bench")

    def _hits(self, question: str) -> Any:
        from ai.knowledge.search import search

        if self.last[0] != question:
            self.last = (question, search(self.workspace, question, 10))
        return self.last[1]

    def search(self, question: str, k: int) -> list[tuple[str, float]]:
        self.last = ("", [])
        return [(self.names[hit.chunk.document_id], hit.score) for hit in self._hits(question)[:k]]

    def confidence(self, question: str) -> float:
        hits = self._hits(question)
        return hits[0].p_right if hits else 0.0

    def answer(self, question: str) -> dict[str, Any]:
        from ai.knowledge.decide import Verdict, decide
        from ai.knowledge.extract import extract

        hits = self._hits(question)
        found = extract(question, hits)
        handed_over = decide(hits).verdict != Verdict.ANSWER
        return {"text": found.text if found else "", "passage_id": None, "handoff": handed_over}

    def first_ten(self, question: str) -> list[str]:
        return [f"{self.names[hit.chunk.document_id]}/{hit.chunk.ordinal}" for hit in self._hits(question)]


def measure(limit: int | None) -> dict[str, Any]:
    from django.conf import settings

    from ai.knowledge.terms import warm

    warm()
    ours = MiniChat()
    results: dict[str, Any] = harness().run(ours, str(DATA), sets(), limit)
    first_ten = []
    for name in ("iapp_th_dev", "squad2_en_dev"):
        ours.index(lines(name, "passages"))
        questions = lines(name, "questions")
        step = max(1, len(questions) // (COMPARED // 2))
        first_ten += [ours.first_ten(question["question"]) for question in questions[::step][: COMPARED // 2]]
    # Vectors of so many chunks would take longer than all the rest.
    return {"sets": results, "first_ten": first_ten, "large": [] if settings.AI_SEMANTIC else large(ours, limit)}


def large(ours: MiniChat, limit: int | None) -> list[list[Cell]]:
    """Chunks spliced from sentences of both languages' sets: how long writing and asking takes among many."""
    import random

    from ai.knowledge.index import index_document
    from ai.knowledge.search import search
    from ai.knowledge.sentences import sentences
    from ai.knowledge.split import Piece

    chance = random.Random(4)
    names = ("iapp_th_dev", "squad2_en_dev")
    units = [unit for name in names for one in lines(name, "passages") for unit in sentences(one["text"])]
    workspace, source = ours._workspace()
    n_chunks = CHUNKS // 10 if limit else CHUNKS
    began, pages = time.perf_counter(), 0
    while pages * 50 < n_chunks:
        document = source.documents.create(workspace=workspace)
        index_document(document, [Piece(" ".join(chance.choices(units, k=3))) for _ in range(50)])
        pages += 1
    written = time.perf_counter() - began
    times: list[float] = []
    for question in (one["question"] for name in names for one in lines(name, "questions")[:100]):
        began = time.perf_counter()
        search(workspace, question)
        times.append((time.perf_counter() - began) * 1000)
    return [
        ["written, s per 1,000 chunks", written * 1000 / n_chunks],
        ["search, ms, median", statistics.median(times)],
        ["search, ms, 95 of 100", sorted(times)[len(times) * 95 // 100]],
    ]


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")
    django.setup()
    # The last line is for whoever started us.
    with contextlib.redirect_stdout(sys.stderr):
        done = measure(int(sys.argv[1]) or None)
    sys.stdout.write(json.dumps(done))


if __name__ == "__main__":
    main()
