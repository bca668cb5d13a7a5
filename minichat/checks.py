"""System checks: what can be said only when the settings stand. `manage.py check` and the server's start run them."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.checks import Error, Warning, register

from minichat.lib.files import folders


@register
def one_process_without_redis(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Channel layer, cache, limits and queue of the embedded mode live in one process."""
    wanted = os.environ.get("WEB_CONCURRENCY", "1")
    if settings.REDIS_URL or not wanted.isdigit() or int(wanted) < 2:
        return []
    return [
        Error(
            f"WEB_CONCURRENCY asks for {wanted} processes, but without REDIS_URL they would not hear each other.",
            hint="Set REDIS_URL, or run one process.",
            id="minichat.E001",
        )
    ]


@register
def local_mode_stays_local(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Demo data, readable mail and open doors belong to one machine."""
    if not settings.LOCAL or set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]", "testserver"}:
        return []
    return [
        Error(
            "Local mode answers to this machine's own names only.",
            hint="Leave ALLOWED_HOSTS out, or use MINICHAT_MODE=selfhost.",
            id="minichat.E002",
        )
    ]


@register
def files_can_be_kept(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Said at the start, not by the first person who uploads something."""
    return [
        Error(
            f"The folder {folder} cannot be written to, so no file could be kept.",
            hint="Give this user the right to write there, or set MEDIA_ROOT to another folder.",
            id="minichat.E003",
        )
        for folder in folders.unusable()
    ]


@register
def configuration_warnings(app_configs: Any, **kwargs: Any) -> list[Warning]:
    return [Warning(text, id="minichat.W001") for text in settings.CONFIG_WARNINGS]
