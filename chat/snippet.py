"""The line that an owner pastes into a page."""

from __future__ import annotations

from django.conf import settings

from chat.models import Inbox

SNIPPET = '<script async src="{base}/widget.js" data-key="{key}"{color}></script>'


def snippet(inbox: Inbox) -> str:
    """The colour stands in it because the button is drawn before the widget's page is asked for anything."""
    color = f' data-color="{inbox.color}"' if inbox.color else ""
    return SNIPPET.format(base=settings.BASE_URL, key=inbox.widget_key, color=color)
