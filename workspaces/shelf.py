"""Where workspaces' logos are kept."""

from __future__ import annotations

from django.apps import apps

from minichat.lib.files import Recipe, Shelf


def _in_use(keys: set[str]) -> set[str]:
    return set(apps.get_model("workspaces", "Workspace").objects.filter(logo__in=keys).values_list("logo", flat=True))


LOGOS = Shelf("logos", Recipe((128, 256), "contain"), _in_use)
