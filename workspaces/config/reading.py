"""From the text of a file to plain values, or to the places where it is wrong (SR-64)."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from minichat.lib.text import clean
from workspaces.config.changes import Problem

FORMAT, VERSION = "minichat-workspace", 1
MOST_BYTES = 512 * 1024
MOST_DEPTH = 20
MOST_KEYS = 20_000
# The head of a file; everything else is a section.
HEAD = {"format", "version", "exported_at", "workspace_address"}


class Unreadable(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.path)
        self.problem = problem


def parse(text: str) -> dict[str, Any]:
    """The object in `text`, its texts cleaned; raises `Unreadable` with the first thing that is wrong."""
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise _unreadable("", _("The file is larger than 512 KB. A file of settings is much smaller."))
    try:
        data = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_no_twins, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = _("line %(line)d, column %(column)d") % {"line": error.lineno, "column": error.colno}
        raise _unreadable(place, _("This is not JSON: %(error)s.") % {"error": error.msg}) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable("", _("This is not a file of settings.")) from error
    if not isinstance(data, dict):
        raise _unreadable("", _("This is not a file of settings."))
    return _Cleaner().clean(data, "", 1)


def head_problems(data: dict[str, Any]) -> list[Problem]:
    if data.get("format") != FORMAT:
        return [Problem("format", _("This is not a file of settings of MiniChat."))]
    version = data.get("version")
    if version != VERSION or isinstance(version, bool):
        return [Problem("version", _("This installation reads version %(n)d.") % {"n": VERSION})]
    return []


class _Cleaner:
    def __init__(self) -> None:
        self.keys = 0

    def clean(self, value: Any, path: str, depth: int) -> Any:
        if depth > MOST_DEPTH:
            raise _unreadable(path, _("This is nested too deeply."))
        if isinstance(value, str):
            return clean(value)
        if isinstance(value, dict):
            self._count(len(value), path)
            return {
                clean(key): self.clean(one, f"{path}.{key}"[:200].lstrip("."), depth + 1) for key, one in value.items()
            }
        if isinstance(value, list):
            self._count(len(value), path)
            return [self.clean(one, f"{path}[{number}]"[:200], depth + 1) for number, one in enumerate(value)]
        return value

    def _count(self, more: int, path: str) -> None:
        self.keys += more
        if self.keys > MOST_KEYS:
            raise _unreadable(path, _("There is too much in this file."))


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two keys of one name the last would win, and nobody would see it."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise _unreadable(twin[:100], _("This name stands here twice."))
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _unreadable(path: str, text: str) -> Unreadable:
    return Unreadable(Problem(path, text))
