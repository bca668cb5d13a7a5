"""The two folders of this machine: finished files, and what is being received."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def prepare() -> None:
    """Make them. What stands in the way is told by the system check, in a sentence."""
    for folder in (settings.MEDIA_ROOT, settings.FILE_UPLOAD_TEMP_DIR):
        with suppress(OSError):
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)


def unusable() -> list[str]:
    folders = [Path(settings.MEDIA_ROOT), Path(settings.FILE_UPLOAD_TEMP_DIR)]
    return [
        str(folder) for folder in folders if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    ]
