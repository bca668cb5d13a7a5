"""Removes files that no row speaks of: a process may die between writing a file and committing its row (SR-48)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from minichat.lib.files.shelves import Drawers, shelves

logger = logging.getLogger(__name__)

GRACE = timedelta(hours=24)


def sweep(now: datetime | None = None) -> int:
    """How many were removed. What is younger than a day may belong to somebody who is not done yet."""
    before = (now or timezone.now()) - GRACE
    removed = sum(_sweep_shelf(shelf, before) for shelf in shelves.values()) + _sweep_uploads(before)
    if removed:
        logger.info("removed %s files that nothing needs", removed)
    return removed


def _sweep_shelf(shelf: Drawers, before: datetime) -> int:
    removed = 0
    for keys in _drawers(shelf):
        old = {key for key in keys if _is_older(shelf, key, before)}
        for key in old - shelf.in_use(old):
            shelf.remove(key)
            removed += 1
    return removed


def _drawers(shelf: Drawers) -> Iterator[list[str]]:
    """The keys of a shelf, some at a time."""
    if default_storage.exists(shelf.name):
        for letters in default_storage.listdir(shelf.name)[0]:
            yield default_storage.listdir(f"{shelf.name}/{letters}")[0]


def _is_older(shelf: Drawers, key: str, before: datetime) -> bool:
    folder = shelf.folder(key)
    names = default_storage.listdir(folder)[1]
    return all(default_storage.get_modified_time(f"{folder}/{name}") < before for name in names)


def _sweep_uploads(before: datetime) -> int:
    """What a process that was killed had received so far. Always a folder of this machine."""
    removed = 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*"):
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed
