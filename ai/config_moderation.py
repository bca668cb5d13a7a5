"""The rules of moderation in the file of a workspace's settings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ai.forms_moderation import RuleForm
from ai.persona import MOST_RULES, Persona, Ready, Rule, kept
from workspaces.config import Reading

NAMES = ("ready", "rules", "asks_provider")


def read(value: dict[str, Any], path: str, reading: Reading) -> dict[str, Any]:
    """The part of them that stands in the file, as a persona is kept."""
    return {**_ready(value, path, reading), **_rules(value, path, reading), **_switch(value, path, reading)}


def lines_of(value: Any, path: str, reading: Reading) -> str:
    """A list of texts as the form's lines."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        reading.problem(path, _("A list of texts is expected here."))
        return ""
    return "\n".join(" ".join(one.split()) for one in value)


# --- Inside -----------------------------------------------------------------------------------------------------------


def _ready(value: dict[str, Any], path: str, reading: Reading) -> dict[str, Any]:
    if "ready" not in value:
        return {}
    wanted = lines_of(value["ready"], f"{path}.ready", reading).splitlines()
    for one in set(wanted) - set(Ready):
        reading.problem(f"{path}.ready", _("There is no list “%(name)s”.") % {"name": one[:100]})
    return {"ready": [one.value for one in Ready if one in wanted]}


def _rules(value: dict[str, Any], path: str, reading: Reading) -> dict[str, Any]:
    if "rules" not in value:
        return {}
    entries = value["rules"]
    if not isinstance(entries, list):
        reading.problem(f"{path}.rules", _("A list in square brackets is expected here."))
        return {}
    if len(entries) > MOST_RULES:
        reading.problem(f"{path}.rules", _("At most %(limit)d rules are possible.") % {"limit": MOST_RULES})
        return {}
    rules = [rule for at, one in enumerate(entries) if (rule := _rule(one, f"{path}.rules[{at}]", reading))]
    return {"rules": kept(Persona(rules=tuple(rules)))["rules"]}


def _rule(entry: Any, path: str, reading: Reading) -> Rule | None:
    if not reading.is_object(entry, path, {"name", "words", "act", "reply"}):
        return None
    texts = {name: entry.get(name, "") for name in ("name", "act", "reply")}
    for name, text in texts.items():
        if not isinstance(text, str):
            reading.problem(f"{path}.{name}", _("A text in quotes is expected here."))
            return None
    form = RuleForm({**texts, "words": lines_of(entry.get("words", []), f"{path}.words", reading)})
    for name, errors in form.errors.items():
        for error in errors:
            reading.problem(f"{path}.{name}", str(error))
    return form.rule if form.is_valid() else None


def _switch(value: dict[str, Any], path: str, reading: Reading) -> dict[str, Any]:
    if "asks_provider" not in value:
        return {}
    if not isinstance(value["asks_provider"], bool):
        reading.problem(f"{path}.asks_provider", _("True or false is expected here."))
        return {}
    return {"asks_provider": value["asks_provider"]}
