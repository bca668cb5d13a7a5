from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    return {
        "MINICHAT_MODE": settings.MINICHAT_MODE,
        "SIGNUPS_OPEN": settings.SIGNUPS == "open",
        "DEMO": settings.DEMO,
        "OPERATOR": settings.OPERATOR_NAME,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "BASE_URL": settings.BASE_URL,
    }
