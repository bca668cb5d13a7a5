"""The demo: made-up people, shops and conversations, so that every page has something to show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# What rooms above the chat add: each is asked with a workspace of the demo, every time, and leaves alone what is there.
further: list[Callable[[Any], None]] = []
