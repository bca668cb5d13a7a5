"""Writes talks as they would have been stored at the time, through the same appender as every living message."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from datetime import timedelta

from django.utils import timezone

from chat.append import Appender, reopen
from chat.demo import browsers
from chat.demo.talks import Line, Talk
from chat.models import Conversation, ConversationRead, Inbox, Kind, Message, Status, Visitor
from contacts.models import Contact
from minichat.lib.ids import uuid7
from minichat.lib.transactions import action
from workspaces import usage
from workspaces.models import Membership, Workspace

Team = dict[str, Membership]
# What is older than this has been seen by everybody.
ALL_SEEN_AFTER = timedelta(hours=20)


class Backdated(Appender):
    """Appends rows of the past. They are news to nobody: no event, no push."""

    def write(self) -> None:
        Conversation.unscoped.bulk_create(self.new)
        Message.unscoped.bulk_create(self.rows)


@action
def write_history(inbox: Inbox, talks: list[Talk], team: Team) -> None:
    """Fill an inbox that has no conversation yet, oldest talk first, so that numbers grow with time."""
    teller = _Teller(inbox, team)
    for talk in sorted(talks, key=lambda talk: talk.begins):
        teller.tell(talk)
    teller.close()


class _Teller:
    def __init__(self, inbox: Inbox, team: Team) -> None:
        self.inbox, self.workspace, self.team = inbox, inbox.workspace, team
        self.now = timezone.now()
        self.appender = Backdated()
        self.contacts: list[Contact] = []
        self.visitors: list[Visitor] = []
        self.reads: list[ConversationRead] = []
        self.used: Counter[str] = Counter()

    def tell(self, talk: Talk) -> None:
        conversation = self._open(talk)
        for line in talk.lines:
            self.appender.now = line.at
            _STEPS[line.what](self, conversation, line)
        self._mark(conversation, talk)

    def close(self) -> None:
        self.workspace.contacts.bulk_create(self.contacts)
        self.workspace.visitors.bulk_create(self.visitors)
        self.appender.write()
        self.workspace.conversation_reads.bulk_create(self.reads)
        _date_back(self.contacts, self.visitors, self.appender.new)
        for period, count in self.used.items():
            counter = usage.locked(self.workspace, usage.VISITOR_MESSAGES, period)
            counter.used += count
            counter.save(update_fields=["used"])

    # --- The steps of a talk: what the living verbs do, at another time --------------------------------------------

    def says(self, conversation: Conversation, line: Line) -> None:
        if line.who == "v":
            self._visitor_says(conversation, line.text)
        else:
            self._member_says(conversation, self.team[line.who], line.text)

    def notes(self, conversation: Conversation, line: Line) -> None:
        self._text(conversation, Kind.NOTE, line.text, self.team[line.who])

    def gives(self, conversation: Conversation, line: Line) -> None:
        assignee = self.team[line.text]
        conversation.give_to(assignee)
        self.appender.event(conversation, "assigned", by=self.team[line.who], public=False, to=assignee.name)

    def closes(self, conversation: Conversation, line: Line) -> None:
        conversation.status, conversation.resolved_at = Status.RESOLVED, line.at
        conversation.waiting_since = None
        self.appender.event(conversation, "resolved", by=self.team[line.who], public=True)

    def _visitor_says(self, conversation: Conversation, text: str) -> None:
        if conversation.status != Status.OPEN:
            reopen(self.appender, conversation)
        self.used[usage.month(self.workspace, self.appender.now).key] += 1
        self._text(conversation, Kind.VISITOR, text, None)

    def _member_says(self, conversation: Conversation, by: Membership, text: str) -> None:
        if conversation.assignee_id is None:
            conversation.give_to(by)
            self.appender.event(conversation, "joined", by=by, public=True)
        self._text(conversation, Kind.OPERATOR, text, by)

    def _text(self, conversation: Conversation, kind: Kind, body: str, author: Membership | None) -> None:
        sender_key = f"m:{author.pk}" if author else conversation.visitor.sender_key
        self.appender.text(conversation, kind=kind, body=body, sender_key=sender_key, client_id=uuid7(), author=author)

    # --- Around it ---------------------------------------------------------------------------------------------------

    def _open(self, talk: Talk) -> Conversation:
        visitor = self._visitor(talk, self._contact(talk))
        conversation = Conversation(
            id=uuid.uuid4(),
            workspace=self.workspace,
            inbox=self.inbox,
            contact=visitor.contact,
            visitor=visitor,
            number=usage.next_number(self.workspace, "conversations"),
            last_message_at=talk.begins,
        )
        self.appender.open(conversation)
        return conversation

    def _contact(self, talk: Talk) -> Contact:
        contact = Contact(
            workspace=self.workspace,
            name=talk.name,
            email=talk.email,
            phone=talk.phone,
            language=talk.lang,
            number=usage.next_number(self.workspace, "contacts"),
            first_seen_at=talk.begins - timedelta(minutes=talk.random.randint(1, 12)),
            last_seen_at=talk.lines[-1].at,
        )
        self.contacts.append(contact)
        return contact

    def _visitor(self, talk: Talk, contact: Contact) -> Visitor:
        visitor = Visitor(
            workspace=self.workspace,
            inbox=self.inbox,
            contact=contact,
            # The credential behind this hash was thrown away: nobody can come back as this visitor.
            token_hash=hashlib.sha256(uuid.uuid4().bytes).hexdigest(),
            language=talk.lang,
            last_seen_at=talk.lines[-1].at,
            **browsers.of(talk, self.workspace),
        )
        self.visitors.append(visitor)
        return visitor

    def _mark(self, conversation: Conversation, talk: Talk) -> None:
        """How far each side has read: everything once it is old, else up to the team's last act."""
        is_old = self.now - talk.lines[-1].at > ALL_SEEN_AFTER or conversation.status == Status.RESOLVED
        rows = [row for row in self.appender.rows if row.conversation_id == conversation.pk]
        acted = max((row.position for row in rows if row.kind != Kind.VISITOR), default=0)
        seen = conversation.last_position if is_old else acted
        conversation.team_got = conversation.team_read = seen
        conversation.visitor_got = conversation.last_position if acted else 0
        conversation.visitor_read = _visitor_read(rows, is_old=is_old)
        inbound = sum(row.kind == Kind.VISITOR and row.position <= seen for row in rows)
        if seen:
            self.reads.extend(self._pointer(conversation, member, seen, inbound) for member in self.team.values())

    def _pointer(self, conversation: Conversation, member: Membership, seen: int, inbound: int) -> ConversationRead:
        return ConversationRead(
            workspace=self.workspace, conversation=conversation, membership=member, position=seen, inbound=inbound
        )


_STEPS = {"says": _Teller.says, "notes": _Teller.notes, "gives": _Teller.gives, "closes": _Teller.closes}


def _visitor_read(rows: list[Message], *, is_old: bool) -> int:
    """Who writes has read what stood above."""
    mine = max(row.position for row in rows if row.kind == Kind.VISITOR)
    return rows[-1].position if is_old else mine


def _date_back(contacts: list[Contact], visitors: list[Visitor], conversations: list[Conversation]) -> None:
    """`created_at` is set by the insert; history needs its own."""
    begins = {contact.pk: contact.first_seen_at for contact in contacts}
    for contact in contacts:
        contact.created_at = begins[contact.pk]
    for visitor in visitors:
        visitor.created_at = begins[visitor.contact_id]
    for conversation in conversations:
        conversation.created_at = begins[conversation.contact_id]
    Contact.unscoped.bulk_update(contacts, ["created_at"])
    Visitor.unscoped.bulk_update(visitors, ["created_at"])
    Conversation.unscoped.bulk_update(conversations, ["created_at"])


def members_by_key(workspace: Workspace) -> Team:
    """ "ana" for ana@acme.test, and so on."""
    rows = workspace.memberships.select_related("user")
    return {row.user.email.partition("@")[0]: row for row in rows}
