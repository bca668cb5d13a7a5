"""Canned responses as an operator uses them: what `/` offers, with the variables filled in for one conversation."""

from __future__ import annotations

import re
from typing import Any

from chat.models import CannedResponse, Conversation
from workspaces.models import Membership

# What stands for a value in a text. One that has no value stays as it is, and the composer asks for it before sending.
VARIABLES = ("contact", "operator", "workspace")
_VARIABLE = re.compile(r"\{(" + "|".join(VARIABLES) + r")\}")


def offered(conversation: Conversation, membership: Membership) -> list[dict[str, Any]]:
    """All texts this member may use, one's own first where both share a shortcut. `conversation` has its contact."""
    rows = membership.workspace.canned_responses.usable_by(membership)
    values = values_for(conversation, membership)
    own_first = sorted(rows, key=lambda row: (row.shortcut, row.owner_id is None))
    return [
        {
            "shortcut": row.shortcut,
            "text": filled(row, values),
            "own": row.owner_id is not None,
            "quick_replies": row.quick_replies,
            "card": row.card,
        }
        for row in own_first
    ]


def values_for(conversation: Conversation, membership: Membership) -> dict[str, str]:
    return {
        "contact": conversation.contact.name,
        "operator": membership.name,
        "workspace": membership.workspace.name,
    }


def filled(row: CannedResponse, values: dict[str, str]) -> str:
    """One pass: a value that looks like a variable (a contact may be called anything) stays what it is."""
    return _VARIABLE.sub(lambda found: values[found[1]] or found[0], row.body)
