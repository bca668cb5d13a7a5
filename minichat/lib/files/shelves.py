"""Where finished files are kept, behind Django's storage: a folder on this machine today, a bucket tomorrow.

A file's place is ours alone: shelf, two letters, 128 random bits, and a name of ours. The random part stands in a row
of the room that owns the shelf, and whoever changes the row calls `put` and `drop`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from minichat.lib.files.pictures import EXTENSION, Picture, Recipe

KEY_LENGTH = 32  # hexadecimal digits; a column that holds one is that long
_KEY = re.compile(r"[0-9a-f]{32}")

shelves: dict[str, Drawers] = {}


class Drawers:
    """What all shelves can do. `in_use` is handed keys and answers with those that a row still speaks of: the sweep
    asks it.
    """

    name: str
    in_use: Callable[[set[str]], set[str]]

    def __post_init__(self) -> None:
        shelves[self.name] = self

    def store(self, files: Mapping[str, bytes]) -> str:
        """Write them and return their key. If the transaction around fails, the sweep takes the files away again."""
        key = secrets.token_hex(KEY_LENGTH // 2)
        for name, data in files.items():
            default_storage.save(f"{self.folder(key)}/{name}", ContentFile(data))
        return key

    def drop(self, key: str) -> None:
        """Remove the files behind `key` once the change that gave them up has been committed."""
        if key:
            transaction.on_commit(partial(self.remove, key), robust=True)

    def remove(self, key: str) -> None:
        folder = self.folder(key)
        for name in default_storage.listdir(folder)[1] if default_storage.exists(folder) else []:
            default_storage.delete(f"{folder}/{name}")
        default_storage.delete(folder)

    def folder(self, key: str) -> str:
        return f"{self.name}/{key[:2]}/{key}"


@dataclass(frozen=True)
class Shelf(Drawers):
    """Pictures of one sort that everybody may see who knows their address, such as a visitor."""

    name: str
    recipe: Recipe
    in_use: Callable[[set[str]], set[str]]

    def put(self, picture: Picture) -> str:
        return self.store({f"{size}{EXTENSION}": data for size, data in picture.drawn.items()})

    def path(self, key: str, size: int) -> str:
        return f"{self.folder(key)}/{size}{EXTENSION}"

    def url(self, key: str, size: int) -> str | None:
        """The lasting address of a picture, or None where there is none."""
        return reverse("picture", args=[self.name, key, size]) if key else None

    def read(self, key: str, size: int) -> bytes | None:
        if size not in self.recipe.sizes or not _KEY.fullmatch(key):
            return None
        try:
            with default_storage.open(self.path(key, size)) as file:
                return file.read()
        except FileNotFoundError:
            return None


@dataclass(frozen=True)
class PrivateShelf(Drawers):
    """Files that have no address of their own: `links.link_to` hands one out, to somebody who was asked (SR-47)."""

    name: str
    in_use: Callable[[set[str]], set[str]]

    def path(self, key: str, file: str) -> str:
        return f"{self.folder(key)}/{file}"
