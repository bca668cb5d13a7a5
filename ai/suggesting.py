"""What a colleague could reply, by the same search and the same answer as the agent's. It is shown to the team, and
goes to the visitor in the words of whoever sends it: nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from ai import ledger
from ai.agent import Say, Turn, from_knowledge
from ai.assistant import persona_of
from ai.grounding import without_citations
from ai.models import Outcome, Purpose
from ai.outcomes import Kind, before_search
from ai.turns import EARLIER, talk
from chat.models import Conversation
from chat.models import Kind as MessageKind


@dataclass(frozen=True)
class Suggestion:
    text: str
    sources: tuple[dict[str, Any], ...] = ()


def suggest(conversation: Conversation) -> Suggestion | None:
    """For what the visitor wrote last. None: nothing is sure enough."""
    turn = _turn(conversation)
    if turn is None:
        return None
    first = before_search(turn.question.body, turn.persona)
    if first is not None and first.kind == Kind.SMALL_TALK:
        return Suggestion(first.text)
    # Who asks for a person has one, and a topic that is blocked is blocked for the assistant alone.
    found = from_knowledge(turn, partial(_reserve, turn))
    if isinstance(found, Say) and found.outcome == Outcome.ANSWERED:
        return Suggestion(without_citations(found.body), found.sources)
    return None


# --- Inside -----------------------------------------------------------------------------------------------------------


def _turn(conversation: Conversation) -> Turn | None:
    rows = conversation.messages.filter(kind=MessageKind.VISITOR, deleted_at=None).exclude(body="")
    said = list(rows.order_by("-position")[: EARLIER + 1])
    if not said:
        return None
    question, *before = said
    question.conversation = conversation
    return Turn(
        question,
        conversation,
        persona_of(conversation.inbox.workspace),
        earlier=tuple(row.body for row in reversed(before)),
        talk=talk(question),
    )


def _reserve(turn: Turn, tokens: int) -> ledger.Reservation:
    """No visitor is charged with what a colleague asks for."""
    return ledger.reserve(
        turn.workspace,
        purpose=Purpose.SUGGEST,
        tokens=tokens,
        conversation=turn.conversation,
        message=turn.question,
    )
