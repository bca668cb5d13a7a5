from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from workspaces.tenancy import WorkspaceOwned


class Outcome(models.TextChoices):
    ANSWERED = "answered"
    ASKED_BACK = "asked_back"
    # Said what is said to greetings, thanks and blocked topics: nothing was looked up.
    REPLIED = "replied"
    HANDED_OFF = "handed_off"
    # A person, or the visitor's next message, was faster.
    LATE = "late"


class AnswerQuerySet(models.QuerySet["Answer"]):
    def unanswered(self) -> AnswerQuerySet:
        """Questions that the knowledge has no answer to, and that nobody has dealt with."""
        return self.filter(is_gap=True)

    def judged_since(self, moment: datetime) -> AnswerQuerySet:
        return self.filter(judged_at__gte=moment)


class Answer(WorkspaceOwned):
    """What the assistant made of one message of a visitor's, and why."""

    conversation = models.ForeignKey("chat.Conversation", models.CASCADE)
    question = models.OneToOneField("chat.Message", models.CASCADE, related_name="ai_answer")
    # What it said; None where it said nothing.
    message = models.ForeignKey("chat.Message", models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    # A word of `chat/handoffs.py`, for hand-offs.
    reason = models.CharField(max_length=12, blank=True)
    confidence = models.FloatField(default=0.0)
    # Why: [{"title", "source", "points", "words"}], best first.
    hits = models.JSONField(default=list, blank=True)
    # The model that said it, if one did: {"provider", "model", "cost" in millionths of a dollar}.
    made_by = models.JSONField(default=dict, blank=True)
    # The settings it answered with; none for the standard ones.
    version = models.ForeignKey("ai.AssistantVersion", models.SET_NULL, null=True, blank=True)
    # The knowledge has no answer to this. False again once somebody has written one, or does not want to.
    is_gap = models.BooleanField(default=False)
    # What a colleague made of it under "Why this answer?": True for good, False for poor. A poor one is a gap, too.
    was_helpful = models.BooleanField(null=True, blank=True)
    judged_by = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)
    # It was a gap before anybody judged it, and stays one when that is taken back.
    was_gap = models.BooleanField(default=False)

    unscoped: ClassVar[Any] = AnswerQuerySet.as_manager()

    class Meta:
        default_related_name = "ai_answers"
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="ai_gaps", condition=Q(is_gap=True)),
            models.Index(fields=["workspace", "-judged_at"], name="ai_judged", condition=Q(judged_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.confidence:.2f}"

    @property
    def is_poor(self) -> bool:
        """A colleague said so."""
        return self.was_helpful is False
