"""The assistant puts labels on a conversation: once, after it has answered or handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from ai import sorting
from ai.models import Outcome, Sorting
from chat import actions as chat
from chat import labels
from chat.models import Conversation, Handler, Label
from minichat.lib.transactions import action
from workspaces.models import Workspace

# A turn of a model has 25 seconds; whoever is not back after this is dead.
BEGUN_FOR = timedelta(minutes=2)


def sort_in(workspace: Workspace, conversation_id: UUID) -> list[str]:
    """The names of the labels that it got. Whoever runs it a second time, or meanwhile, does nothing."""
    if not workspace.assistants.filter(labels_conversations=True).exists():
        return []
    rows = workspace.conversations.select_related("inbox__workspace")
    conversation = rows.filter(pk=conversation_id).first()
    known = list(labels.of(workspace).values())
    if conversation is None or not known or not _is_about_something(conversation):
        return []
    text = sorting.said(conversation)
    begun = _begin(conversation) if text else None
    return _finish(begun, sorting.fitting(conversation, known, text)) if begun else []


def _is_about_something(conversation: Conversation) -> bool:
    """A greeting that was greeted back says nothing yet: the next answer is waited for."""
    if conversation.handler == Handler.PEOPLE:
        return True
    return conversation.ai_answers.exclude(outcome__in=[Outcome.REPLIED, Outcome.LATE]).exists()


@action
def _begin(conversation: Conversation) -> Sorting | None:
    """None: somebody has done it, or is about to."""
    rows = conversation.workspace.ai_sortings
    row, is_new = rows.get_or_create(conversation=conversation)
    if is_new:
        return row
    left = rows.filter(pk=row.pk, done_at=None, begun_at__lt=timezone.now() - BEGUN_FOR)
    return row if left.update(begun_at=timezone.now()) else None


@action
def _finish(row: Sorting, chosen: Sequence[Label]) -> list[str]:
    """Its labels, and that it has been done: both or none."""
    if not row.workspace.ai_sortings.filter(pk=row.pk, done_at=None).update(done_at=timezone.now()):
        return []
    return chat.sort_in(row.workspace, row.conversation_id, add=[label.pk for label in chosen]) if chosen else []
