"""Snoozed conversations come back at their time."""

from __future__ import annotations

from django.utils import timezone

from chat.append import Appender, bring_back
from chat.models import Conversation
from minichat.lib.transactions import action
from workspaces.models import Workspace

BATCH = 50


@action
def bring_back_some() -> int:
    """Those that are due, the longest overdue first; how many they were.

    One question claims them: rows that another sweep or a person holds are passed over, and the next round finds what
    is left of them. A suspended workspace keeps its own until it is given back.
    """
    due = Conversation.unscoped.snoozed().filter(
        snoozed_until__lte=timezone.now(), workspace__status=Workspace.Status.ACTIVE
    )
    rows = due.select_for_update(of=("self",), no_key=True, skip_locked=True)
    rows = rows.select_related("contact", "inbox__workspace", "visitor")
    found = list(rows.order_by("snoozed_until")[:BATCH])
    with Appender(in_bulk=True) as appender:
        for conversation in found:
            bring_back(appender, conversation, "time")
    return len(found)
