"""Lines of the audit log as sentences, in the reader's language. Labels were copied when it happened."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from workspaces.events import event_named
from workspaces.models import AuditEntry
from workspaces.roles import Role

# A membership's label names its role in the language of machines.
ROLE_TAIL = re.compile(rf" \(({'|'.join(Role.values)})\)")
FIELDS = {
    "name": gettext_lazy("name"),
    "slug": gettext_lazy("address"),
    "timezone": gettext_lazy("time zone"),
    "currency": gettext_lazy("currency"),
    "locale": gettext_lazy("language"),
    "era": gettext_lazy("years in Thai"),
}
NOTHING = "–"  # noqa: RUF001  a dash, for what an old line does not tell


def sentence(entry: AuditEntry) -> str:
    """A line of a kind that we no longer know is shown by its name; what it does not tell is a dash."""
    event = event_named(entry.action)
    if event is None or not event.says:
        return entry.action
    return str(event.says) % _Words(entry)


def actor(entry: AuditEntry) -> str:
    return ROLE_TAIL.sub("", entry.actor_label) or "MiniChat"


def target(entry: AuditEntry) -> str:
    return ROLE_TAIL.sub("", entry.target_label)


class _Words(dict[str, str]):
    def __init__(self, entry: AuditEntry) -> None:
        told = {key: _word(key, value) for key, value in entry.data.items()}
        super().__init__({**told, "actor": actor(entry), "target": target(entry) or NOTHING})

    def __missing__(self, key: str) -> str:
        return NOTHING


def _word(key: str, value: Any) -> str:
    if key == "assignee_name" and value is None:
        return pgettext("assigned to", "nobody")
    if key in {"role", "before", "after"} and value in Role.values:
        return str(Role(value).label)
    if key == "fields" and isinstance(value, list):
        return ", ".join(str(FIELDS.get(name, name)) for name in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return NOTHING if value is None else str(value)
