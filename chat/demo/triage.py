"""The demo's team has sorted its conversations: labels, priorities, views, one put aside, one visitor blocked."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from django.utils import timezone

from chat import actions, filters, snooze
from chat.demo.history import Team
from chat.models import Conversation
from workspaces.models import Membership, Workspace

SORTED = Path(__file__).parent / "triage.toml"


def sort_out(workspace: Workspace, team: Team) -> None:
    """By words that occur in a talk, so that the talks themselves stay plain to read."""
    told = tomllib.loads(SORTED.read_text(encoding="utf-8")).get(workspace.slug)
    if told is None:
        return
    by = team[told["by"]]
    labels = {name: actions.create_label(by, name=name, hue=hue) for name, hue in told["labels"].items()}
    for one in told["view"]:
        pairs = [("label", str(labels[name].pk)) for name in one.get("labels", [])]
        query = filters.read_text(urlencode([*pairs, *one.get("query", {}).items()])).query
        actions.add_view(by, name=one["name"], query=query, is_shared=True)
    for one in told["talk"]:
        for conversation in _saying(workspace, one["says"]):
            wanted = [str(labels[name].pk) for name in one.get("labels", [])]
            if wanted:
                actions.perform(by, "label", {"add": wanted, "remove": []}, [conversation.pk])
            if "priority" in one:
                actions.perform(by, "priority", {"priority": one["priority"]}, [conversation.pk])
            if one.get("blocked"):
                actions.block(conversation, by=by)
            if "snoozed" in one:
                _put_aside(conversation, by, one["snoozed"])


def _saying(workspace: Workspace, words: str) -> list[Conversation]:
    return list(workspace.conversations.filter(messages__body__contains=words).distinct()[:1])


def _put_aside(conversation: Conversation, by: Membership, key: str) -> None:
    times = {row["key"]: row["until"] for row in snooze.offered()}
    until = times.get(key) or (timezone.now() + timedelta(hours=5)).isoformat()
    actions.perform(by, "snooze", {"until": until}, [conversation.pk])
