"""What the assistant does in a conversation, and what takes it out again.

It never waits for a lock with an answer in its hand: it remembers `turn_version`, thinks, and speaks only if nothing
has moved since. A colleague who takes over, or the visitor's next message, makes what it was about to say late.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from statistics import median
from typing import Any
from uuid import UUID

from django.utils import timezone

from chat import alarms, events, presence, verbs
from chat.actions.messages import Posted
from chat.append import AI, Appender, locked
from chat.labels import key_of
from chat.models import Conversation, Handler, Inbox, Kind, Message, Status
from minichat.lib import roundtrips
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces.models import Membership, Workspace

# Of so many first answers is said how long one waits usually; fewer than the least say nothing.
LOOKED_AT, LEAST = 30, 5
LONGEST_WAIT = timedelta(hours=1)


class Late(Conflict):
    """Somebody took over, wrote or closed in the meantime: the assistant keeps its words to itself."""


@action
def post_ai_message(
    question: Message,
    *,
    body: str,
    turn_version: int,
    name: str,
    sources: Sequence[dict[str, Any]] = (),
    quick_replies: Sequence[str] = (),
) -> Posted:
    """The answer to a visitor's message. `name`: of the assistant, as the visitor reads it. Raises `Late`.

    Of two answers to one message the first one stands, whatever the second one says: a model words it anew each time.
    """
    conversation = locked(question.workspace, question.conversation_id)
    existing = question.workspace.messages.filter(sender_key=AI, client_id=question.pk).first()
    if existing:
        return Posted(existing, is_repeat=True)
    _require_turn(conversation, turn_version)
    with Appender() as appender:
        message = appender.text(
            conversation,
            kind=Kind.AI,
            body=body,
            sender_key=AI,
            client_id=question.pk,
            sources=list(sources),
            quick_replies=quick_replies,
            author_name=name[:80],
        )
    return Posted(message, is_repeat=False)


@action
def hand_off(
    workspace: Workspace,
    conversation_id: UUID,
    *,
    reason: str,
    turn_version: int,
    summary: dict[str, Any] | None = None,
) -> Conversation:
    """The assistant gives up: from now on the visitor waits for people. Raises `Late`.

    `reason`: a word of `chat/handoffs.py`; `summary`: for whoever takes over, never for the visitor.
    """
    conversation = locked(workspace, conversation_id)
    _require_turn(conversation, turn_version)
    with Appender() as appender:
        conversation.people_take_it()
        conversation.waiting_since = appender.now
        alarms.handed_off(conversation, appender.now)
        told = {"reason": reason, "summary": summary or {}, **expected(conversation.inbox)}
        appender.event(conversation, "handed_off", public=True, **told)
        appender.tell(events.CONVERSATION_HANDED_OFF, conversation, reason=reason)
    return conversation


@action
def mark(workspace: Workspace, conversation_id: UUID, *, rule: str) -> None:
    """A line for the team alone: a rule of the assistant's has found something. Each rule marks a conversation once."""
    conversation = locked(workspace, conversation_id)
    if conversation.messages.filter(kind=Kind.EVENT, event__name="marked", event__rule=rule).exists():
        return
    with Appender() as appender:
        appender.event(conversation, "marked", public=False, rule=rule)


@action
def hand_back(conversation: Conversation, *, by: Membership) -> Conversation:
    """The assistant answers again, beginning with what nobody has answered yet. Nobody has the conversation then."""
    conversation = locked(by.workspace, conversation.pk)
    if conversation.handler == Handler.AI:
        return conversation
    if conversation.status != Status.OPEN:
        raise Conflict
    with Appender() as appender:
        conversation.handler, conversation.waiting_since = Handler.AI, None
        conversation.turn_version += 1
        conversation.give_to(None)
        alarms.handed_back(conversation, appender.now)
        appender.event(conversation, "handed_back", by=by, public=False)
        appender.tell(events.CONVERSATION_HANDED_BACK, conversation, by=by)
    return conversation


@action
def sort_in(workspace: Workspace, conversation_id: UUID, *, add: Sequence[UUID]) -> list[str]:
    """The assistant puts labels on a conversation: the names of those that it got. It takes none off, and puts none on
    that somebody has taken off before."""
    labels = verbs.locked_labels(workspace, map(str, add))
    conversation = locked(workspace, conversation_id)
    unwanted = _taken_off(conversation)
    lacking = [labels[str(pk)] for pk in add if str(pk) in labels and str(pk) not in conversation.label_ids]
    wanted = [row for row in lacking if row.key not in unwanted]
    if not wanted:
        return []
    with Appender() as appender:
        made, _ = verbs.mark(appender, conversation, by=None, add=wanted)
        appender.extra += roundtrips.insert(made)
    return [one.label.name for one in made]


def _taken_off(conversation: Conversation) -> set[str]:
    """Keys of labels that it has lost once. The lines in the thread know them by their names of then."""
    told = conversation.messages.filter(kind=Kind.EVENT, event__name="labelled").values_list("event", flat=True)
    return {key_of(name) for event in told if event for name in event.get("removed", [])}


def expected(inbox: Inbox) -> dict[str, Any]:
    """What the visitor may be told of the wait: `away`, or `wait` in minutes if there is enough to judge by."""
    away = not inbox.hours.is_open(timezone.now(), inbox.workspace.timezone) or not presence.answering(inbox).exists()
    return {"away": away, "wait": None if away else _usual_wait(inbox)}


def _usual_wait(inbox: Inbox) -> int | None:
    rows = inbox.conversations.exclude(first_wait=None).order_by("-number")
    waits = [wait for wait in rows.values_list("first_wait", flat=True)[:LOOKED_AT] if wait is not None]
    if len(waits) < LEAST or median(waits) > LONGEST_WAIT.total_seconds():
        return None
    return max(1, ceil(median(waits) / 60))


def _require_turn(conversation: Conversation, turn_version: int) -> None:
    is_its_turn = conversation.handler == Handler.AI and conversation.status == Status.OPEN
    if not is_its_turn or conversation.turn_version != turn_version:
        raise Late
