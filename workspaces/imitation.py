"""Nobody takes a colleague's name: visitors trust it, and so does the team (SR-43)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.names import likeness
from workspaces.access import memberships_of
from workspaces.models import Membership


def check(user: User, name: str) -> str:
    """A sentence when somebody active in one of the person's workspaces is called like this already."""
    wanted = likeness(name)
    if not wanted or wanted == likeness(user.name):
        return ""
    mine = [row.workspace_id for row in memberships_of(user)]
    others = Membership.unscoped.active().filter(workspace__in=mine).exclude(user=user)
    names = others.values_list("user__name", flat=True).distinct()
    if any(likeness(other) == wanted for other in names.iterator()):
        return _("Somebody on your team has this name. Add what tells you apart, like a last name.")
    return ""
