"""How often one member may have something asked of a model, which costs."""

from __future__ import annotations

from minichat.lib import throttle
from workspaces.models import Membership

ASKED, SECONDS = 40, 10 * 60


def spend(by: Membership) -> None:
    """Raises `RateLimited`."""
    throttle.hit("ai-desk", str(by.pk), ASKED, SECONDS)
