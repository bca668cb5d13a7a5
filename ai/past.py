"""What visitors asked: the words with which conversations began."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ai.assistant import Persona
from ai.gate import PAST
from ai.outcomes import before_search
from chat.models import Message
from chat.models.message import Kind
from workspaces.models import Membership, Workspace

# How many conversations are looked back, and how many lines into each of them.
MOST = 200
FIRST_LINES = 4
SHORTEST, LONGEST = 6, 300


def questions(membership: Membership, most: int = MOST) -> list[Message]:
    """The newest first, each wording once, from conversations that this member may read. Small talk is none."""
    conversations = membership.workspace.conversations.visible_to(membership).order_by("-last_message_at", "-id")
    newest = list(conversations.values_list("pk", flat=True)[:most])
    rows = membership.workspace.messages.filter(
        conversation__in=newest, kind=Kind.VISITOR, deleted_at=None, position__lte=FIRST_LINES
    )
    by_conversation: dict[UUID, Message] = {}
    for row in rows.order_by("conversation", "position"):
        if is_question(row.body):
            by_conversation.setdefault(row.conversation_id, row)
    once: dict[str, Message] = {}
    for key in newest:
        if found := by_conversation.get(key):
            once.setdefault(found.body.casefold(), found)
    return list(once.values())


def is_question(text: str) -> bool:
    """Something to answer: no greeting, no call for a person, neither a word nor a letter."""
    return SHORTEST <= len(text) <= LONGEST and before_search(text, Persona()) is None


def cases(membership: Membership) -> list[dict[str, Any]]:
    """For a check. It keeps which message it was: what is deleted or forgotten is gone there, too."""
    return [{"message": str(row.pk), "expects": PAST} for row in questions(membership)]


def texts(workspace: Workspace, cases: list[dict[str, Any]]) -> dict[str, str]:
    """The words of those messages that are still there, by their ids."""
    wanted = [case["message"] for case in cases if "message" in case]
    if not wanted:
        return {}
    rows = workspace.messages.filter(pk__in=wanted, deleted_at=None).values_list("pk", "body")
    return {str(pk): body for pk, body in rows}
