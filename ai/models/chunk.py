from __future__ import annotations

from django.db import models

from ai.models.source import LONGEST_URL, Document
from workspaces.tenancy import WorkspaceOwned


class Chunk(WorkspaceOwned):
    """A piece of a document that can be an answer by itself. Made from the document, so it can be made anew."""

    # Its order breaks ties: the same rows in the same order on both databases.
    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    # Its key is the beginning of the index below.
    workspace = models.ForeignKey("workspaces.Workspace", models.CASCADE, db_index=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="chunks")
    ordinal = models.PositiveIntegerField()
    text = models.TextField()
    # "Shipping › Abroad"; for an FAQ the question and the other ways to ask it, one a line.
    title_path = models.TextField(blank=True)
    url = models.CharField(max_length=LONGEST_URL, blank=True)
    page = models.PositiveIntegerField(null=True, blank=True)
    language = models.CharField(max_length=8)
    # Of the text, and twice those of the title.
    n_terms = models.PositiveIntegerField()
    # Where its meaning lies (`ai/knowledge/meaning.py`), where that extra is on and the text is English.
    meaning = models.BinaryField(null=True)
    hash = models.CharField(max_length=64)
    created_at = None  # type: ignore[assignment]

    class Meta:
        default_related_name = "knowledge_chunks"
        constraints = [models.UniqueConstraint(fields=["workspace", "document", "ordinal"], name="chunk_in_its_place")]

    def __str__(self) -> str:
        return self.title_path or self.text[:80]

    @property
    def titles(self) -> list[str]:
        return self.title_path.splitlines()


class Posting(WorkspaceOwned):
    """A term stands in a chunk so many times. The migration makes the table: one sorted run per workspace and term."""

    pk = models.CompositePrimaryKey("workspace_id", "term", "chunk_id")
    id = None  # type: ignore[assignment]
    created_at = None  # type: ignore[assignment]
    workspace = models.ForeignKey("workspaces.Workspace", models.CASCADE, db_index=False)
    term = models.CharField(max_length=64)
    chunk = models.ForeignKey(Chunk, models.CASCADE, related_name="postings")
    tf = models.PositiveIntegerField()
    # The chunk's `n_terms` once more: a score needs it, and the chunks are wide rows.
    length = models.PositiveIntegerField()

    class Meta:
        default_related_name = "knowledge_postings"

    def __str__(self) -> str:
        return self.term


class KnowledgeStats(WorkspaceOwned):
    """What a score needs to know about all chunks of a workspace. Its row is the lock of the workspace's index."""

    workspace = models.ForeignKey("workspaces.Workspace", models.CASCADE, db_index=False)
    n_chunks = models.PositiveIntegerField(default=0)
    # Their sum, not their average: a sum can be added to.
    n_terms = models.PositiveBigIntegerField(default=0)
    analyzer_version = models.CharField(max_length=16, blank=True)
    # Another one whenever a chunk has come, changed or gone.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        default_related_name = "knowledge_stats"
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_row_of_knowledge_stats")]

    def __str__(self) -> str:
        return f"{self.n_chunks} chunks"

    @property
    def avg_len(self) -> float:
        return self.n_terms / self.n_chunks if self.n_chunks else 0.0
