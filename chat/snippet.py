"""The line that an owner pastes into a page."""

from __future__ import annotations

from django.conf import settings
from django.utils.html import escape

from chat.models import Inbox
from chat.widget import loaders

SNIPPET = '<script async src="{src}" data-key="{key}"{more}></script>'


def snippet(inbox: Inbox) -> str:
    """Colour and button stand in it because they are drawn before the widget's page is asked for anything."""
    return _tag(inbox, f"{settings.BASE_URL}/widget.js")


def pinned_snippet(inbox: Inbox) -> str:
    """The same with a version that never changes, and its hash for the browser to check."""
    version = loaders.publish()
    src = f"{settings.BASE_URL}/widget/v1/{version.digest}.js"
    return _tag(inbox, src, f' integrity="{version.integrity}" crossorigin="anonymous"')


def _tag(inbox: Inbox, src: str, check: str = "") -> str:
    chosen = {"color": inbox.color, "lang": inbox.language, **inbox.looks.attributes()}
    if inbox.rules:
        chosen["preload"] = "true"  # they are evaluated in the widget's page
    more = "".join(f' data-{name}="{escape(value)}"' for name, value in chosen.items() if value)
    return SNIPPET.format(src=src, key=inbox.widget_key, more=more + check)
