from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from ai import events
from ai.actions import learning
from ai.actions.room import room_for_faqs
from ai.models import Source, SourceKind, SourceStatus
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces import seats
from workspaces.events import emit
from workspaces.models import Membership, Workspace


class FaqWish(NamedTuple):
    """A line of a file. None: it says nothing of that, and what is there stays."""

    question: str
    answer: str
    other_ways: Sequence[str] | None = None
    category: str | None = None
    is_active: bool | None = None


@action
def add_faq(
    by: Membership,
    *,
    question: str,
    answer: str,
    other_ways: Sequence[str] = (),
    category: str = "",
    is_active: bool = True,
) -> Source:
    """Known from this moment on. Raises `PlanLimit` for one too many, `Conflict` for a question that is there."""
    room_for_faqs(by.workspace)
    _only_once(by.workspace, question)
    row = _new(by.workspace, FaqWish(question, answer, other_ways, category, is_active))
    learning.learn(row)
    emit(events.FAQ_ADDED, row, actor=by)
    return row


@action
def change_faq(
    faq: Source,
    *,
    by: Membership,
    question: str,
    answer: str,
    other_ways: Sequence[str] = (),
    category: str = "",
    is_active: bool = True,
) -> None:
    """Switched off, it is out of the index at once. Raises `Conflict` for a question that another one has."""
    seats.locked(by.workspace)
    _only_once(by.workspace, question, but=faq)
    row = learning.locked(faq)
    if not _put(row, FaqWish(question, answer, other_ways, category, is_active)):
        return
    if row.is_active and row.status == SourceStatus.WAITING:
        learning.learn(row)
    emit(events.FAQ_CHANGED, row, actor=by)


@action
def import_faqs(by: Membership, wishes: Sequence[FaqWish]) -> tuple[int, int]:
    """All of them or none: how many are new, how many have changed. A task puts them into the index."""
    # Two files at once are read one after the other: each question is new once.
    seats.locked(by.workspace)
    known = {row.title.casefold(): row for row in by.workspace.knowledge_sources.of_kind(SourceKind.FAQ)}
    new = [wish for wish in wishes if wish.question.casefold() not in known]
    room_for_faqs(by.workspace, len(new))
    changed = 0
    for wish in wishes:
        if row := known.get(wish.question.casefold()):
            changed += _put(learning.locked(row), wish)
    # What stands first in the file is first in the list, which has the newest on top.
    for wish in reversed(new):
        _new(by.workspace, wish)
    if new or changed:
        emit(events.FAQS_IMPORTED, by.workspace, actor=by, new=len(new), changed=changed)
    return len(new), changed


# --- Inside -----------------------------------------------------------------------------------------------------------


def _new(workspace: Workspace, wish: FaqWish) -> Source:
    return workspace.knowledge_sources.create(
        kind=SourceKind.FAQ,
        title=wish.question,
        text=wish.answer,
        other_ways="\n".join(wish.other_ways or ()),
        category=wish.category or "",
        is_active=wish.is_active is not False,
    )


def _put(row: Source, wish: FaqWish) -> bool:
    """Whether anything is different now. What has to be read again is waiting; what is off is out of the index."""
    before, said = _all(row), learning.print_of(row)
    row.title, row.text = wish.question, wish.answer
    if wish.other_ways is not None:
        row.other_ways = "\n".join(wish.other_ways)
    row.category = row.category if wish.category is None else wish.category
    row.is_active = row.is_active if wish.is_active is None else wish.is_active
    if _all(row) == before and row.status == SourceStatus.READY:
        return False
    if not row.is_active:
        learning.forget(row)
    if learning.print_of(row) != said or not row.is_active or row.status == SourceStatus.FAILED:
        row.status, row.error = SourceStatus.WAITING, ""
    row.save()
    return True


def _all(row: Source) -> tuple[object, ...]:
    return row.title, row.text, row.other_ways, row.category, row.is_active


def _only_once(workspace: Workspace, question: str, *, but: Source | None = None) -> None:
    same = workspace.knowledge_sources.of_kind(SourceKind.FAQ).filter(title__iexact=question)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise Conflict(_("There is an FAQ with this question already."))
