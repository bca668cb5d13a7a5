from __future__ import annotations

from django.db import models

from workspaces.tenancy import WorkspaceOwned


class Budget(WorkspaceOwned):
    """Up to which sum a workspace lets models answer. None: no cap.

    Caps are typed in the workspace's currency and kept in micro-USD as well, at the rate of that day: a cap does not
    move with the exchange.
    """

    currency = models.CharField(max_length=3)
    # Units of the currency for one US dollar.
    rate = models.DecimalField(max_digits=14, decimal_places=4)
    monthly_cap = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    daily_cap = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    monthly_microusd = models.PositiveBigIntegerField(null=True, blank=True)
    daily_microusd = models.PositiveBigIntegerField(null=True, blank=True)
    answers_per_visitor = models.PositiveIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "ai_budgets"
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_budget")]

    def __str__(self) -> str:
        return f"{self.monthly_cap} {self.currency}"
