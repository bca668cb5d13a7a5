"""What models there are and what they cost: rows of the platform, edited by staff, seeded by a migration."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

LONGEST_MODEL = 120


class ModelOfferQuerySet(models.QuerySet["ModelOffer"]):
    def on(self, day: date) -> ModelOfferQuerySet:
        """Each model as it is on that day: of its rows the last one that has begun."""
        begun = self.model.objects.filter(
            provider=models.OuterRef("provider"), model=models.OuterRef("model"), valid_from__lte=day
        )
        newest = begun.order_by("-valid_from").values("pk")[:1]
        return self.filter(pk=models.Subquery(newest))


class ModelOffer(models.Model):
    """A model from a day on: its name, its price, and whose plan may use it with a key of ours.

    A new price is a new row: what was written down before keeps the price that it had. With a key of its own any
    workspace uses what it likes.
    """

    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=LONGEST_MODEL)
    name = models.CharField(max_length=80)
    # Slugs of plans.
    plans = models.JSONField(default=list, blank=True)
    # Micro-USD per million tokens: 150,000 is 15 cents. No price for cached ones: they cost as much as others.
    price_in = models.PositiveBigIntegerField(default=0)
    price_out = models.PositiveBigIntegerField(default=0)
    price_cached = models.PositiveBigIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    # Off: nobody chooses it any more; what was written down keeps its price.
    is_offered = models.BooleanField(default=True)

    objects: ClassVar[models.Manager[ModelOffer]] = models.Manager.from_queryset(ModelOfferQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["provider", "price_out", "model", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["provider", "model", "valid_from"], name="one_price_per_day")]

    def __str__(self) -> str:
        return self.name


class PlanAllowance(models.Model):
    """For how much a month the workspaces of a plan may use our keys. None: as much as they like."""

    plan = models.OneToOneField("workspaces.Plan", models.CASCADE, related_name="ai_allowance")
    microusd = models.PositiveBigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.plan}: {self.microusd}"
