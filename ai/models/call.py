"""What was asked of whom and what it cost: rows that are written once, and the sums that keep to the caps."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ai.models.offer import LONGEST_MODEL
from workspaces.tenancy import WorkspaceOwned


class Purpose(models.TextChoices):
    ANSWER = "answer", _("Answers to visitors")
    REWRITE = "rewrite", _("Questions put in other words")
    SUGGEST = "suggest", _("Suggestions for the team")
    SUMMARY = "summary", _("Summaries")
    PHRASES = "phrases", _("Other ways to ask")
    LABELS = "labels", _("Labels of conversations")
    TEST = "test", _("Test questions")


class CallStatus(models.TextChoices):
    OK = "ok", _("Answered")
    FAILED = "failed", pgettext_lazy("a call of a model", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("a call of a model", "Broken off")


class CostSource(models.TextChoices):
    """Who says what it cost: the provider itself, our list of prices, nobody because it is free, our own guess."""

    REPORTED = "reported", _("as the provider says")
    TABLE = "table", _("by the list of prices")
    ZERO = "zero", _("free")
    ESTIMATED = "estimated", _("estimated")


class AICall(WorkspaceOwned):
    """One attempt at one provider. Nothing that anybody said stands in it."""

    created_at = models.DateTimeField(default=timezone.now)
    conversation = models.ForeignKey("chat.Conversation", models.SET_NULL, null=True, blank=True)
    message = models.ForeignKey("chat.Message", models.SET_NULL, null=True, blank=True)
    purpose = models.CharField(max_length=20)
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=LONGEST_MODEL, blank=True)
    # Counts through one turn: what fell back to the second link has two rows.
    attempt = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=9, choices=CallStatus)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    # The part of `tokens_in` that the provider had read before.
    cached_in = models.PositiveIntegerField(default=0)
    cost_microusd = models.PositiveBigIntegerField(default=0)
    cost_source = models.CharField(max_length=9, choices=CostSource)
    # The day from which the price holds; empty where no price of ours was used.
    price_version = models.CharField(max_length=10, blank=True)
    # Asked with a key of ours: counts against what the plan allows.
    is_platform = models.BooleanField(default=False)
    ttft_ms = models.PositiveIntegerField(null=True, blank=True)
    total_ms = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        default_related_name = "ai_calls"
        indexes = [models.Index(fields=["workspace", "-created_at", "-id"], name="ai_calls_newest")]

    def __str__(self) -> str:
        return f"{self.provider}: {self.status}"


class Spending(WorkspaceOwned):
    """What a workspace has spent since `begins_at`, and what calls under way may still cost.

    The beginning is a moment, not a name: in another time zone another month begins, and with it another row, which is
    filled from the calls that fall into it.
    """

    class Scope(models.TextChoices):
        MONTH = "month"
        DAY = "day"
        # Since the month began, with keys of ours.
        PLAN = "plan"

    scope = models.CharField(max_length=5, choices=Scope)
    begins_at = models.DateTimeField()
    used = models.PositiveBigIntegerField(default=0)
    reserved = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_related_name = "ai_spendings"
        constraints = [models.UniqueConstraint(fields=["workspace", "scope", "begins_at"], name="one_sum_per_period")]

    def __str__(self) -> str:
        return f"{self.scope}: {self.used} + {self.reserved}"


class Held(WorkspaceOwned):
    """Money that a turn under way may spend. Its process may die: after `expires_at` a sweep lets it go."""

    microusd = models.PositiveBigIntegerField(default=0)
    # The part of it that may be spent with keys of ours.
    plan_microusd = models.PositiveBigIntegerField(default=0)
    month = models.ForeignKey(Spending, models.CASCADE, related_name="+")
    day = models.ForeignKey(Spending, models.CASCADE, related_name="+")
    plan = models.ForeignKey(Spending, models.CASCADE, related_name="+", null=True, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        default_related_name = "ai_held"

    def __str__(self) -> str:
        return str(self.microusd)


class VisitorAnswers(WorkspaceOwned):
    """How many turns one visitor had today. `visitor` is a digest: nobody is recognised by it. Kept for two days."""

    visitor = models.CharField(max_length=64)
    begins_at = models.DateTimeField(db_index=True)
    answers = models.PositiveIntegerField(default=0)

    class Meta:
        default_related_name = "ai_visitor_answers"
        constraints = [models.UniqueConstraint(fields=["workspace", "visitor", "begins_at"], name="one_count_per_day")]

    def __str__(self) -> str:
        return str(self.answers)
