"""Writes talks as they would have been stored at the time, through the same appender as every living message."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta

from django.utils import timezone

from chat import mentions
from chat.actions.uploads import STORED_BYTES, row_of
from chat.append import AI, Appender, reopen
from chat.demo import browsers, papers
from chat.demo.talks import Line, Talk
from chat.entries import entry_of, is_text
from chat.models import (
    Attachment,
    Conversation,
    ConversationRead,
    Handler,
    Inbox,
    Kind,
    Message,
    MessageEntry,
    PageView,
    Status,
    Visitor,
    VisitorEvent,
)
from chat.shelf import ATTACHMENTS
from contacts.models import Contact
from minichat.lib.files import names
from minichat.lib.ids import uuid7
from minichat.lib.transactions import action
from workspaces import usage
from workspaces.models import Membership, Workspace

Team = dict[str, Membership]
BEGUN = ("Let me check that with the roastery, ", "ขอเช็กกับโรงคั่วให้ก่อน ")
# What is older than this has been seen by everybody.
ALL_SEEN_AFTER = timedelta(hours=20)
# What visitors thought of it; most say nothing. Why, in English and in Thai.
RATINGS = (5, None, 4, 5, None, 3, None, 5)
WHY = {5: ("Quick and friendly.", "ตอบเร็ว สุภาพมาก"), 4: ("", ""), 3: ("I had to wait a while.", "รอนานไปหน่อย")}


class Backdated(Appender):
    """Appends rows of the past. They are news to nobody: no event, no push."""

    def write(self) -> None:
        Conversation.unscoped.bulk_create(self.new)
        Message.unscoped.bulk_create(self.rows)
        Attachment.unscoped.bulk_create(self.bound)
        MessageEntry.unscoped.bulk_create([entry_of(row) for row in self.rows if is_text(row)])


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
        self.page_views: list[PageView] = []
        self.events: list[VisitorEvent] = []
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
        self.workspace.visitor_events.bulk_create(self.events)
        self.appender.write()
        self.workspace.page_views.bulk_create(self.page_views)
        self.workspace.conversation_reads.bulk_create(self.reads)
        self._begin_an_answer()
        _date_back(self.contacts, self.visitors, self.appender.new)
        for period, count in self.used.items():
            counter = usage.locked(self.workspace, usage.VISITOR_MESSAGES, period)
            counter.used += count
            counter.save(update_fields=["used"])

    def _begin_an_answer(self) -> None:
        """Omar was called away in the middle of a sentence."""
        omar = self.team.get("omar")
        if omar is None:
            return
        mine = [row for row in self.appender.new if row.assignee_id == omar.pk and row.is_waiting]
        for conversation in mine[-1:]:
            body = BEGUN[conversation.contact.language == "th"]
            self.workspace.drafts.create(conversation=conversation, membership=omar, body=body, counter=1)

    # --- The steps of a talk: what the living verbs do, at another time --------------------------------------------

    def says(self, conversation: Conversation, line: Line) -> None:
        if line.who == "v":
            self._visitor_says(conversation, line.text)
        elif line.who == "ai":
            self._assistant_says(conversation, *line.text.split(" <= "))
        else:
            self._member_says(conversation, self.team[line.who], line.text)

    def sends(self, conversation: Conversation, line: Line) -> None:
        name, _, text = line.text.partition(": ")
        by = self.team.get(line.who)
        file = self._upload(conversation, name, by)
        if by is None:
            self._visitor_says(conversation, text, file)
        else:
            self._member_says(conversation, by, text, file)

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
        self._rates(conversation, line)

    def _rates(self, conversation: Conversation, line: Line) -> None:
        rating = RATINGS[conversation.number % len(RATINGS)]
        if rating is None or conversation.rated_at is not None:
            return
        comment = WHY[rating][conversation.contact.language == "th"]
        conversation.rating, conversation.rating_comment, conversation.rated_at = rating, comment, line.at
        self.appender.event(conversation, "rated", public=True, rating=rating, comment=comment)

    def _visitor_says(self, conversation: Conversation, text: str, *files: Attachment) -> None:
        if conversation.status != Status.OPEN:
            reopen(self.appender, conversation)
        self.used[usage.month(self.workspace, self.appender.now).key] += 1
        self._text(conversation, Kind.VISITOR, text, None, *files)

    def _member_says(self, conversation: Conversation, by: Membership, text: str, *files: Attachment) -> None:
        if conversation.assignee_id is None:
            conversation.give_to(by)
            self.appender.event(conversation, "joined", by=by, public=True)
        self._text(conversation, Kind.OPERATOR, text, by, *files)

    def _assistant_says(self, conversation: Conversation, text: str, title: str) -> None:
        conversation.handler, conversation.waiting_since = Handler.AI, None
        name = {"th": "ผู้ช่วย AI"}.get(conversation.contact.language, "AI assistant")
        source = {"title": title, "url": "", "page": None, "quote": text, "source": ""}
        self.appender.text(
            conversation,
            kind=Kind.AI,
            body=text,
            sender_key=AI,
            client_id=uuid7(),
            author_name=name,
            sources=[source],
        )

    def _text(
        self, conversation: Conversation, kind: Kind, body: str, author: Membership | None, *files: Attachment
    ) -> None:
        key = _sender(conversation, author)
        people = [row for row in self.team.values() if kind == Kind.NOTE and f"@{row.name}" in body]
        self.appender.text(
            conversation,
            kind=kind,
            body=body,
            sender_key=key,
            client_id=uuid7(),
            author=author,
            files=files,
            mentions=mentions.pictures(people),
        )

    def _upload(self, conversation: Conversation, name: str, by: Membership | None) -> Attachment:
        taken = papers.file(name)
        counter = usage.locked(self.workspace, STORED_BYTES, usage.FOR_EVER)
        counter.used += taken.kept
        counter.save(update_fields=["used"])
        return Attachment(
            workspace=self.workspace,
            conversation=conversation,
            visitor=None if by else conversation.visitor,
            membership=by,
            sender_key=_sender(conversation, by),
            client_id=uuid7(),
            key=ATTACHMENTS.store(taken.files),
            name=names.shown(name, taken.extension),
            **row_of(taken),
        )

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
            **_vouched_for(talk),
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
            language=talk.lang,
            last_seen_at=talk.lines[-1].at,
            verified_at=talk.begins if talk.customer else None,
            **browsers.of(talk, self.workspace),
        )
        self.visitors.append(visitor)
        self.page_views += browsers.walk(talk, visitor)
        for steps_ago, name in enumerate(reversed(talk.did), start=1):
            at = talk.begins - timedelta(minutes=2 * steps_ago)
            self.events.append(VisitorEvent(workspace=self.workspace, visitor=visitor, name=name, at=at))
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


_STEPS = {
    "says": _Teller.says,
    "sends": _Teller.sends,
    "notes": _Teller.notes,
    "gives": _Teller.gives,
    "closes": _Teller.closes,
}


def _sender(conversation: Conversation, author: Membership | None) -> str:
    return f"m:{author.pk}" if author else conversation.visitor.sender_key


def _visitor_read(rows: list[Message], *, is_old: bool) -> int:
    """Who writes has read what stood above."""
    mine = max(row.position for row in rows if row.kind == Kind.VISITOR)
    return rows[-1].position if is_old else mine


def _vouched_for(talk: Talk) -> dict[str, object]:
    """What came in a signed token, or for somebody who is not signed in: what was typed."""
    about: dict[str, object] = {"attributes": talk.attributes}
    if talk.customer:
        said = [name for name in ("name", "email", "phone") if getattr(talk, name)]
        about |= {"external_id": talk.customer, "verified_at": talk.begins, "proven_email": talk.email}
        about["proven"] = sorted([*said, *[f"attributes.{name}" for name in talk.attributes]])
    return about


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
