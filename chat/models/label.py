from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import WorkspaceOwned

LONGEST_NAME = 40


class Hue(models.IntegerChoices):
    """The six colours of the house (`.h1` … `.h6`)."""

    RED = 1, _("Red")
    AMBER = 2, _("Amber")
    GREEN = 3, _("Green")
    TEAL = 4, _("Teal")
    BLUE = 5, _("Blue")
    PINK = 6, _("Pink")


class Label(WorkspaceOwned):
    """A word of the team's about conversations."""

    name = models.CharField(max_length=LONGEST_NAME)
    # What `name` is compared by: NFC, case folded.
    key = models.CharField(max_length=LONGEST_NAME * 3, editable=False)
    hue = models.PositiveSmallIntegerField(choices=Hue, default=Hue.TEAL)

    class Meta:
        default_related_name = "labels"
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="one_label_per_name")]

    def __str__(self) -> str:
        return self.name


class Labelling(WorkspaceOwned):
    """A label on a conversation. What a conversation's row draws is its copy, `Conversation.label_ids`."""

    conversation = models.ForeignKey("chat.Conversation", models.CASCADE)
    label = models.ForeignKey(Label, models.CASCADE)

    class Meta:
        default_related_name = "labellings"
        constraints = [models.UniqueConstraint(fields=["conversation", "label"], name="one_labelling_per_label")]

    def __str__(self) -> str:
        return f"{self.label_id} on {self.conversation_id}"
