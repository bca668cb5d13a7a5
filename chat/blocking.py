"""Blocking as an act on conversations: whoever wrote them may write no more, and one undo lets all of them in again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.db import transaction

from chat import broadcasts, events
from chat.append import Appender
from chat.models import Block, Conversation, Visitor
from chat.verbs import Change, Values, Verb
from contacts.models import Contact
from minichat.lib import roundtrips
from workspaces.events import emit_each


class BlockVisitor(Verb):
    """Of several conversations of one person the first one says so; the others are so already."""

    name = "block"

    def lock(self, conversations: Sequence[str]) -> None:
        """Visitors before conversations, as their messages do; and whoever blocks or unblocks locks them, too."""
        workspace = self.by.workspace
        contacts = workspace.conversations.filter(pk__in=conversations).values("contact")
        rows = workspace.visitors.select_for_update(no_key=True).filter(contact__in=contacts).order_by("pk")
        self.visitors: dict[UUID, list[Visitor]] = {}
        for visitor in rows:
            self.visitors.setdefault(visitor.contact_id, []).append(visitor)
        self.blocks: dict[UUID, Block] = {
            row.contact_id: row for row in workspace.blocks.filter(contact__in=self.visitors.keys())
        }
        self.made: list[Block] = []
        self.gone: list[Block] = []
        self.contacts: list[Contact] = []

    def do(self, appender: Appender, conversation: Conversation) -> Change | None:
        contact = conversation.contact
        # Merged into somebody else in this very moment: their browsers are not under our locks.
        if contact.pk in self.blocks or contact.pk not in self.visitors:
            return None
        row = Block(workspace_id=self.by.workspace_id, contact=contact, by=self.by, by_name=self.by.name[:80])
        self.blocks[contact.pk] = row
        self.made.append(row)
        self._say(appender, conversation, "blocked")
        conversation.visitor.blocked_at = appender.now
        return {"block": None}, {"block": str(row.pk)}

    def undo(self, appender: Appender, conversation: Conversation, was: Values, became: Values) -> bool:
        row = self.blocks.get(conversation.contact_id)
        if row is None or str(row.pk) != became["block"]:
            return False
        self.gone.append(row)
        self._say(appender, conversation, "unblocked")
        conversation.visitor.blocked_at = None
        return True

    def finish(self, appender: Appender) -> None:
        self._write(self.made, blocked_at=appender.now)
        self._write(self.gone, blocked_at=None)
        appender.extra += roundtrips.insert(self.made)
        if self.gone:
            rows = self.by.workspace.blocks.filter(pk__in=[row.pk for row in self.gone])
            appender.extra.append(roundtrips.delete(rows))
        event = events.VISITOR_BLOCKED if self.made else events.VISITOR_UNBLOCKED
        if self.contacts:
            emit_each(event, [(contact, {}) for contact in self.contacts], actor=self.by, in_bulk=appender.in_bulk)

    def _write(self, rows: Sequence[Block], **fields: object) -> None:
        keys = [visitor.pk for row in rows for visitor in self.visitors[row.contact_id]]
        if keys:
            self.by.workspace.visitors.filter(pk__in=keys).update(**fields)
        if keys and rows is self.made:
            transaction.on_commit(partial(_send_away, keys), robust=True)

    def _say(self, appender: Appender, conversation: Conversation, name: str) -> None:
        appender.event(conversation, name, by=self.by, public=False)
        self.contacts.append(conversation.contact)


def _send_away(visitors: Sequence[UUID]) -> None:
    for pk in visitors:
        broadcasts.revoke_visitor(pk)
