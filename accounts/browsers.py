"""What a browser calls itself, in words that its owner recognises."""

from __future__ import annotations

import re

# In this order: Edge and Opera also say Chrome, Chrome also says Safari.
BROWSERS = [
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("LINE", r"\bLine/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
]
SYSTEMS = [
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
]
HANDHELD = {"iPhone", "iPad", "Android"}


def browser(agent: str) -> str:
    """ "Chrome", or nothing when it is none that we know."""
    return _first(BROWSERS, agent)


def system(agent: str) -> str:
    return _first(SYSTEMS, agent)


def _first(names: list[tuple[str, str]], agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, agent)), "")
