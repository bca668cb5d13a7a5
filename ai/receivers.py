from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from ai import actions, context, events, tasks
from ai.actions import files
from ai.knowledge import index, meaning
from ai.models import Chunk, Source, SourceKind
from chat.events import CONVERSATION_HANDED_BACK, CONVERSATION_HANDED_OFF, MESSAGE_CREATED
from chat.models import Conversation, Handler, Kind
from workspaces.events import Event, event_emitted
from workspaces.models import Workspace

TO_READ = {
    events.FAQS_IMPORTED,
    events.TEXT_ADDED,
    events.TEXT_CHANGED,
    events.FILE_ADDED,
    events.FILE_CHANGED,
    events.PAGE_ADDED,
    events.PAGE_CHANGED,
    events.READ_AGAIN,
}

MODELS_CHANGED = {events.KEY_SET, events.KEY_REMOVED, events.MODEL_ADDED, events.MODEL_REMOVED}


@receiver(index.chunks_written, dispatch_uid="ai.find_their_meaning")
def find_their_meaning(sender: Any, chunks: list[Chunk], **_signal: Any) -> None:
    """In a job: the model takes its time, and an FAQ is written under the lock that visitors' messages wait for."""
    if meaning.is_on() and chunks:
        transaction.on_commit(partial(tasks.sweep_meaning.delay, chunks[0].pk - 1), robust=True)


@receiver(event_emitted, dispatch_uid="ai.read_it")
def read_it(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """The queue only hurries: what it loses, the sweep finds."""
    if event not in TO_READ:
        return
    if isinstance(subject, Source) and subject.kind == SourceKind.PAGE:
        hurry = partial(tasks.read_page.delay, str(subject.workspace_id), str(subject.pk))
    else:
        workspace = subject.pk if isinstance(subject, Workspace) else subject.workspace_id
        hurry = partial(tasks.learn_waiting.delay, str(workspace))
    transaction.on_commit(hurry, robust=True)


@receiver(event_emitted, dispatch_uid="ai.close_gaps")
def close_gaps(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """What somebody has written an FAQ for is no open question any more."""
    if event in (events.FAQ_ADDED, events.FAQ_CHANGED) and subject.is_active:
        actions.close_gaps(subject.workspace, [subject.title, *subject.other_questions])


@receiver(event_emitted, dispatch_uid="ai.answer_visitor")
def answer_visitor(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """Only what was stored is answered. What the queue loses, `tasks.sweep_owed` finds."""
    if event == MESSAGE_CREATED and subject.kind == Kind.VISITOR and subject.conversation.handler == Handler.AI:
        _answer(subject.workspace_id, subject.pk)
    elif event == CONVERSATION_HANDED_BACK:
        _answer_what_is_open(subject)


def _answer_what_is_open(conversation: Conversation) -> None:
    if conversation.last_message_kind == Kind.VISITOR:
        newest = conversation.messages.filter(kind=Kind.VISITOR).order_by("-position").values_list("pk", flat=True)
        _answer(conversation.workspace_id, newest[0])


def _answer(workspace_id: UUID, message_id: UUID) -> None:
    transaction.on_commit(partial(tasks.answer.delay, str(workspace_id), str(message_id)), robust=True)


@receiver(event_emitted, dispatch_uid="ai.sort_in")
def sort_in(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """After an answer or a hand-off; whether it is time for labels, the task sees."""
    if event == MESSAGE_CREATED and subject.kind == Kind.AI:
        conversation = subject.conversation_id
    elif event == CONVERSATION_HANDED_OFF:
        conversation = subject.pk
    else:
        return
    transaction.on_commit(partial(tasks.sort_in.delay, str(subject.workspace_id), str(conversation)), robust=True)


@receiver(event_emitted, dispatch_uid="ai.forget_models")
def forget_models(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    """Whether there is a model to ask is kept for a while; a change of it shows at once."""
    if event in MODELS_CHANGED:
        workspace = subject if isinstance(subject, Workspace) else subject.workspace
        transaction.on_commit(partial(context.forget, workspace), robust=True)


@receiver(event_emitted, dispatch_uid="ai.check_it")
def check_it(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    if event == events.CHECK_BEGUN:
        ids = str(subject.workspace_id), str(subject.pk)
        transaction.on_commit(partial(tasks.run_check.delay, *ids), robust=True)


@receiver(post_delete, sender=Source, dispatch_uid="ai.drop_file")
def drop_file(sender: Any, instance: Source, **kwargs: Any) -> None:
    """Also what goes because its workspace goes."""
    files.give_back(instance)
