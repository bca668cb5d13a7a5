"""What is known changes as a whole, goes at once, and is counted right."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from ai.knowledge import index
from ai.knowledge.search import search
from ai.knowledge.split import Piece, split_text
from ai.knowledge.terms import ANALYZER_VERSION
from ai.models import Document, Posting
from ai.tests.conftest import Learn, document
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def assert_counted(workspace: Workspace) -> None:
    stats = workspace.knowledge_stats.get()
    lengths = list(workspace.knowledge_chunks.values_list("n_terms", flat=True))
    assert (stats.n_chunks, stats.n_terms) == (len(lengths), sum(lengths))


def test_a_document_is_found(acme: Workspace, learn: Learn) -> None:
    made = learn(acme, "We ship to Chiang Mai in two days.", "Shipping")
    (hit,) = search(acme, "shipping to Chiang Mai")
    assert hit.chunk.document_id == made.pk
    made.refresh_from_db()
    assert made.indexed_at is not None
    assert_counted(acme)


def test_titles_count_twice(acme: Workspace, learn: Learn) -> None:
    learn(acme, "We ship. Shipping is free.", "Shipping")
    posting = acme.knowledge_postings.get(term="ship")
    chunk = acme.knowledge_chunks.get()
    assert posting.tf == 4
    assert posting.length == chunk.n_terms == chunk.postings.count() + 3


def test_again_replaces_what_was_known(acme: Workspace, learn: Learn) -> None:
    made = learn(acme, "The old price is 100 baht.")
    assert index.index_document(made, split_text("The new price is 200 baht."))
    assert [hit.chunk.text for hit in search(acme, "price")] == ["The new price is 200 baht."]
    assert not search(acme, "old")
    assert_counted(acme)


def test_nothing_may_be_known_of_it(acme: Workspace, learn: Learn) -> None:
    made = learn(acme, "Something.")
    assert index.index_document(made, [])
    assert not acme.knowledge_postings.exists() and not search(acme, "something")
    assert_counted(acme)


def test_half_a_document_is_never_known(acme: Workspace, learn: Learn, monkeypatch: pytest.MonkeyPatch) -> None:
    made = learn(acme, "The old price is 100 baht.")

    def break_down(*_: Any) -> None:
        raise RuntimeError("the plug was pulled")

    monkeypatch.setattr(index, "_write", break_down)
    with pytest.raises(RuntimeError):
        index.index_document(made, split_text("The new price is 200 baht."))
    monkeypatch.undo()
    assert [hit.chunk.text for hit in search(acme, "price")] == ["The old price is 100 baht."]
    assert_counted(acme)


def test_what_is_removed_answers_nobody(acme: Workspace, learn: Learn) -> None:
    made, other = learn(acme, "Ships to Phuket."), learn(acme, "Ships to Phuket and Krabi.")
    index.remove(made)
    assert [hit.chunk.document_id for hit in search(acme, "Phuket")] == [other.pk]
    assert set(acme.knowledge_postings.values_list("chunk__document", flat=True)) == {other.pk}
    assert_counted(acme)
    assert not index.index_document(made, split_text("Ships to Phuket."))
    assert_counted(acme)


def test_a_source_goes_with_its_documents(acme: Workspace, learn: Learn) -> None:
    made = learn(acme, "Ships to Phuket.")
    index.remove_source(made.source)
    assert not acme.knowledge_sources.exists() and not acme.knowledge_postings.exists()
    assert_counted(acme)


def test_another_workspace_is_not_touched(acme: Workspace, globex: Workspace, learn: Learn) -> None:
    made = learn(acme, "Ships to Phuket.")
    learn(globex, "Ships to Phuket.")
    index.remove(made)
    assert len(search(globex, "Phuket")) == 1
    assert_counted(globex)


def test_it_takes_few_statements(acme: Workspace, django_assert_max_num_queries: Any) -> None:
    made = document(acme)
    pieces = [Piece(f"Piece {number} of many words, each its own: w{number} x{number}") for number in range(300)]
    with django_assert_max_num_queries(25):
        index.index_document(made, pieces)
    assert acme.knowledge_chunks.count() == 300


def test_a_new_way_of_cutting_asks_for_a_new_index(acme: Workspace, learn: Learn) -> None:
    assert not index.needs_reindex(acme)
    made = learn(acme, "Ships to Phuket.")
    assert not index.needs_reindex(acme)
    acme.knowledge_stats.update(analyzer_version="0")
    assert index.needs_reindex(acme)
    index.begin_anew(acme)
    assert not search(acme, "Phuket") and not index.needs_reindex(acme)
    index.index_document(made, split_text("Ships to Phuket."))
    assert search(acme, "Phuket")
    assert acme.knowledge_stats.get().analyzer_version == ANALYZER_VERSION
    assert_counted(acme)


def test_its_table_is_sorted_by_workspace_and_term() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'ai_posting'")
            assert cursor.fetchone()[0].endswith("WITHOUT ROWID")
        else:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'ai_posting_pkey'")
            assert "(workspace_id, term, chunk_id) INCLUDE (tf, length)" in cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("same", [True, False], ids=["one document", "two documents"])
def test_two_writers_are_counted_right(acme: Workspace, same: bool) -> None:
    first = document(acme)
    documents = [first, first if same else document(acme)]
    start, broken = threading.Barrier(2), []

    def write(made: Document, words: str) -> None:
        start.wait()
        try:
            for length in (5, 9, 3):
                index.index_document(made, [Piece(f"{words} {number}") for number in range(length)])
        except Exception as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=(Document.unscoped.get(pk=made.pk), words))
        for made, words in zip(documents, ("coffee beans", "coffee grinder"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert acme.knowledge_chunks.count() == (3 if same else 6)
    assert Posting.unscoped.filter(term="coffe").count() == acme.knowledge_chunks.count()
    assert_counted(acme)
