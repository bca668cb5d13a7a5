"""Everything about a person in one JSON file: built in the background, handed out for a day (SR-61)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accounts import holders
from accounts.models import DataExport, User

VERSION = 1
# A build that has said nothing for so long died with its process.
STALE = timedelta(minutes=5)
MOST_ATTEMPTS = 3


def build(export: DataExport) -> DataExport:
    """Written to a file first, piece by piece: a person of many messages needs no more memory than another."""
    with tempfile.TemporaryFile("w+b") as file:
        for piece in _pieces(export.user):
            file.write(piece.encode())
        file.seek(0)
        # The row named the path before the file was there, so that whatever happens the sweep finds it.
        _write(export.path, file)
        export.size = default_storage.size(export.path)
    export.ready_at = timezone.now()
    export.save(update_fields=["size", "ready_at"])
    return export


def drop(export: DataExport) -> None:
    path = export.path
    export.delete()
    transaction.on_commit(lambda: default_storage.delete(path), robust=True)


def claim(pk: str) -> DataExport | None:
    """For one builder at a time: a task that was queued twice, or the sweep beside it, finds it taken."""
    now = timezone.now()
    open_ones = DataExport.objects.filter(pk=pk, ready_at=None, attempts__lt=MOST_ATTEMPTS)
    with transaction.atomic():
        export = open_ones.select_for_update().select_related(None).first()
        if export is None or (export.begun_at is not None and export.begun_at > now - STALE):
            return None
        export.begun_at, export.attempts = now, export.attempts + 1
        export.save(update_fields=["begun_at", "attempts"])
    return export


def unfinished() -> list[str]:
    stale = DataExport.objects.filter(ready_at=None, attempts__lt=MOST_ATTEMPTS, created_at__lt=timezone.now() - STALE)
    return [str(pk) for pk in stale.values_list("pk", flat=True)]


def expired() -> list[DataExport]:
    return list(DataExport.objects.filter(created_at__lt=timezone.now() - DataExport.LIFE))


def _write(path: str, file: IO[bytes]) -> None:
    """A second attempt replaces what the first one left."""
    if default_storage.exists(path):
        default_storage.delete(path)
    saved = default_storage.save(path, File(file))
    if saved != path:
        raise OSError(f"stored as {saved}")


def _pieces(user: User) -> Iterator[str]:
    yield '{\n"minichat_export": ' + _json({"version": VERSION, "made_at": timezone.now()})
    for name, value in holders.sections(user):
        yield f",\n{_json(name)}: "
        if isinstance(value, Iterator):
            yield "["
            for number, row in enumerate(value):
                yield (",\n" if number else "\n") + _json(row)
            yield "\n]"
        else:
            yield _json(value)
    yield "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
