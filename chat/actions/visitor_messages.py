"""Visitors' messages, many in one transaction.

Whatever waits while a transaction runs is stored by the next one (`chat/writer.py`), so that a burst costs a handful of
commits. Locks are always taken in the order counters (by workspace and metric), visitors, conversations (by key).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db.models import OuterRef, Q, QuerySet, Subquery

from chat.actions.messages import Posted
from chat.actions.uploads import sendable
from chat.append import Appender, bring_back, reopen, repeated
from chat.models import Attachment, Conversation, Handler, Kind, Message, Status, Visitor
from contacts.models import Contact
from minichat.lib import roundtrips
from minichat.lib.errors import MiniChatError, NotFound
from minichat.lib.transactions import action
from workspaces import usage
from workspaces.events import Event, emit
from workspaces.models import Entitlements, UsageCounter, Workspace

NUMBERS = "conversations"


@dataclass(frozen=True)
class VisitorPost:
    """What a visitor sends. `visitor` has its inbox, contact and workspace loaded; `body` is clean and not too long.

    `conversation_id` None: the visitor's newest conversation, or a new one. `fresh`: a new one in any case.
    """

    visitor: Visitor
    body: str
    client_id: UUID
    conversation_id: UUID | None = None
    attachments: tuple[UUID, ...] = ()
    fresh: bool = False
    # Whoever answers hears of it in other words: they are not told twice.
    is_told_otherwise: bool = False


def post_visitor_message(
    visitor: Visitor,
    *,
    body: str,
    client_id: UUID,
    conversation_id: UUID | None = None,
    attachments: Sequence[UUID] = (),
    fresh: bool = False,
) -> Posted:
    """Store one message; raises what `post_visitor_messages` returns as an error."""
    post = VisitorPost(visitor, body, client_id, conversation_id, tuple(attachments), fresh)
    [result] = post_visitor_messages([post])
    if isinstance(result, MiniChatError):
        raise result
    return result


@action
def post_visitor_messages(posts: Sequence[VisitorPost]) -> list[Posted | MiniChatError]:
    """Store the posts in order. Each gets its own answer: a refused one does not hinder its neighbours.

    On PostgreSQL this is four round trips (BEGIN, reads under locks, writes, COMMIT), however many posts there are.
    """
    desk = _Desk(posts)
    answers = [desk.take(post) for post in posts]
    desk.close()
    return answers


class _Desk:
    """Everything a batch of posts needs, read and locked at once."""

    def __init__(self, posts: Sequence[VisitorPost]) -> None:
        self.workspaces = {post.visitor.workspace_id: post.visitor.workspace for post in posts}
        self.periods = {pk: usage.month(workspace) for pk, workspace in self.workspaces.items()}
        choosing = {post.visitor.pk for post in posts if post.conversation_id is None}
        chosen = {post.conversation_id for post in posts if post.conversation_id}
        # Locking the visitors whose conversation is still to be chosen keeps two first messages of one visitor from
        # opening two conversations.
        counters, locked, contacts, conversations, messages, entitlements, uploads = READS[bool(choosing)].ask(
            workspaces=list(self.workspaces),
            periods=[period.key for period in self.periods.values()],
            visitors=list({post.visitor.pk for post in posts}),
            choosing=list(choosing),
            chosen=list(chosen),
            senders=[post.visitor.sender_key for post in posts],
            names=[post.client_id for post in posts],
            uploads=[pk for post in posts for pk in post.attachments],
        )
        self.counters = {(row.workspace_id, row.metric): row for row in counters if self._is_current(row)}
        self._make_missing_counters()
        self.contacts = {row.pk: row for row in contacts}
        self.visitors = {row.pk: row for row in locked}
        self.conversations = {row.pk: row for row in conversations}
        self.newest = {row.visitor_id: row for row in sorted(conversations, key=lambda row: row.number)}
        self.known = {(row.sender_key, row.client_id): row for row in messages}
        self.uploads = {row.pk: row for row in uploads}
        self.limits = {row.workspace_id: getattr(row, usage.VISITOR_MESSAGES) for row in entitlements}
        self.used: set[tuple[UUID, str]] = set()
        self.crossed: list[tuple[Event, Workspace, int, int]] = []
        self.appender = Appender()

    def take(self, post: VisitorPost) -> Posted | MiniChatError:
        try:
            return self._take(post)
        except MiniChatError as error:
            return error

    def close(self) -> None:
        self.appender.extra = [roundtrips.update(self.counters[key], ["used"]) for key in self.used]
        self.appender.write()
        for event, workspace, used, limit in self.crossed:
            emit(event, workspace, used=used, limit=limit)

    def _take(self, post: VisitorPost) -> Posted:
        visitor = post.visitor
        existing = self.known.get((visitor.sender_key, post.client_id))
        if existing:
            files = [row for pk, row in self.uploads.items() if pk in post.attachments]
            same = repeated(
                existing, kind=Kind.VISITOR, body=post.body, conversation_id=post.conversation_id, files=files
            )
            return Posted(same, is_repeat=True)
        chosen = self._conversation(post)
        files = sendable(self.uploads, post.attachments, sender_key=visitor.sender_key, conversation=chosen)
        self._meet(visitor, chosen)
        self._count(visitor.workspace, visitor.workspace_id)
        conversation = chosen or self._open(visitor)
        # The pushes speak of these; they are at hand, so nobody reads them again.
        conversation.visitor, conversation.contact, conversation.inbox = visitor, visitor.contact, visitor.inbox
        if post.is_told_otherwise:
            self.appender.told_otherwise.add(conversation.pk)
        if conversation.status == Status.RESOLVED:
            reopen(self.appender, conversation)
            self._begin_anew(conversation)
        elif conversation.status == Status.SNOOZED:
            bring_back(self.appender, conversation, "message")
        message = self.appender.text(
            conversation,
            kind=Kind.VISITOR,
            body=post.body,
            sender_key=visitor.sender_key,
            client_id=post.client_id,
            files=files,
        )
        self.known[visitor.sender_key, post.client_id] = message
        return Posted(message, is_repeat=False)

    def _conversation(self, post: VisitorPost) -> Conversation | None:
        if post.conversation_id is None:
            return None if post.fresh else self.newest.get(post.visitor.pk)
        conversation = self.conversations.get(post.conversation_id)
        if conversation is None or conversation.visitor_id != post.visitor.pk:
            raise NotFound
        return conversation

    def _begin_anew(self, conversation: Conversation) -> None:
        """Whoever had it has finished: where the assistant answers, it does so again."""
        if conversation.inbox.answered_by == Handler.AI:
            conversation.handler = Handler.AI
            conversation.give_to(None)

    def _meet(self, visitor: Visitor, conversation: Conversation | None) -> None:
        """A socket may know its visitor for hours; meanwhile the team named the contact, or merged it into another."""
        now = conversation or self.visitors.get(visitor.pk)
        visitor.contact = self.contacts.get(now.contact_id if now else None) or visitor.contact

    def _open(self, visitor: Visitor) -> Conversation:
        conversation = Conversation(
            id=uuid4(),
            workspace_id=visitor.workspace_id,
            inbox=visitor.inbox,
            contact=visitor.contact,
            visitor=visitor,
            number=self._next(visitor.workspace, NUMBERS),
            handler=visitor.inbox.answered_by,
            last_message_at=self.appender.now,
        )
        self.appender.open(conversation)
        self.conversations[conversation.pk] = self.newest[visitor.pk] = conversation
        return conversation

    def _count(self, workspace: Workspace, workspace_id: UUID) -> None:
        """One more visitor message this month, or `QuotaExceeded`; the counter is under our lock."""
        period, limit = self.periods[workspace_id], self.limits[workspace_id]
        counter = self._counter(workspace, usage.VISITOR_MESSAGES)
        if limit is not None and counter.used + 1 > limit:
            raise usage.exceeded(counter.used, limit, period)
        counter.used += 1
        event = usage.threshold(counter.used, limit)
        if event and limit:
            self.crossed.append((event, workspace, counter.used, limit))

    def _next(self, workspace: Workspace, metric: str) -> int:
        counter = self._counter(workspace, metric)
        counter.used += 1
        return counter.used

    def _counter(self, workspace: Workspace, metric: str) -> UsageCounter:
        self.used.add((workspace.pk, metric))
        return self.counters[workspace.pk, metric]

    def _make_missing_counters(self) -> None:
        """The first message of a month or a workspace. In the order of `_counters`: two of them must not deadlock."""
        for pk in sorted(self.workspaces):
            for metric, period in ((NUMBERS, usage.FOR_EVER), (usage.VISITOR_MESSAGES, self.periods[pk].key)):
                if (pk, metric) not in self.counters:
                    self.counters[pk, metric] = usage.locked(self.workspaces[pk], metric, period)

    def _is_current(self, counter: UsageCounter) -> bool:
        return counter.period in (usage.FOR_EVER, self.periods[counter.workspace_id].key)


def _build(lists: Mapping[str, Any]) -> list[QuerySet[Any]]:
    """Without visitors whose conversation is still to be chosen: a plain list of keys finds all conversations."""
    return _queries(lists, Q(pk__among=lists["chosen"]))


def _build_choosing(lists: Mapping[str, Any]) -> list[QuerySet[Any]]:
    newest = Conversation.unscoped.filter(visitor=OuterRef("visitor")).order_by("-number").values("pk")[:1]
    theirs = Q(visitor__pk__among=lists["choosing"], pk=Subquery(newest))
    return _queries(lists, Q(pk__among=lists["chosen"]) | theirs)


def _queries(lists: Mapping[str, Any], conversations: Q) -> list[QuerySet[Any]]:
    ours = Q(workspace__pk__among=lists["workspaces"])
    monthly = Q(metric=usage.VISITOR_MESSAGES, period__among=lists["periods"])
    visitors = Visitor.unscoped.filter(pk__among=lists["visitors"])
    counters = UsageCounter.unscoped.filter(ours, monthly | Q(metric=NUMBERS, period=usage.FOR_EVER))
    # Wider than pairs on purpose: plain lists use the unique index.
    known = Message.unscoped.filter(ours, sender_key__among=lists["senders"], client_id__among=lists["names"])
    return [
        counters.order_by("workspace", "metric", "period").select_for_update(no_key=True),
        Visitor.unscoped.filter(pk__among=lists["choosing"]).order_by("pk").select_for_update(no_key=True),
        Contact.unscoped.filter(pk__in=visitors.values("contact")),
        Conversation.unscoped.filter(conversations).order_by("pk").select_for_update(no_key=True),
        known,
        Entitlements.unscoped.filter(ours),
        Attachment.unscoped.filter(pk__among=lists["uploads"]).order_by("pk").select_for_update(no_key=True),
    ]


# Visitors who have their conversation are not locked, and who takes no file along asks for none.
SKIP = {1: "choosing", 6: "uploads"}
READS = {False: roundtrips.Reads(_build, skip=SKIP), True: roundtrips.Reads(_build_choosing, skip=SKIP)}
