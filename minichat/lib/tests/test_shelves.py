"""Finished files: kept under names of ours, given up with their row, swept when no row speaks of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from minichat.lib import tasks
from minichat.lib.files import Picture, Recipe, Shelf, folders
from minichat.lib.files.shelves import shelves
from minichat.lib.files.sweep import GRACE, sweep

DRAWN = Picture({32: b"small", 64: b"larger"})


class Planted:
    """A shelf, and the keys that some row speaks of."""

    def __init__(self) -> None:
        self.rows: set[str] = set()
        self.asked: list[set[str]] = []
        self.shelf = Shelf("planted", Recipe((32, 64), "cover"), self._in_use)

    def _in_use(self, keys: set[str]) -> set[str]:
        self.asked.append(keys)
        return keys & self.rows


@pytest.fixture
def planted(media: Path) -> Iterator[Planted]:
    yield Planted()
    del shelves["planted"]


def kept(media: Path) -> set[str]:
    """The keys on the shelf."""
    return {path.parent.name for path in media.rglob("*.webp")}


def grow_old(media: Path, age: timedelta = GRACE) -> None:
    moment = (timezone.now() - age - timedelta(seconds=5)).timestamp()
    for path in media.rglob("*"):
        if path.is_file():
            os.utime(path, (moment, moment))


@pytest.mark.pure
def test_SR05_a_key_has_128_random_bits_and_is_all_of_the_name(planted: Planted, media: Path) -> None:
    keys = {planted.shelf.put(DRAWN) for _ in range(20)}
    assert len(keys) == 20 and all(len(key) == 32 and int(key, 16) >= 0 for key in keys)
    one = keys.pop()
    assert (media / "planted" / one[:2] / one / "64.webp").read_bytes() == b"larger"


@pytest.mark.pure
def test_SR47_nobody_else_on_the_machine_reads_the_files(planted: Planted, media: Path) -> None:
    planted.shelf.put(DRAWN)
    modes = {path.stat().st_mode & 0o077 for path in [media, *(media / "planted").rglob("*")]}
    assert modes == {0}


@pytest.mark.pure
def test_only_what_is_on_the_shelf_is_read(planted: Planted) -> None:
    key = planted.shelf.put(DRAWN)
    assert planted.shelf.read(key, 64) == b"larger"
    for wrong, size in [(key, 65), ("0" * 32, 64), (f"../{key[:2]}/{key}", 64), (key.upper() + "\n", 64), ("", 64)]:
        assert planted.shelf.read(wrong, size) is None


@pytest.mark.django_db
def test_a_dropped_file_goes_with_the_commit_and_stays_without_one(
    planted: Planted, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    key = planted.shelf.put(DRAWN)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        planted.shelf.drop(key)
        transaction.set_rollback(True)
    assert kept(media) == {key}
    with django_capture_on_commit_callbacks(execute=True):
        planted.shelf.drop(key)
        planted.shelf.drop("")
    assert kept(media) == set() and not default_storage.exists(planted.shelf.folder(key))
    planted.shelf.remove(key)  # twice is once


@pytest.mark.django_db
def test_SR48_files_without_a_row_go_after_a_day(planted: Planted, media: Path) -> None:
    used, orphan = planted.shelf.put(DRAWN), planted.shelf.put(DRAWN)
    planted.rows = {used}
    (media / "incoming" / "tmp1.upload").write_bytes(b"half")
    assert sweep() == 0
    assert kept(media) == {used, orphan}
    grow_old(media)
    assert sweep() == 2
    assert kept(media) == {used} and list((media / "incoming").iterdir()) == []
    assert sweep() == 0


@pytest.mark.django_db
def test_SR48_the_rows_are_not_asked_about_what_is_young(planted: Planted, media: Path) -> None:
    """A file is written before its row: the sweep in between must not see it."""
    old = planted.shelf.put(DRAWN)
    grow_old(media)
    planted.shelf.put(DRAWN)
    sweep()
    assert set().union(*planted.asked) == {old}


@pytest.mark.django_db
def test_SR48_the_sweep_runs_every_day_and_at_the_start(planted: Planted, media: Path) -> None:
    planted.shelf.put(DRAWN)
    grow_old(media)
    tasks.sweep_files.delay()
    assert kept(media) == set()
    [daily] = [one for one in settings.CELERY_BEAT_SCHEDULE.values() if one["task"] == tasks.sweep_files.name]
    assert len(daily["schedule"].hour) == len(daily["schedule"].minute) == 1
    assert tasks.sweep_files.name in settings.TASKS_AT_START


@pytest.mark.django_db
def test_SR48_a_folder_that_was_never_used_is_swept_too(media: Path) -> None:
    (media / "incoming").rmdir()
    assert sweep() == 0


@pytest.mark.pure
def test_a_folder_that_cannot_be_used_is_named(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folders.unusable() == []
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda folder, right: folder != media / "incoming")
        assert folders.unusable() == [str(media / "incoming")]
    (media / "incoming").rmdir()
    assert folders.unusable() == [str(media / "incoming")]
    folders.prepare()
    assert folders.unusable() == []
