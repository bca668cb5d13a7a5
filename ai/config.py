"""The assistant in the file of a workspace's settings."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from ai import actions, config_moderation, gate
from ai.assistant import persona_of
from ai.config_moderation import lines_of
from ai.forms_assistant import PersonaForm, TopicForm, initial_of
from ai.persona import MOST_TOPICS, BlockedTopic, Persona, kept, restored
from workspaces.config import Reading, Section
from workspaces.models import Membership, Workspace

TEXTS = ("name", "tone", "particle", "instructions", "custom", "style", "hours")
LABELS = "labels_conversations"
LISTS = ("hand_off_phrases", "blocked_topics")
ROWS = ("blocked_topics", "rules")


class AssistantSettings(Section):
    """What is in force goes out. What comes in is a draft: a file gets around no check."""

    name = "assistant"

    def export(self, workspace: Workspace) -> dict[str, Any]:
        return {**kept(persona_of(workspace)), LABELS: _labels(workspace)}

    def read(self, workspace: Workspace, value: Any, reading: Reading) -> None:
        if not reading.is_object(value, self.name, {*TEXTS, *LISTS, LABELS, *config_moderation.NAMES}):
            return
        _read_labels(workspace, value, reading)
        row = workspace.assistants.select_related("published").first()
        before = kept(gate.draft_of(row))
        wanted = {**self._texts(value, reading), **_phrases(value, reading), **_topics(value, reading)}
        wanted |= config_moderation.read(value, self.name, reading)
        if _compare(before, wanted, reading):
            reading.verbs.append(partial(_save, restored({**before, **wanted})))

    def _texts(self, value: dict[str, Any], reading: Reading) -> dict[str, Any]:
        texts = {name: value[name] for name in TEXTS if name in value}
        return reading.through(PersonaForm({**initial_of(Persona()), **texts}), self.name, texts)


def _labels(workspace: Workspace) -> bool:
    return workspace.assistants.filter(labels_conversations=True).exists()


def _read_labels(workspace: Workspace, value: dict[str, Any], reading: Reading) -> None:
    """Beside the draft, as on the page: in force at once."""
    wanted = value.get(LABELS)
    if LABELS in value and not isinstance(wanted, bool):
        reading.problem(
            f"{AssistantSettings.name}.{LABELS}",
            _("One of these is expected here: %(values)s.") % {"values": "true, false"},
        )
    elif LABELS in value and reading.compare(AssistantSettings.name, {LABELS: _labels(workspace)}, {LABELS: wanted}):
        reading.verbs.append(partial(_set_labels, bool(wanted)))


def _compare(before: dict[str, Any], wanted: dict[str, Any], reading: Reading) -> bool:
    """Topics and rules one by one, so that whoever looks at the changes can read them."""
    plain = {name: value for name, value in wanted.items() if name not in ROWS}
    differs = bool(reading.compare(AssistantSettings.name, before, plain))
    for name in (one for one in ROWS if one in wanted):
        was, will = (_named(name, settings[name]) for settings in (before, wanted))
        differs |= bool(reading.compare(AssistantSettings.name, was, {**dict.fromkeys(was), **will}))
    return differs


def _named(name: str, rows: list[dict[str, Any]]) -> dict[str, str]:
    return {f"{name}[{at}]": _line(one) for at, one in enumerate(rows)}


def _line(row: dict[str, Any]) -> str:
    named = f"{row['name']}: " if "name" in row else ""
    return f"{named}{', '.join(row['words'])} → {row['reply'] or row['act']}"


def _phrases(value: dict[str, Any], reading: Reading) -> dict[str, Any]:
    if "hand_off_phrases" not in value:
        return {}
    path = f"{AssistantSettings.name}.hand_off_phrases"
    lines = lines_of(value["hand_off_phrases"], path, reading)
    form = PersonaForm({**initial_of(Persona()), "hand_off_phrases": lines})
    for error in form.errors.get("hand_off_phrases", ()):
        reading.problem(path, str(error))
    return {"hand_off_phrases": list(form.cleaned_data.get("hand_off_phrases", ()))}


def _topics(value: dict[str, Any], reading: Reading) -> dict[str, Any]:
    if "blocked_topics" not in value:
        return {}
    path = f"{AssistantSettings.name}.blocked_topics"
    entries = value["blocked_topics"]
    if not isinstance(entries, list):
        reading.problem(path, _("A list in square brackets is expected here."))
        return {}
    if len(entries) > MOST_TOPICS:
        reading.problem(path, _("At most %(limit)d topics are possible.") % {"limit": MOST_TOPICS})
        return {}
    topics = [topic for at, one in enumerate(entries) if (topic := _topic(one, f"{path}[{at}]", reading))]
    return {"blocked_topics": kept(Persona(blocked_topics=tuple(topics)))["blocked_topics"]}


def _topic(entry: Any, path: str, reading: Reading) -> BlockedTopic | None:
    if not reading.is_object(entry, path, {"words", "reply"}):
        return None
    words = lines_of(entry.get("words", []), f"{path}.words", reading)
    reply = entry.get("reply", "")
    if not isinstance(reply, str):
        reading.problem(f"{path}.reply", _("A text in quotes is expected here."))
        return None
    form = TopicForm({"words": words, "reply": reply})
    for name, errors in form.errors.items():
        for error in errors:
            reading.problem(f"{path}.{name}", str(error))
    return form.topic if form.is_valid() else None


def _set_labels(is_on: bool, by: Membership) -> None:
    actions.set_labelling(by, is_on=is_on)


def _save(persona: Persona, by: Membership) -> None:
    actions.save_draft(by, persona)
