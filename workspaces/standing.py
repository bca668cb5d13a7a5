"""How a workspace stands, where that closes a door: moved, suspended, closed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minichat.lib.errors import Forbidden, NotFound


class Moved(NotFound):
    """A member asks for an address that the workspace had; `slug` is the one it has now."""

    def __init__(self, slug: str) -> None:
        super().__init__()
        self.slug = slug


class Shut(NotFound):
    """An owner asks for a workspace that they closed and may still restore. For everybody else it is gone."""


class Suspended(Forbidden):
    """Everything can be read, nothing changed."""

    code = "workspace_suspended"
    message = _("This workspace is suspended: you can read everything, but nothing can be changed.")
    page = "errors/suspended.html"
