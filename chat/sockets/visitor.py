from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import timezone, translation

from chat import actions, broadcasts, frames, live, pace, presence, sessions
from chat.hub import hub
from chat.identity import IdentityRefused, IdentityRequired
from chat.models import Visitor
from chat.sessions import Traits
from chat.sockets import handshake
from chat.sockets.base import Action, BaseSocket, common_actions
from chat.sockets.watch import SIGN_IN, watch
from chat.writer import writer
from minichat.lib.errors import MiniChatError, QuotaExceeded, Unauthenticated
from minichat.lib.throttle import client_ip

logger = logging.getLogger(__name__)

HELLO_TIME = 5.0


class VisitorSocket(BaseSocket):
    """A visitor's tab. Nothing but `hello` is heard before `hello`; no cookie is read."""

    visitor: Visitor | None = None
    conversation_id: UUID | None = None
    is_welcome = False
    missed = False

    async def connect(self) -> None:
        if not handshake.is_own_origin(self.scope):
            await self.close()
            return
        self.key = self.scope["url_route"]["kwargs"]["key"]
        self.network = f"network.{client_ip(self.scope)}"
        hub.add(self)
        watch.start()
        self.join(self.network)
        await self.accept()
        if len(hub.groups[self.network]) > settings.SOCKETS_PER_NETWORK * settings.THROTTLE_SCALE:
            await self.shut(1013)
            return
        self.deadline = asyncio.get_running_loop().call_later(HELLO_TIME, self._no_hello)

    async def dispatch_frame(self, frame: dict[str, Any]) -> None:
        if self.visitor is None and frame.get("type") != "hello":
            raise frames.Malformed
        await super().dispatch_frame(frame)

    def _no_hello(self) -> None:
        if self.visitor is None:
            asyncio.ensure_future(self.shut(4408))

    # --- What a visitor may say ------------------------------------------------------------------------------------

    async def hello(
        self,
        v: int,
        token: str | None,
        ticket: str | None,
        lang: str,
        page: dict[str, str],
        timezone: str,
        identity: str | None,
    ) -> None:
        if self.visitor is not None:
            raise frames.Malformed
        self.deadline.cancel()
        self.language = lang
        try:
            await self._open(token, ticket or "", page, timezone, identity)
        except MiniChatError as error:
            await self._refuse_hello(error)
        except Exception:
            # There is no session to tell it in: the client comes back by itself.
            logger.exception("hello failed")
            await self.shut(1013)

    async def message(
        self, client_id: UUID, body: str, conversation: UUID | None, attachments: list[UUID], fresh: bool
    ) -> None:
        chosen = conversation or (None if fresh else self.conversation_id)
        post = actions.VisitorPost(self._visitor(), body, client_id, chosen, tuple(attachments), fresh)
        try:
            posted = await writer.post(post)
        except QuotaExceeded as error:
            raise await database_sync_to_async(sessions.with_form)(error, self._visitor()) from error
        self.conversation_id = posted.message.conversation_id
        await self.say(**posted.ack(public=True))

    async def form(self, **values: Any) -> None:
        answer = await database_sync_to_async(sessions.fill_form)(self._visitor(), values)
        if answer["message"]:
            self.conversation_id = UUID(answer["message"]["conversation"])
        await self.say(**answer)

    async def read_mark(self, conversation: UUID, position: int) -> None:
        await self._mark(conversation, read=position)

    async def got_mark(self, conversation: UUID, position: int) -> None:
        await self._mark(conversation, got=position)

    async def typing(self, conversation: UUID | None) -> None:
        if conversation not in (None, self.conversation_id):
            # Another one of theirs; whose it is, is asked once.
            await database_sync_to_async(sessions.conversation_of)(self._visitor(), conversation)
            self.conversation_id = conversation
        if self.conversation_id is not None:
            broadcasts.visitor_typing(self.conversation_id, self._visitor().contact.name)

    async def page(self, url: str, title: str) -> None:
        await database_sync_to_async(sessions.page_moved)(self._visitor(), url, title)
        live.moved(self._visitor().workspace_id)

    async def identify(self, identity: str | None, traits: Traits | None) -> None:
        """Given a new token, the client says hello again with it: that session is the verified one."""
        session = sessions.Session(self._visitor(), None)
        if identity:
            session = await database_sync_to_async(sessions.identify)(session.visitor, identity)
        if traits:
            await database_sync_to_async(sessions.describe)(session.visitor, traits)
        await self.say(type="identified", **session.told())

    async def update(self, attributes: dict[str, str]) -> None:
        await database_sync_to_async(actions.describe_visitor)(self._visitor(), attributes=attributes)

    async def track(self, name: str, data: dict[str, str] | None) -> None:
        await database_sync_to_async(actions.track)(self._visitor(), name=name, data=data or {})

    # --- Inside ----------------------------------------------------------------------------------------------------

    def spend(self) -> None:
        pace.visitors.spend(self._visitor().sender_key)

    def _visitor(self) -> Visitor:
        assert self.visitor is not None
        return self.visitor

    async def _mark(self, conversation: UUID, *, got: int = 0, read: int = 0) -> None:
        await database_sync_to_async(sessions.mark)(self._visitor(), conversation, got=got, read=read)

    async def _open(
        self, token: str | None, ticket: str, page: dict[str, str], zone: str, identity: str | None
    ) -> None:
        session = await database_sync_to_async(sessions.begin)(
            self.key,
            token=token,
            ticket=ticket,
            language=self.language,
            page=page,
            user_agent=handshake.header(self.scope, b"user-agent"),
            ip=client_ip(self.scope),
            zone=zone,
            signed=identity,
        )
        self.visitor = session.visitor
        # Join before looking: what is stored in between is pushed, and what was before is in the welcome.
        visitor = session.visitor
        self.join(
            broadcasts.visitor(visitor.pk),
            broadcasts.visitors_of(visitor.workspace_id),
            broadcasts.visitors_in(visitor.inbox_id),
        )
        self.conversation_id, welcome = await self._hear(session)
        await self._welcome(welcome)
        if session.refusal:
            await self.refuse(session.refusal, None)
        self.tell_team(online=True)

    async def _hear(self, session: sessions.Session) -> tuple[UUID | None, dict[str, Any]]:
        """The welcome speaks the language that was just asked for."""
        with translation.override(self.language):
            return await database_sync_to_async(sessions.welcome)(session)

    async def _welcome(self, welcome: dict[str, Any]) -> None:
        self.is_welcome = True
        await self.say(type="welcome", **welcome)
        if self.missed:
            await self.say(type="resync")

    async def deliver(self, text: str) -> None:
        """The welcome is the first word; what was pushed before it is fetched, not shuffled in."""
        if self.visitor is None or self.is_welcome:
            await super().deliver(text)
        else:
            self.missed = True

    async def _refuse_hello(self, error: MiniChatError) -> None:
        client_code = "unknown_visitor" if isinstance(error, Unauthenticated) else error.code
        codes = {401: 4401, 403: 4403, 404: 4404, 429: 1013}
        code = SIGN_IN if isinstance(error, IdentityRequired | IdentityRefused) else codes.get(error.status, 4400)
        await self.say(
            type="error", client_id=None, code=client_code, message=error.detail, retry_after=error.retry_after
        )
        await self.shut(code)

    async def gone(self) -> None:
        closed_at = timezone.now()
        if getattr(self, "deadline", None):
            self.deadline.cancel()
        if self.visitor is None or hub.groups.get(broadcasts.visitor(self.visitor.pk)):
            return
        if await database_sync_to_async(presence.visitor_gone)(self.visitor, closed_at):
            self.tell_team(online=False)

    def tell_team(self, *, online: bool) -> None:
        if self.visitor is not None:
            live.moved(self.visitor.workspace_id)
        if self.visitor is not None and self.conversation_id is not None:
            broadcasts.visitor_presence(self.visitor.inbox_id, self.conversation_id, online=online)


VisitorSocket.actions = {
    "hello": Action(
        VisitorSocket.hello,
        {
            "v": frames.number,
            "token": frames.optional(frames.credential),
            "ticket": frames.optional(frames.line(1000)),
            "lang": frames.language,
            "page": frames.page,
            "timezone": frames.zone,
            "identity": frames.optional(frames.signed),
        },
    ),
    "message": Action(
        VisitorSocket.message,
        {
            "client_id": frames.uuid,
            "body": frames.body(frames.VISITOR_LIMIT, empty=True),
            "attachments": frames.attachments,
            "conversation": frames.optional(frames.uuid),
            "fresh": frames.flag,
        },
        paced=True,
    ),
    "form": Action(VisitorSocket.form, sessions.FORM_FIELDS, paced=True),
    "read": Action(VisitorSocket.read_mark, {"conversation": frames.uuid, "position": frames.number}, paced=True),
    "got": Action(VisitorSocket.got_mark, {"conversation": frames.uuid, "position": frames.number}, paced=True),
    "typing": Action(VisitorSocket.typing, {"conversation": frames.optional(frames.uuid)}, paced=True),
    "page": Action(VisitorSocket.page, {"url": frames.line(500), "title": frames.line(200)}, paced=True),
    "identify": Action(VisitorSocket.identify, sessions.IDENTIFY, paced=True),
    "update": Action(VisitorSocket.update, sessions.UPDATE, paced=True),
    "track": Action(VisitorSocket.track, sessions.TRACK, paced=True),
    **common_actions(),
}
