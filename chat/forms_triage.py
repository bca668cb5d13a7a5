"""What an act on conversations needs besides them, one reader for each verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from chat import frames, snooze
from chat.models import Priority
from minichat.lib.errors import Invalid, NotFound
from workspaces.models import Membership

MOST_AT_ONCE = 20
Reader = Callable[[Any, Membership], dict[str, Any]]


def ids(value: Any) -> list[UUID]:
    """A list of ids; a form sends it with commas."""
    values = value.split(",") if isinstance(value, str) else value
    if not isinstance(values, list) or len(values) > 500:
        raise Invalid
    return [frames.uuid(one) for one in values]


def params(verb: str, data: Any, by: Membership) -> dict[str, Any]:
    """Raises `Invalid` for what cannot be, `NotFound` for members and labels that are not theirs."""
    if verb not in READERS:
        raise Invalid
    return READERS[verb](data, by)


def _nothing(data: Any, by: Membership) -> dict[str, Any]:
    return {}


def _until(data: Any, by: Membership) -> dict[str, Any]:
    return {"until": snooze.moment(data).isoformat()}


def _assignee(data: Any, by: Membership) -> dict[str, Any]:
    if data in (None, ""):
        return {"assignee": None}
    pk = frames.uuid(data)
    row = by.workspace.memberships.filter(pk=pk, deactivated_at=None).first()
    if row is None:
        raise NotFound
    if not row.can_reply():
        raise Invalid
    return {"assignee": str(pk)}


def _priority(data: Any, by: Membership) -> dict[str, Any]:
    if not isinstance(data, str) or data.upper() not in Priority.names:
        raise Invalid
    return {"priority": int(Priority[data.upper()])}


def _labels(data: Any, by: Membership) -> dict[str, Any]:
    """`{"add": […], "remove": […]}`."""
    data = data if isinstance(data, dict) else {}
    add, remove = (ids(data.get(name, []))[:MOST_AT_ONCE] for name in ("add", "remove"))
    if by.workspace.labels.filter(pk__in={*add, *remove}).count() != len({*add, *remove}):
        raise NotFound
    return {"add": [str(pk) for pk in dict.fromkeys(add)], "remove": [str(pk) for pk in dict.fromkeys(remove)]}


READERS: dict[str, Reader] = {
    "close": _nothing,
    "open": _nothing,
    "snooze": _until,
    "assign": _assignee,
    "priority": _priority,
    "label": _labels,
    "block": _nothing,
}
