from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.urls import NoReverseMatch, reverse


@register
def mail_is_readable_in_local_mode_only(app_configs: Any, **kwargs: Any) -> list[Error]:
    """`/dev/mail/` shows every code and link to whoever asks."""
    if settings.LOCAL:
        return []
    try:
        reverse("dev-mail")
    except NoReverseMatch:
        return []
    return [
        Error("/dev/mail/ is routed outside local mode.", hint="Route it under settings.LOCAL.", id="minichat.E003")
    ]
