"""The assistant answers a visitor's message, or hands the conversation to people. Never both, and never late."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone

from ai import moderation, turns
from ai.agent import GiveUp, Say, Thought, Turn, think, told
from ai.modelled import Show
from ai.models import Outcome
from ai.trials import voice_of
from chat import actions as chat
from chat import broadcasts, handoffs
from chat.models import Conversation, Handler, Kind, Message
from minichat.lib.errors import NotFound
from minichat.lib.transactions import action
from workspaces.models import Workspace

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 200
# Of a question in a summary.
LONGEST_LINE = 200


def answer(workspace: Workspace, message_id: UUID) -> Outcome | None:
    """None: somebody else has the conversation, or it goes on with another message. The same message twice is one."""
    turn, version = _turn(workspace, message_id)
    if turn is None:
        return None
    broadcasts.assistant_thinks(turn.conversation.pk, turn.conversation.visitor_id, turn.name)
    _mark(turn)
    thought = _thought(turn, partial(broadcasts.assistant_writes, turn.question))
    try:
        return _speak(turn, thought, version) if isinstance(thought, Say) else _give_up(turn, thought, version)
    except chat.Late:
        return _note(turn, thought, Outcome.LATE)


def owed() -> Iterator[tuple[UUID, UUID]]:
    """The sweep: workspace and conversation in which the assistant has left somebody waiting."""
    rows = Conversation.unscoped.filter(alert_at__lte=timezone.now(), workspace__status=Workspace.Status.ACTIVE)
    rows = rows.filter(handler=Handler.AI)
    return iter(rows.order_by("alert_at").values_list("workspace_id", "pk")[:MOST_AT_ONCE])


def give_to_people(workspace: Workspace, conversation_id: UUID) -> None:
    """The assistant did not answer in time. Raises `Late` where it, or somebody else, has done so by now."""
    conversation = workspace.conversations.filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound
    chat.hand_off(
        workspace,
        conversation.pk,
        reason=handoffs.FAILED,
        turn_version=conversation.turn_version,
        summary=_summary(conversation),
    )


# --- Inside -----------------------------------------------------------------------------------------------------------


def _turn(workspace: Workspace, message_id: UUID) -> tuple[Turn | None, int]:
    rows = workspace.messages.filter(kind=Kind.VISITOR).select_related("conversation__inbox__workspace")
    question = rows.select_related("conversation__visitor", "workspace").filter(pk=message_id).first()
    if question is None or question.conversation.handler != Handler.AI:
        return None, 0
    conversation = question.conversation
    said = turns.said(conversation)
    if not said or said[0].pk != question.pk:
        return None, 0  # the newest one gets the answer
    if conversation.messages.filter(kind=Kind.AI, client_id=question.pk).exists():
        return None, 0  # it has it
    last = workspace.ai_answers.filter(conversation=conversation).order_by("-created_at", "-pk").first()
    voice = voice_of(conversation)
    turn = Turn(
        question,
        conversation,
        voice.persona,
        earlier=tuple(row.body for row in reversed(said[1:]) if row.body),
        talk=turns.talk(question),
        asked_back=last is not None and last.outcome == Outcome.ASKED_BACK,
        version=voice.version,
    )
    return turn, conversation.turn_version


def _mark(turn: Turn) -> None:
    """Whatever comes of it: the team sees which rules found something."""
    for rule in moderation.marks(turn.question.body, turn.persona):
        chat.mark(turn.workspace, turn.conversation.pk, rule=rule)


def _thought(turn: Turn, show: Show) -> Thought:
    try:
        return think(turn, show)
    except Exception:
        logger.exception("the assistant failed")
        return GiveUp(handoffs.FAILED)


@action
def _speak(turn: Turn, say: Say, version: int) -> Outcome:
    posted = chat.post_ai_message(
        turn.question,
        body=say.body,
        turn_version=version,
        name=turn.name,
        sources=say.sources,
        quick_replies=say.quick_replies,
    )
    return _note(turn, say, say.outcome, message=posted.message)


@action
def _give_up(turn: Turn, thought: GiveUp, version: int) -> Outcome:
    tried = told(turn.question.body, thought.hits)
    chat.hand_off(
        turn.workspace,
        turn.conversation.pk,
        reason=thought.reason,
        turn_version=version,
        summary=_summary(turn.conversation, tried, rule=thought.rule),
    )
    return _note(turn, thought, Outcome.HANDED_OFF)


@action
def _note(turn: Turn, thought: Thought, outcome: Outcome, message: Message | None = None) -> Outcome:
    values: dict[str, Any] = {
        "conversation": turn.conversation,
        "message": message,
        "outcome": outcome,
        "reason": thought.reason if isinstance(thought, GiveUp) else "",
        "confidence": thought.confidence,
        "made_by": thought.by,
        "version": turn.version,
        "hits": told(turn.question.body, thought.hits),
        "is_gap": isinstance(thought, GiveUp) and thought.reason == handoffs.UNKNOWN,
    }
    rows = turn.workspace.ai_answers
    # What was handed back is answered anew; being late takes nothing back of what was said before.
    note = rows.get_or_create if outcome == Outcome.LATE else rows.update_or_create
    note(question=turn.question, defaults=values)
    return outcome


def _summary(
    conversation: Conversation, tried: list[dict[str, Any]] | None = None, *, rule: str = ""
) -> dict[str, Any]:
    """For whoever takes over: how it began, what was asked last, and what was looked at in vain."""
    rows = conversation.messages.filter(kind=Kind.VISITOR).exclude(body="").order_by("position")
    first, last = rows.first(), rows.last()
    answered = conversation.ai_answers.filter(outcome=Outcome.ANSWERED).count()
    return {
        "first": first.body[:LONGEST_LINE] if first else "",
        "last": last.body[:LONGEST_LINE] if last and first and last.pk != first.pk else "",
        "answered": answered,
        "tried": [hit["title"] for hit in (tried or [])[:3]],
        **({"rule": rule} if rule else {}),
    }
