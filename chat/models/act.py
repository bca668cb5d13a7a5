from __future__ import annotations

from django.db import models
from django.utils import timezone

from workspaces.tenancy import WorkspaceOwned


class TriageAct(WorkspaceOwned):
    """Something one member did to one conversation or to many, and all that is needed to take it back at once."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    membership = models.ForeignKey("workspaces.Membership", models.CASCADE)
    verb = models.CharField(max_length=12)
    # What the verb needs besides conversations, as plain values.
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0)
    # Ids that are still to come, and what was done: [id, what it was, what it became].
    pending = models.JSONField(default=list)
    changed = models.JSONField(default=list)
    # How many of `changed` there were at its end, and how many of them an undo could not give back.
    kept = models.PositiveIntegerField(default=0)
    # Moved by each batch: one that stands still was left by a process that died.
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "triage_acts"
        indexes = [models.Index(fields=["state", "moved_at"], name="act_by_state")]

    def __str__(self) -> str:
        return f"{self.verb} {self.total}"

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.RUNNING, self.State.UNDOING)
