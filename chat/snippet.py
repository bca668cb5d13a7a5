"""The line that an owner pastes into a page."""

from __future__ import annotations

from django.conf import settings

from chat.models import Inbox

SNIPPET = '<script async src="{base}/widget.js" data-key="{key}"{more}></script>'


def snippet(inbox: Inbox) -> str:
    """Colour and language stand in it because the button is drawn before the widget's page is asked for anything."""
    chosen = {"color": inbox.color, "lang": inbox.language}
    more = "".join(f' data-{name}="{value}"' for name, value in chosen.items() if value)
    return SNIPPET.format(base=settings.BASE_URL, key=inbox.widget_key, more=more)
