"""Visitors' messages, many in one transaction.

Whatever waits while a transaction runs is stored by the next one (`chat/writer.py`), so that a burst costs a handful of
commits. Locks are always taken in the order counters (by workspace and metric), visitors, conversations (by key).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db.models import OuterRef, Q, Subquery

from chat.actions.messages import Posted
from chat.append import Appender, reopen, repeated
from chat.models import Conversation, Kind, Message, Status, Visitor
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

    `conversation_id` None: the visitor's newest conversation, or a new one.
    """

    visitor: Visitor
    body: str
    client_id: UUID
    conversation_id: UUID | None = None


def post_visitor_message(
    visitor: Visitor, *, body: str, client_id: UUID, conversation_id: UUID | None = None
) -> Posted:
    """Store one message; raises what `post_visitor_messages` returns as an error."""
    [result] = post_visitor_messages([VisitorPost(visitor, body, client_id, conversation_id)])
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
        counters, _, conversations, messages, entitlements = roundtrips.fetch(
            self._counters().select_for_update(no_key=True),
            Visitor.unscoped.filter(pk__in=choosing).order_by("pk").select_for_update(no_key=True),
            _conversations(choosing, chosen).select_for_update(no_key=True),
            _known_messages(posts),
            Entitlements.unscoped.filter(workspace__in=self.workspaces),
        )
        self.counters = {(row.workspace_id, row.metric): row for row in counters}
        self._make_missing_counters()
        self.conversations = {row.pk: row for row in conversations}
        self.newest = {row.visitor_id: row for row in sorted(conversations, key=lambda row: row.number)}
        self.known = {(row.sender_key, row.client_id): row for row in messages}
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
            same = repeated(existing, kind=Kind.VISITOR, body=post.body, conversation_id=post.conversation_id)
            return Posted(same, is_repeat=True)
        chosen = self._conversation(post)
        self._count(visitor.workspace, visitor.workspace_id)
        conversation = chosen or self._open(visitor)
        # The pushes speak of these; they are at hand, so nobody reads them again.
        conversation.visitor, conversation.contact, conversation.inbox = visitor, visitor.contact, visitor.inbox
        if conversation.status != Status.OPEN:
            reopen(self.appender, conversation)
        message = self.appender.text(
            conversation, kind=Kind.VISITOR, body=post.body, sender_key=visitor.sender_key, client_id=post.client_id
        )
        self.known[visitor.sender_key, post.client_id] = message
        return Posted(message, is_repeat=False)

    def _conversation(self, post: VisitorPost) -> Conversation | None:
        if post.conversation_id is None:
            return self.newest.get(post.visitor.pk)
        conversation = self.conversations.get(post.conversation_id)
        if conversation is None or conversation.visitor_id != post.visitor.pk:
            raise NotFound
        return conversation

    def _open(self, visitor: Visitor) -> Conversation:
        conversation = Conversation(
            id=uuid4(),
            workspace_id=visitor.workspace_id,
            inbox=visitor.inbox,
            contact=visitor.contact,
            visitor=visitor,
            number=self._next(visitor.workspace, NUMBERS),
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

    def _counters(self):  # noqa: ANN202
        wanted = Q()
        for pk, period in self.periods.items():
            wanted |= Q(workspace=pk, metric=usage.VISITOR_MESSAGES, period=period.key)
            wanted |= Q(workspace=pk, metric=NUMBERS, period=usage.FOR_EVER)
        return UsageCounter.unscoped.filter(wanted).order_by("workspace", "metric")


def _conversations(choosing: set[UUID], chosen: set[UUID]):  # noqa: ANN202
    """The newest conversation of each visitor in `choosing`, and those in `chosen`."""
    newest = Conversation.unscoped.filter(visitor=OuterRef("visitor")).order_by("-number").values("pk")[:1]
    wanted = Q(pk__in=chosen)
    if choosing:
        wanted |= Q(visitor__in=choosing, pk=Subquery(newest))
    return Conversation.unscoped.filter(wanted).order_by("pk")


def _known_messages(posts: Sequence[VisitorPost]):  # noqa: ANN202
    """Messages that some post may repeat. Wider than pairs on purpose: two plain lists use the unique index."""
    return Message.unscoped.filter(
        workspace__in={post.visitor.workspace_id for post in posts},
        sender_key__in={post.visitor.sender_key for post in posts},
        client_id__in={post.client_id for post in posts},
    )
