from __future__ import annotations

from django.db import models
from django.utils import timezone

from ai.models.source import Source
from workspaces.tenancy import WorkspaceOwned

LONGEST_NOTE = 200
LONGEST_GOLDEN = 500
LONGEST_EXPECTED = 500


class AssistantVersion(WorkspaceOwned):
    """Settings as they were published once. It never changes; putting it in force again makes a new one."""

    number = models.PositiveIntegerField()
    settings = models.JSONField()
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    created_by = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    # How the check went: {"total", "draft", "published"}; {"again": 3} for an older one put in force again; or nothing.
    checked = models.JSONField(default=dict, blank=True)

    class Meta:
        default_related_name = "assistant_versions"
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return str(self.number)


class Assistant(WorkspaceOwned):
    """What is in force, and what is being worked on. Its row is the lock of both."""

    workspace = models.ForeignKey("workspaces.Workspace", models.CASCADE, db_index=False)
    # Null: nothing is being worked on.
    draft = models.JSONField(null=True, blank=True)
    published = models.ForeignKey(AssistantVersion, models.SET_NULL, null=True, blank=True, related_name="+")
    # Tried beside it, in so many of a hundred conversations that begin after `trial_began_at`; null: none is.
    trial = models.ForeignKey(AssistantVersion, models.SET_NULL, null=True, blank=True, related_name="+")
    trial_share = models.PositiveSmallIntegerField(default=0)
    trial_began_at = models.DateTimeField(null=True, blank=True)
    # It puts labels on conversations. Beside the versions: no answer depends on it, so no check could say anything.
    labels_conversations = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "assistants"
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_assistant_per_workspace")]

    def __str__(self) -> str:
        return f"assistant {self.pk}"


class Expectation(models.TextChoices):
    SOURCE = "source"
    HAND_OFF = "hand_off"
    WORDS = "words"


class GoldenQuestion(WorkspaceOwned):
    """A question whose right outcome the team knows. Each new version has to get it right as well."""

    question = models.CharField(max_length=LONGEST_GOLDEN)
    expects = models.CharField(max_length=8, choices=Expectation)
    # Null although it is expected: it was deleted, and no answer is right any more.
    source = models.ForeignKey(Source, models.SET_NULL, null=True, blank=True, related_name="+")
    # What has to stand in the answer, one a line.
    words = models.CharField(max_length=LONGEST_EXPECTED, blank=True)

    class Meta:
        default_related_name = "golden_questions"
        constraints = [models.UniqueConstraint(fields=["workspace", "question"], name="golden_question_once")]

    def __str__(self) -> str:
        return self.question


class GateRun(WorkspaceOwned):
    """One check of a draft against what is in force, case by case. It keeps what it began with: a draft or a question
    that is changed meanwhile makes it worthless, not wrong."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # One case each (`ai/gate.py`). Of a visitor's question it keeps the message's id, never the words.
    results = models.JSONField(default=list)
    # Names the draft, what was in force, and the questions.
    against = models.CharField(max_length=64)
    draft = models.JSONField()
    published = models.JSONField()
    # Moved by each step: one that stands still was left by a process that died.
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "gate_runs"
        indexes = [models.Index(fields=["state", "moved_at"], name="gate_run_by_state")]

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE
