"""Frames: from the picture in a push to the text on the wire, once per group and language."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from chat import partials, snapshots
from chat.snapshots import Picture
from notifications import pictures


def draw(frame: str, data: dict[str, Any], language: str) -> str:
    return FRAMES[frame](data, language)


def _draw_json(data: Picture, language: str) -> str:
    return snapshots.to_json(data)


def _draw_viewing(data: Picture, language: str) -> str:
    return snapshots.to_json({key: value for key, value in data.items() if key != "asks"})


def _draw_message(data: Picture, language: str) -> str:
    message = data["message"]
    frame = {key: message[key] for key in ("conversation", "seq", "id", "client_id", "position", "kind")}
    html = partials.message(message, language, data["timezone"], data["era"])
    return snapshots.to_json({"type": "message", "prev": message["seq"] - 1, **frame, "html": html})


def _draw_row(data: Picture, language: str) -> str:
    row = data["row"]
    frame = {key: row[key] for key in ("conversation", "status", "waiting", "inbound", "position", "at")}
    frame["assignee"] = row["assignee"] and row["assignee"]["id"]
    html = partials.row(row, language, data["timezone"], data["era"], slug=data["slug"])
    return snapshots.to_json({"type": "row", **frame, "html": html})


def _draw_head(data: Picture, language: str) -> str:
    html = partials.head(data["head"], language, data["timezone"], data["era"], slug=data["slug"])
    return snapshots.to_json({"type": "head", "conversation": data["head"]["conversation"]["id"], "html": html})


def _draw_notification(data: Picture, language: str) -> str:
    with translation.override(language):
        entry = pictures.entry(data["notification"])
    frame = {"id": entry["id"], "target": entry["target"], "text": entry["sentence"], "url": entry["url"]}
    html = pictures.html(entry, language, data["timezone"], data["era"]) if data["listed"] else ""
    return snapshots.to_json({"type": "notification", **frame, "browser": data["browser"], "html": html})


def _draw_held(data: Picture, language: str) -> str:
    """One notification for all that a browser was not told at night."""
    with translation.override(language):
        entry, n = pictures.entry(data["notification"]), data["n"]
        frame = {"id": f"held-{entry['id']}", "target": "", "text": entry["sentence"], "url": entry["url"]}
        if n > 1:
            text = ngettext("%(n)d notification from your quiet hours", "%(n)d notifications from your quiet hours", n)
            frame |= {"text": text % {"n": n}, "url": reverse("notifications", args=[entry["slug"]])}
    return snapshots.to_json({"type": "notification", **frame, "browser": True, "html": ""})


FRAMES = {
    "json": _draw_json,
    "message": _draw_message,
    "row": _draw_row,
    "head": _draw_head,
    "notification": _draw_notification,
    "notifications_read": _draw_json,
    "viewing": _draw_viewing,
    "held": _draw_held,
}
