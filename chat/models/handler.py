from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Handler(models.TextChoices):
    """Who answers the visitor."""

    AI = "ai", _("The AI assistant")
    PEOPLE = "people", _("The team")
