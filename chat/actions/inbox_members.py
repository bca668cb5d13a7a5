"""Who sees an inbox: the whole team, or chosen members beside owners and admins."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from chat import broadcasts, events
from chat.models import Inbox
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership


@action
def set_inbox_members(inbox: Inbox, *, is_private: bool, members: Iterable[Membership] = (), by: Membership) -> Inbox:
    """Open it to the whole team, or to `members` alone. The same again is no change.

    Whoever falls out loses the threads at their next look, at the latest after a few seconds in an open tab; what was
    assigned to them goes back to everybody (`releases`).
    """
    inbox = inbox.workspace.inboxes.select_for_update().select_related("workspace").get(pk=inbox.pk)
    wanted = {member.pk: member for member in members} if is_private else {}
    rows = {row.membership_id: row for row in inbox.inbox_members.all()}
    gone, new = rows.keys() - wanted.keys(), wanted.keys() - rows.keys()
    if inbox.is_private == is_private and not gone and not new:
        return inbox
    inbox.is_private = is_private
    inbox.save(update_fields=["is_private"])
    inbox.inbox_members.filter(membership__in=gone).delete()
    for pk in new:
        inbox.inbox_members.create(workspace_id=inbox.workspace_id, membership=wanted[pk])
    names = sorted(member.name for member in wanted.values())
    emit(events.INBOX_MEMBERS_CHANGED, inbox, actor=by, is_private=is_private, members=names)
    transaction.on_commit(partial(broadcasts.access_changed, inbox.workspace_id), robust=True)
    return inbox
