from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q

from workspaces.tenancy import WorkspaceOwned

if TYPE_CHECKING:
    from workspaces.models import Membership

LONGEST_VIEW_NAME = 40


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def usable_by(self, membership: Membership) -> SavedViewQuerySet:
        """The team's and one's own, the team's first."""
        return self.filter(Q(is_shared=True) | Q(owner=membership)).in_menu_order()

    def in_menu_order(self) -> SavedViewQuerySet:
        return self.order_by("-is_shared", "name", "created_at")


class SavedView(WorkspaceOwned):
    """A filtered list with a name. Its owner made it; the whole team uses it when it is shared."""

    owner = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True)
    name = models.CharField(max_length=LONGEST_VIEW_NAME)
    is_shared = models.BooleanField(default=False)
    # The address it stands for, as `chat/filters.py` writes it: "tab=open&label=…&sort=priority".
    query = models.CharField(max_length=1000, blank=True)

    unscoped: ClassVar[Any] = SavedViewQuerySet.as_manager()

    class Meta:
        default_related_name = "saved_views"

    def __str__(self) -> str:
        return self.name
