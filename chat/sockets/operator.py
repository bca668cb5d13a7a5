from __future__ import annotations

from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.utils import timezone

from accounts.models import User
from chat import actions, broadcasts, counts, frames, pace, presence
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
        numbers, unread = await database_sync_to_async(self._arrive)()
        now = timezone.now()
        await self.say(type="welcome", v=1, member=str(membership.pk), server_time=now, counts=numbers, bell=unread)

    def _arrive(self) -> tuple[dict[str, int], int]:
        assert self.membership is not None
        presence.member_seen(self.membership)
        if self.membership.can_reply():
            broadcasts.team_presence(self.membership.workspace_id, online=True)
        return counts.counts_for(self.membership), centre.unread_count(self.membership)

    async def run(self, action: Action, frame: dict[str, Any]) -> None:
        """While the workspace is suspended the team reads on; whatever takes an operator would change something."""
        if action.role is Role.OPERATOR and self._member().workspace.is_suspended:
            raise Suspended
        await super().run(action, frame)

    def may(self, role: Role) -> bool:
        return self.membership is not None and self.membership.may(role)

    # --- What a member may say -------------------------------------------------------------------------------------

    async def open(self, conversation: UUID | None) -> None:
        if self.open_conversation is not None:
            self.leave(broadcasts.thread(self.open_conversation.pk))
            self.open_conversation = None
        if conversation is None:
            await self.say(type="opened", conversation=None, seq=0)
            return
        # The door first: nobody is in a thread's group for even a moment without the right to it. Then join, and only
        # then look at the number: what is appended in between is pushed, what was before is in `seq`.
        await self._load(conversation)
        self.join(broadcasts.thread(conversation))
        row = await self._load(conversation)
        self.open_conversation = row
        await database_sync_to_async(read_about)(self._member(), str(row.pk))
        await self.say(type="opened", conversation=str(row.pk), seq=row.last_seq)

    async def message(self, conversation: UUID, client_id: UUID, body: str, note: bool) -> None:
        posted = await database_sync_to_async(self._post)(conversation, client_id, body, note)
        await self.say(**posted.ack(public=False))

    async def typing(self, conversation: UUID, note: bool) -> None:
        row = self.open_conversation
        if row is None or row.pk != conversation:
            raise NotFound
        broadcasts.operator_typing(row.pk, row.visitor_id, self._member(), note=note)

    async def read_mark(self, conversation: UUID, position: int) -> None:
        await database_sync_to_async(self._read)(conversation, position)

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

    def _post(self, conversation: UUID, client_id: UUID, body: str, note: bool) -> actions.Posted:
        return actions.post_operator_message(
            self._find(conversation), by=self._member(), body=body, client_id=client_id, note=note
        )

    def _read(self, conversation: UUID, position: int) -> None:
        actions.mark_read(self._find(conversation), by=self._member(), position=position)

    async def gone(self) -> None:
        if self.membership is None or hub.groups.get(broadcasts.member(self.membership.pk)):
            return
        await database_sync_to_async(self._depart)()

    def _depart(self) -> None:
        presence.member_gone(self._member())
        if not presence.answering(self._member().workspace).exists():
            broadcasts.team_presence(self._member().workspace_id, online=False)


OperatorSocket.actions = {
    "open": Action(OperatorSocket.open, {"conversation": frames.optional(frames.uuid)}, Role.VIEWER),
    "message": Action(
        OperatorSocket.message,
        {
            "conversation": frames.uuid,
            "client_id": frames.uuid,
            "body": frames.body(frames.OPERATOR_LIMIT),
            "note": frames.flag,
        },
        Role.OPERATOR,
        paced=True,
    ),
    "typing": Action(
        OperatorSocket.typing, {"conversation": frames.uuid, "note": frames.flag}, Role.OPERATOR, paced=True
    ),
    "read": Action(OperatorSocket.read_mark, {"conversation": frames.uuid, "position": frames.number}, Role.VIEWER),
    **common_actions(),
}
