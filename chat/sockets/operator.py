from __future__ import annotations

from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.utils import timezone

from accounts.models import User
from chat import actions, audience, broadcasts, counts, frames, pace, presence, viewing
from chat.hub import hub
from chat.models import Conversation
from chat.sockets import handshake
from chat.sockets.base import Action, BaseSocket, common_actions
from chat.sockets.watch import watch
from minichat.lib.errors import NotFound
from notifications import centre
from notifications.actions import read_about
from workspaces import access
from workspaces.decorators import use_language
from workspaces.models import Membership
from workspaces.roles import Role
from workspaces.standing import Moved, Suspended

SOCKETS_PER_MEMBER = 10


class OperatorSocket(BaseSocket):
    """One tab of a member's dashboard."""

    membership: Membership | None = None
    session_key = ""
    open_conversation: Conversation | None = None
    # Whether somebody sees this tab; a hidden one hears everything and looks at nothing.
    looks = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inboxes: set[UUID] = set()
        self.is_here = False

    async def connect(self) -> None:
        if not handshake.is_own_origin(self.scope):
            await self.close()
            return
        hub.add(self)
        watch.start()
        await self.accept()
        user = self.scope.get("user")
        if user is None or not user.is_authenticated:
            await self.shut(4401)
            return
        try:
            membership = await self._membership_of(user)
        except NotFound:
            await self.shut(4404)
            return
        await self._enter(membership)

    async def _membership_of(self, user: User) -> Membership:
        """Also by an address that the workspace had: a tab that was open when it moved comes back here."""
        try:
            return await access.amembership_for(user, slug=self.scope["url_route"]["kwargs"]["slug"])
        except Moved as moved:
            return await access.amembership_for(user, slug=moved.slug)

    async def _enter(self, membership: Membership) -> None:
        self.membership = membership
        self.session_key = self.scope["session"].session_key
        self.language = use_language(
            membership, handshake.language(self.scope), chosen=handshake.chosen_language(self.scope)
        )
        self.join(broadcasts.member(membership.pk))
        if len(hub.groups[broadcasts.member(membership.pk)]) > SOCKETS_PER_MEMBER:
            await self.shut(1013)
            return
        self.join(broadcasts.team(membership.workspace_id))
        self.inboxes = await database_sync_to_async(self._seen)()
        self.join(*map(broadcasts.inbox, self.inboxes))
        self.is_here = True
        numbers, unread = await database_sync_to_async(self._arrive)()
        now = timezone.now()
        await self.say(type="welcome", v=1, member=str(membership.pk), server_time=now, counts=numbers, bell=unread)

    def _arrive(self) -> tuple[dict[str, int], int]:
        assert self.membership is not None
        presence.member_seen(self.membership)
        if self.membership.can_reply():
            broadcasts.team_presence(self.inboxes, online=True)
        return counts.counts_for(self.membership), centre.unread_count(self.membership)

    def _seen(self) -> set[UUID]:
        member = self._member()
        return audience.seen_by([member])[member.pk]

    async def see(self, inboxes: set[UUID]) -> None:
        """The inboxes that this member sees now: pushes of others end, with the thread that is open in one of them."""
        if not self.is_here:
            return  # it looks by itself in a moment
        gone, new = self.inboxes - inboxes, inboxes - self.inboxes
        self.inboxes = inboxes
        self.join(*map(broadcasts.inbox, new))
        for pk in gone:
            self.leave(broadcasts.inbox(pk))
        closed = None
        if self.open_conversation is not None and self.open_conversation.inbox_id in gone:
            closed = str(self.open_conversation.pk)
            self._leave_thread()
        if gone or new:
            await self.say(type="access", closed=closed)
            await self.say(type="counts", **await database_sync_to_async(counts.counts_for)(self._member()))

    async def run(self, action: Action, frame: dict[str, Any]) -> None:
        """While the workspace is suspended the team reads on; whatever takes an operator would change something."""
        if action.role is Role.OPERATOR and self._member().workspace.is_suspended:
            raise Suspended
        await super().run(action, frame)

    def may(self, role: Role) -> bool:
        return self.membership is not None and self.membership.may(role)

    # --- What a member may say -------------------------------------------------------------------------------------

    async def open(self, conversation: UUID | None) -> None:
        self._leave_thread()
        if conversation is None:
            await self.say(type="opened", conversation=None, seq=0)
            return
        # The door first: nobody is in a thread's group for even a moment without the right to it. Then join, and only
        # then look at the number: what is appended in between is pushed, what was before is in `seq`.
        await self._load(conversation)
        self.join(broadcasts.thread(conversation))
        try:
            row = await self._load(conversation)
            # The right may have gone while we looked, and `see` found no open thread to close.
            if row.inbox_id not in self.inboxes:
                await self.see(await database_sync_to_async(self._seen)())
            if row.inbox_id not in self.inboxes:
                raise NotFound
        except NotFound:
            self.leave(broadcasts.thread(conversation))
            raise
        self.open_conversation = row
        if self.looks:
            viewing.came(self)
        await database_sync_to_async(read_about)(self._member(), str(row.pk))
        await self.say(type="opened", conversation=str(row.pk), seq=row.last_seq)

    async def look(self, looking: bool) -> None:
        if looking == self.looks:
            return
        self.looks = looking
        if self.open_conversation is not None:
            (viewing.came if looking else viewing.left)(self)

    async def watch(self, visitors: bool) -> None:
        group = broadcasts.live(self._member().workspace_id)
        (self.join if visitors else self.leave)(group)

    async def message(self, conversation: UUID, **words: Any) -> None:
        posted = await database_sync_to_async(self._post)(conversation, words)
        await self.say(**posted.ack(public=False))

    async def typing(self, conversation: UUID, note: bool) -> None:
        row = self.open_conversation
        if row is None or row.pk != conversation:
            raise NotFound
        broadcasts.operator_typing(row.pk, row.visitor_id, self._member(), note=note)

    async def read_mark(self, conversation: UUID, position: int) -> None:
        await database_sync_to_async(self._read)(conversation, position)

    def _leave_thread(self) -> None:
        if self.open_conversation is None:
            return
        self.leave(broadcasts.thread(self.open_conversation.pk))
        if self.looks:
            viewing.left(self)
        self.open_conversation = None

    # --- Inside ----------------------------------------------------------------------------------------------------

    def spend(self) -> None:
        pace.members.spend(str(self._member().pk))

    def _member(self) -> Membership:
        assert self.membership is not None
        return self.membership

    def _find(self, conversation: UUID) -> Conversation:
        """The door: only what this member may see, whatever id was sent."""
        row = self._member().workspace.conversations.visible_to(self._member()).filter(pk=conversation).first()
        if row is None:
            raise NotFound
        return row

    async def _load(self, conversation: UUID) -> Conversation:
        return await database_sync_to_async(self._find)(conversation)

    def _post(self, conversation: UUID, words: dict[str, Any]) -> actions.Posted:
        return actions.post_operator_message(self._find(conversation), by=self._member(), **words)

    def _read(self, conversation: UUID, position: int) -> None:
        actions.mark_read(self._find(conversation), by=self._member(), position=position)

    async def gone(self) -> None:
        self._leave_thread()
        if self.membership is None or hub.groups.get(broadcasts.member(self.membership.pk)):
            return
        await database_sync_to_async(self._depart)()

    def _depart(self) -> None:
        presence.member_gone(self._member())
        broadcasts.team_presence(presence.unanswered(self._member()), online=False)


OperatorSocket.actions = {
    "open": Action(OperatorSocket.open, {"conversation": frames.optional(frames.uuid)}, Role.VIEWER),
    "message": Action(
        OperatorSocket.message,
        {
            "conversation": frames.uuid,
            "client_id": frames.uuid,
            "body": frames.body(frames.OPERATOR_LIMIT, empty=True),
            "attachments": frames.attachments,
            "note": frames.flag,
            "mentions": frames.uuids,
            "draft": frames.optional(frames.number),
            "quick_replies": frames.short_answers,
            "card": frames.card,
        },
        Role.OPERATOR,
        paced=True,
    ),
    "typing": Action(
        OperatorSocket.typing, {"conversation": frames.uuid, "note": frames.flag}, Role.OPERATOR, paced=True
    ),
    "watch": Action(OperatorSocket.watch, {"visitors": frames.flag}, Role.VIEWER),
    "look": Action(OperatorSocket.look, {"looking": frames.flag}, Role.VIEWER),
    "read": Action(OperatorSocket.read_mark, {"conversation": frames.uuid, "position": frames.number}, Role.VIEWER),
    **common_actions(),
}
