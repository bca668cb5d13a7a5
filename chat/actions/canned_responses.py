from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from chat import events
from chat.cards import Card
from chat.models import CannedResponse
from minichat.lib.errors import Conflict, PlanLimit
from minichat.lib.transactions import action
from workspaces import seats
from workspaces.events import emit
from workspaces.models import Membership

# A list longer than this is a knowledge base; the composer holds all of it at once.
MOST_PER_OWNER = 500
NOTHING_SAID: Mapping[str, Sequence[str]] = MappingProxyType({})


@action
def add_canned_response(
    by: Membership,
    *,
    shortcut: str,
    body: str,
    shared: bool,
    quick_replies: Sequence[str] = (),
    card: Card | None = None,
) -> CannedResponse:
    """A text of one's own, or the team's. Raises `Conflict` for a shortcut in use and `PlanLimit` for one too many."""
    owner = None if shared else by
    _room_for(by, owner, more=1)
    try:
        with transaction.atomic():
            row = by.workspace.canned_responses.create(
                owner=owner, shortcut=shortcut, body=body, quick_replies=list(quick_replies), card=card
            )
    except IntegrityError:
        raise taken(shortcut) from None
    emit(events.CANNED_RESPONSE_CREATED, row, actor=by, shared=shared)
    return row


@action
def change_canned_response(
    row: CannedResponse,
    *,
    by: Membership,
    shortcut: str,
    body: str,
    shared: bool,
    quick_replies: Sequence[str] = (),
    card: Card | None = None,
) -> None:
    """Raises `Conflict` for a shortcut in use."""
    owner = None if shared else (row.owner or by)
    before = (row.shortcut, row.body, row.owner, row.quick_replies, row.card)
    if before == (shortcut, body, owner, list(quick_replies), card):
        return
    if row.owner != owner:
        _room_for(by, owner, more=1)
    row.shortcut, row.body, row.owner, row.quick_replies = shortcut, body, owner, list(quick_replies)
    row.card = card
    try:
        with transaction.atomic():
            row.save(update_fields=["shortcut", "body", "owner", "quick_replies", "card", "changed_at"])
    except IntegrityError:
        raise taken(shortcut) from None
    emit(events.CANNED_RESPONSE_CHANGED, row, actor=by, shared=shared)


@action
def delete_canned_response(row: CannedResponse, *, by: Membership) -> None:
    emit(events.CANNED_RESPONSE_DELETED, row, actor=by, shared=row.owner_id is None)
    row.delete()


@action
def import_canned_responses(
    by: Membership, texts: Mapping[str, str], quick_replies: Mapping[str, Sequence[str]] = NOTHING_SAID
) -> tuple[int, int]:
    """Put `texts` (shortcut → body) into the team's list, all or none: how many are new, how many were replaced.

    `quick_replies` by shortcut; a text of which it says nothing keeps those it has.
    """
    rows = by.workspace.canned_responses.filter(owner=None)
    known = {row.shortcut: row for row in rows.select_for_update()}
    new = [shortcut for shortcut in texts if shortcut not in known]
    _room_for(by, None, more=len(new))
    replaced = []
    for row in (known[shortcut] for shortcut in texts if shortcut in known):
        body, replies = texts[row.shortcut], list(quick_replies.get(row.shortcut, row.quick_replies))
        if (row.body, row.quick_replies) != (body, replies):
            row.body, row.quick_replies = body, replies
            row.save(update_fields=["body", "quick_replies", "changed_at"])
            replaced.append(row)
    for shortcut in new:
        replies = list(quick_replies.get(shortcut, ()))
        by.workspace.canned_responses.create(shortcut=shortcut, body=texts[shortcut], quick_replies=replies)
    if new or replaced:
        emit(events.CANNED_RESPONSES_IMPORTED, by.workspace, actor=by, new=len(new), replaced=len(replaced))
    return len(new), len(replaced)


def taken(shortcut: str) -> Conflict:
    return Conflict(format_lazy(_("There is a canned response /{shortcut} already."), shortcut=shortcut))


def _room_for(by: Membership, owner: Membership | None, *, more: int) -> None:
    # Lists that grow at the same moment are counted one after the other.
    seats.locked(by.workspace)
    count = by.workspace.canned_responses.filter(owner=owner).count()
    if count + more > MOST_PER_OWNER:
        detail = format_lazy(_("There is room for {limit} canned responses."), limit=MOST_PER_OWNER)
        raise PlanLimit(detail, current=count, limit=MOST_PER_OWNER)
