"""The gate: on the developer sets (`benchmarks/data`) search finds, and knows what it does not know.

Figures are shares of questions, the same on every machine and database; `make bench BENCH="--only retrieval"` prints
all of them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from ai.knowledge import index
from ai.knowledge.search import Hit, search
from ai.knowledge.split import split_text
from ai.models import Document, Source, SourceKind
from workspaces.models import Workspace

# Thousands of searches: counting their lines would take longer than they do.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

DATA = Path(settings.BASE_DIR) / "benchmarks" / "data"
FIRST = 5


class Asked:
    """A set, indexed whole, and what was found for its questions."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace = workspace
        self.questions = lines(DATA / name / "questions.jsonl")
        self.meta = json.loads((DATA / name / "meta.json").read_text())
        source = Source(workspace=workspace, kind=SourceKind.TEXT, title=name)
        source.save()
        self.documents = {}
        for passage in lines(DATA / name / "passages.jsonl"):
            document = Document(workspace=workspace, source=source, title=passage["title"])
            document.save()
            index.index_document(document, split_text(passage["text"], title=passage["title"]))
            self.documents[passage["id"]] = document

    def recall(self, step: int = 1) -> float:
        questions = self.questions[::step]
        found = [self.is_among(question, search(self.workspace, question["question"], FIRST)) for question in questions]
        return sum(found) / len(found)

    def is_among(self, question: dict[str, Any], hits: list[Hit]) -> bool:
        right = {self.documents[passage].pk for passage in question["passage_ids"]}
        return any(hit.chunk.document_id in right for hit in hits)

    def confidences(self, step: int = 1) -> tuple[list[float], list[float]]:
        """Of questions that can be answered, and of those that cannot: their passages are taken away first."""
        gone = set(self.meta["handoff_removed_near"])
        for passage in gone:
            index.remove(self.documents[passage])
        can: list[float] = []
        cannot: list[float] = []
        for question in self.questions[::step]:
            hits = search(self.workspace, question["question"], FIRST)
            side = cannot if set(question["passage_ids"]) <= gone else can
            side.append(hits[0].p_right if hits else 0.0)
        return can, cannot


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def auc(can: list[float], cannot: list[float]) -> float:
    """How often a question that can be answered is surer than one that cannot."""
    wins = sum((mine > other) + (mine == other) / 2 for mine in can for other in cannot)
    return wins / (len(can) * len(cannot))


def test_thai(acme: Workspace) -> None:
    asked = Asked(acme, "iapp_th_dev")
    assert asked.recall() >= 0.99
    can, cannot = asked.confidences()
    assert len(can) > 500 and len(cannot) > 150
    assert auc(can, cannot) >= 0.95
    # As shipped: most are answered, and few of those that nobody can answer.
    assert share_above(can, 0.5) >= 0.85
    assert share_above(cannot, 0.5) <= 0.15


def test_english(acme: Workspace) -> None:
    """Over all passages, every fifth question."""
    asked = Asked(acme, "squad2_en_dev")
    assert asked.recall(step=5) >= 0.95
    can, cannot = asked.confidences(step=5)
    assert auc(can, cannot) >= 0.87


def share_above(values: list[float], threshold: float) -> float:
    return sum(value >= threshold for value in values) / len(values)
