from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from minichat.lib.files.shelves import KEY_LENGTH
from workspaces.tenancy import WorkspaceOwned

LONGEST_TITLE = 300
LONGEST_URL = 2_000
LONGEST_ANSWER = 10_000
LONGEST_TEXT = 200_000
LONGEST_CATEGORY = 60
MOST_OTHER_WAYS = 20


class SourceKind(models.TextChoices):
    FAQ = "faq"
    TEXT = "text"
    FILE = "file"
    PAGE = "page"


# Written here, so that whoever may change it finds it in a form.
WRITTEN = (SourceKind.FAQ, SourceKind.TEXT)


class Scope(models.TextChoices):
    """What is read of a web page's site."""

    PAGE = "page"
    # And the pages it leads to.
    SITE = "site"
    SITEMAP = "sitemap"


class Schedule(models.TextChoices):
    """How often pages are read again by themselves."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class SourceStatus(models.TextChoices):
    # Nobody is answered from a draft.
    DRAFT = "draft"
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class DocumentState(models.TextChoices):
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class SourceQuerySet(models.QuerySet["Source"]):
    def of_kind(self, kind: SourceKind) -> SourceQuerySet:
        return self.filter(kind=kind)

    def waiting(self) -> SourceQuerySet:
        """Still to be read."""
        return self.filter(status=SourceStatus.WAITING, is_active=True)

    def due(self, now: datetime) -> SourceQuerySet:
        """Pages whose time to be read again has come, unless they are being read."""
        return self.filter(due_at__lte=now, is_active=True).exclude(status=SourceStatus.WAITING)

    def unclaimed(self, now: datetime) -> SourceQuerySet:
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lt=now))

    def containing(self, words: str) -> SourceQuerySet:
        """Each of the words stands in the title, in another way to ask or in the text."""
        rows = self
        for word in words.split():
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(other_ways__icontains=word)
                | Q(text__icontains=word)
                | Q(url__icontains=word)
            )
        return rows


class Source(WorkspaceOwned):
    """Something the workspace gave its agent to know: an FAQ, a text, a file, a page and those it leads to."""

    kind = models.CharField(max_length=4, choices=SourceKind)
    title = models.CharField(max_length=LONGEST_TITLE)
    url = models.CharField(max_length=LONGEST_URL, blank=True)
    # As typed: the text, or the answer of an FAQ whose question is the title.
    text = models.TextField(blank=True)
    # The same question in other words, one a line.
    other_ways = models.TextField(blank=True)
    category = models.CharField(max_length=LONGEST_CATEGORY, blank=True)
    # Switched off it stays in the list, and nobody is answered from it.
    is_active = models.BooleanField(default=True)
    # How many pieces it is cut into: what the plan counts. FAQs are counted by themselves.
    passages = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=7, choices=SourceStatus, default=SourceStatus.WAITING)
    # A word for what went wrong (`ai/listing.py`): the sentence is made when it is read.
    error = models.CharField(max_length=300, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    # A file: where it lies on the shelf (`ai/shelf.py`), what sort it is, its bytes.
    key = models.CharField(max_length=KEY_LENGTH, blank=True)
    sort = models.CharField(max_length=4, blank=True)
    size = models.PositiveIntegerField(default=0)
    # Web pages: which of them, how often, and when the next time is.
    scope = models.CharField(max_length=7, choices=Scope, blank=True)
    schedule = models.CharField(max_length=6, choices=Schedule, default=Schedule.NEVER)
    due_at = models.DateTimeField(null=True, blank=True)
    # Each reading of a site has a number; until then nobody else goes on with it.
    run = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    # What is missing although the rest was read: `[word, number]` each.
    troubles = models.JSONField(default=list, blank=True)

    unscoped: ClassVar[Any] = SourceQuerySet.as_manager()

    class Meta:
        default_related_name = "knowledge_sources"
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="knowledge_sources_newest"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="knowledge_sources_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def other_questions(self) -> list[str]:
        return [line.strip() for line in self.other_ways.splitlines() if line.strip()]


class DocumentQuerySet(models.QuerySet["Document"]):
    def pages(self) -> DocumentQuerySet:
        """Without the sitemaps, which only name some."""
        return self.filter(is_map=False)

    def of_run(self, run: int) -> DocumentQuerySet:
        return self.filter(run=run)

    def to_read(self) -> DocumentQuerySet:
        """The nearest first."""
        return self.filter(state=DocumentState.WAITING).order_by("-is_map", "depth", "created_at", "id")


class Document(WorkspaceOwned):
    """One page, one file, one text: what is read, cut and indexed as a whole. A source has one or many."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="documents")
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    url = models.CharField(max_length=LONGEST_URL, blank=True)
    # Of what was read last: the same again need not be indexed again.
    hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    indexed_at = models.DateTimeField(null=True, blank=True)
    # Pages of a site: how each one stands, by how many links it was reached, and in which reading of the site.
    state = models.CharField(max_length=7, choices=DocumentState, default=DocumentState.READY)
    error = models.CharField(max_length=20, blank=True)
    depth = models.PositiveSmallIntegerField(default=0)
    run = models.PositiveIntegerField(default=0)
    is_map = models.BooleanField(default=False)

    unscoped: ClassVar[Any] = DocumentQuerySet.as_manager()

    class Meta:
        default_related_name = "knowledge_documents"

    def __str__(self) -> str:
        return self.title or self.url
