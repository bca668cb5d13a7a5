"""One act on one conversation or on many, in batches, and its undo.

Each batch is a transaction of its own: the act's row, then the labels, then the conversations by key are locked in this
order, rows and counters are written in one trip, and the act remembers what was changed. A process that dies leaves an
act between two batches; the sweep goes on with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat import broadcasts, notices, verbs
from chat.append import Appender
from chat.blocking import BlockVisitor
from chat.models import Conversation, TriageAct
from minichat.lib import roundtrips
from minichat.lib.errors import Conflict, NotFound, TooLarge
from minichat.lib.transactions import action
from notifications.actions import notify, settling
from workspaces.models import Membership, Workspace

State = TriageAct.State
VERBS: dict[str, type[verbs.Verb]] = {
    verb.name: verb
    for verb in (verbs.Close, verbs.Open, verbs.Snooze, verbs.Assign, verbs.Prioritise, verbs.Mark, BlockVisitor)
}
BATCH = 50
MOST = 500
# The button is shown for ten seconds; a slow line and a long look at the toast are no reason to refuse.
UNDO_TIME = timedelta(seconds=60)
KEPT_FOR = timedelta(hours=1)
LEFT_AFTER = timedelta(seconds=60)


@action
def begin_act(by: Membership, verb: str, params: dict[str, Any], conversations: Sequence[UUID]) -> TriageAct:
    """Write down what is to be done. Raises `NotFound` if one of them is not theirs to see."""
    wanted = [str(pk) for pk in dict.fromkeys(conversations)]
    if len(wanted) > MOST:
        raise TooLarge
    seen = by.workspace.conversations.visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True)
    if len(set(seen)) != len(wanted):
        raise NotFound
    return by.workspace.triage_acts.create(
        membership=by, verb=verb, params=params, pending=sorted(wanted), total=len(wanted)
    )


@action
def perform(by: Membership, verb: str, params: dict[str, Any], conversations: Sequence[UUID]) -> TriageAct:
    """Begin, and do the first batch, both or none; the rest is `finish`, for a task when there is one."""
    return step(begin_act(by, verb, params, conversations))


def take_back(act: TriageAct, *, by: Membership) -> TriageAct:
    """Undo what the act has done so far and do no more of it. Raises `Conflict` when it is too late."""
    act = _turn(act, by=by)
    return step(act) if act.is_running else act


def finish(act: TriageAct) -> TriageAct:
    while act.is_running:
        act = step(act)
    return act


def left_behind() -> Iterator[tuple[str, str]]:
    """Workspace and id of acts whose process died."""
    rows = TriageAct.unscoped.filter(state__in=[State.RUNNING, State.UNDOING], moved_at__lt=timezone.now() - LEFT_AFTER)
    return ((str(workspace), str(pk)) for workspace, pk in rows.values_list("workspace_id", "pk")[:MOST])


def forget_old_acts() -> int:
    old = TriageAct.unscoped.filter(created_at__lt=timezone.now() - KEPT_FOR)
    return old.filter(pk__in=list(old.values_list("pk", flat=True)[:1000])).delete()[0]


@action
def step(act: TriageAct) -> TriageAct:
    """The next batch, under the locks."""
    act = _locked(act)
    if act.state == State.RUNNING:
        _do(act)
    elif act.state == State.UNDOING:
        _undo(act)
    act.moved_at = timezone.now()
    act.save(update_fields=["state", "pending", "changed", "kept", "moved_at"])
    return act


def _do(act: TriageAct) -> None:
    batch, act.pending = act.pending[:BATCH], act.pending[BATCH:]
    verb = VERBS[act.verb](act.membership, act.params)
    verb.lock(batch)
    verb.prepare([])
    with Appender(in_bulk=act.total > 1) as appender:
        for conversation in _conversations(act, batch):
            change = verb.do(appender, conversation)
            if change:
                act.changed.append([str(conversation.pk), *change])
        verb.finish(appender)
    if not act.pending:
        act.state = State.DONE
        _tell_assignee(act, verb)


def _undo(act: TriageAct) -> None:
    batch, act.changed = act.changed[-BATCH:], act.changed[:-BATCH]
    verb = VERBS[act.verb](act.membership, act.params)
    verb.lock([pk for pk, *_ in batch])
    verb.prepare([was for _pk, was, _became in batch])
    changes = {pk: (was, became) for pk, was, became in batch}
    with Appender(in_bulk=True) as appender:
        for conversation in _conversations(act, list(changes)):
            if not verb.undo(appender, conversation, *changes[str(conversation.pk)]):
                act.kept += 1
        verb.finish(appender)
    if not act.changed:
        act.state = State.UNDONE


@action
def _turn(act: TriageAct, *, by: Membership) -> TriageAct:
    act = _locked(act)
    if act.membership_id != by.pk:
        raise NotFound
    if act.state in (State.UNDOING, State.UNDONE):
        return act
    if act.state == State.DONE and timezone.now() - act.moved_at > UNDO_TIME:
        raise Conflict(_("It is too late to undo this."))
    act.state, act.pending = State.UNDOING, []
    act.save(update_fields=["state", "pending"])
    if act.verb == verbs.Assign.name:
        _forget_word(act)
    return act


def _forget_word(act: TriageAct) -> None:
    """Whoever was told of each that they have it now reads of it no more."""
    by_inbox: dict[UUID, list[str]] = {}
    changed = act.workspace.conversations.filter(pk__in=[pk for pk, *_ in act.changed])
    for inbox_id, pk in changed.values_list("inbox_id", "pk"):
        by_inbox.setdefault(inbox_id, []).append(str(pk))
    for inbox_id, targets in by_inbox.items():
        roundtrips.write([settling([notices.ASSIGNED], act.workspace_id, targets)])
        transaction.on_commit(partial(broadcasts.notifications_settled, inbox_id, targets), robust=True)


def _locked(act: TriageAct) -> TriageAct:
    rows = act.workspace.triage_acts.select_for_update(of=("self",))
    found = rows.select_related("membership__workspace", "membership__user", "workspace").filter(pk=act.pk).first()
    if found is None:
        raise NotFound
    return found


def _conversations(act: TriageAct, ids: Sequence[str]) -> list[Conversation]:
    """Under their locks, with what the pushes need: those of them that the member may see now."""
    if act.workspace.status in Workspace.SHUT:
        return []
    rows = act.workspace.conversations.visible_to(act.membership).select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("contact", "inbox__workspace", "visitor")
    return list(rows.filter(pk__in=ids).order_by("pk"))


def _tell_assignee(act: TriageAct, verb: verbs.Verb) -> None:
    """One word for all of them; a single one was told when it was given."""
    if not isinstance(verb, verbs.Assign) or act.total == 1 or not act.changed:
        return
    to = act.workspace.memberships.filter(pk=act.params["assignee"])
    notify(notices.ASSIGNED_MANY, to, by=act.membership, data={"by": act.membership.name, "n": len(act.changed)})
