"""Where people's photos are kept."""

from __future__ import annotations

from django.apps import apps

from minichat.lib.files import Recipe, Shelf


def _in_use(keys: set[str]) -> set[str]:
    return set(apps.get_model("accounts", "User").objects.filter(avatar__in=keys).values_list("avatar", flat=True))


AVATARS = Shelf("avatars", Recipe((32, 64, 128, 256), "cover"), _in_use)
