"""Looks after the sockets of this process every few seconds, with a handful of queries for all of them together.

Nothing a socket does rests on a right older than this (SR-31): members who left, sessions that ended, visitors who were
blocked are closed here, and so are the silent and the slow. Presence is renewed in the same round.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from channels.db import database_sync_to_async
from django.contrib.sessions.models import Session
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from chat import audience, broadcasts, viewing
from chat.hub import Push, hub
from chat.models import Credential, Presence, Visitor
from chat.widget import credentials
from workspaces.actions import mark_seen
from workspaces.models import Membership, Workspace

logger = logging.getLogger(__name__)

EVERY = 4.0
# Close code: nobody has vouched for the visitor, and the inbox lets in nobody else.
SIGN_IN = 4405
PRESENCE_EVERY = 25.0
CHUNK = 500


class Watch:
    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._presence_at = 0.0

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._task = loop.create_task(self._run())

    async def _run(self) -> None:
        while hub.sockets:
            await asyncio.sleep(EVERY)
            try:
                await self.round()
            except Exception:
                logger.exception("looking after the sockets failed")

    async def round(self) -> None:
        now = time.monotonic()
        for socket in list(hub.sockets):
            code = socket.overdue(now)  # type: ignore[attr-defined]
            if code is not None:
                await _shut(socket, code)
        sockets: list[Any] = list(hub.sockets)
        members = [socket for socket in sockets if getattr(socket, "membership", None)]
        visitors = [socket for socket in sockets if getattr(socket, "visitor", None)]
        await self._check_members(members)
        await self._check_visitors(visitors)
        viewing.beat()
        if now - self._presence_at > PRESENCE_EVERY:
            self._presence_at = now
            await self._renew_presence(members, visitors)

    async def _renew_presence(self, members: Sequence[Any], visitors: Sequence[Any]) -> None:
        seen_at = timezone.now()
        away = await database_sync_to_async(renew_presence)(
            {socket.membership.pk for socket in members}, {socket.visitor.pk for socket in visitors}, seen_at
        )
        for socket in visitors:
            # The list row that a message pushes is drawn from this object, not from the row just written.
            socket.visitor.last_seen_at = seen_at
            if socket.visitor.pk in away:
                socket.tell_team(online=True)

    async def _check_members(self, sockets: Sequence[Any]) -> None:
        if not sockets:
            return
        memberships, sessions = await database_sync_to_async(rights)(
            {socket.membership.pk for socket in sockets}, {socket.session_key for socket in sockets}
        )
        for socket in sockets:
            if socket.session_key not in sessions:
                await _shut(socket, 4401)
            elif socket.membership.pk not in memberships:
                await _shut(socket, 4403)
            elif memberships[socket.membership.pk].password != socket.scope["user"].password:
                # A new password ends what was opened with the old one; its session row may outlive it (SR-15).
                await _shut(socket, 4401)
            else:
                right = memberships[socket.membership.pk]
                socket.membership.role, socket.membership.workspace.status = right.role, right.status
        await self._look_at_inboxes(sockets)

    def heard(self, push: Push) -> None:
        """Who sees which inbox has changed somewhere: not in a few seconds, now."""
        if push.frame == "access":
            sockets = list(hub.groups.get(push.group, ()))
            asyncio.get_running_loop().create_task(self._look_at_inboxes(sockets))

    async def _look_at_inboxes(self, sockets: Sequence[Any]) -> None:
        there = [socket for socket in sockets if not socket.is_shut]
        if not there:
            return
        seen = await database_sync_to_async(audience.seen_by)(
            {one.membership.pk: one.membership for one in there}.values()
        )
        for socket in there:
            inboxes = seen[socket.membership.pk]
            if inboxes != socket.inboxes and not socket.is_shut:
                await _see(socket, inboxes)

    async def _check_visitors(self, sockets: Sequence[Any]) -> None:
        for start in range(0, len(sockets), CHUNK):
            chunk = sockets[start : start + CHUNK]
            refused = await database_sync_to_async(refused_visitors)({socket.visitor.pk for socket in chunk})
            shown = {credentials.of(socket.visitor).pk for socket in chunk}
            ended = shown - await database_sync_to_async(live_credentials)(shown)
            for socket in chunk:
                if socket.visitor.pk in refused:
                    await _shut(socket, refused[socket.visitor.pk])
                elif credentials.of(socket.visitor).pk in ended:
                    await _shut(socket, 4401)


async def _shut(socket: Any, code: int) -> None:
    """One that is half gone must not keep the others' rights from being looked at."""
    try:
        await socket.shut(code)
    except Exception as error:
        logger.info("a socket was gone before it was closed: %s", type(error).__name__)


async def _see(socket: Any, inboxes: set[Any]) -> None:
    try:
        await socket.see(inboxes)
    except Exception as error:
        logger.info("a socket was gone before it was told: %s", type(error).__name__)


class Right(NamedTuple):
    role: str
    password: str
    status: str


def rights(memberships: set[Any], sessions: set[str]) -> tuple[dict[Any, Right], set[str]]:
    """The roles of those that still have one, and the sessions that still run."""
    active = Membership.unscoped.filter(pk__in=memberships, deactivated_at=None, user__is_active=True).exclude(
        workspace__status__in=Workspace.SHUT
    )
    running = Session.objects.filter(session_key__in=sessions, expire_date__gt=timezone.now())
    rows = active.values_list("pk", "role", "user__password", "workspace__status")
    return {pk: Right(*right) for pk, *right in rows}, set(running.values_list("session_key", flat=True))


def refused_visitors(visitors: set[Any]) -> dict[Any, int]:
    """Those who may stay no longer, and the code that says why."""
    gone = (
        ~Q(workspace__status=Workspace.Status.ACTIVE) | Q(blocked_at__isnull=False) | Q(inbox__closed_at__isnull=False)
    )
    unvouched = Q(inbox__enforces_identity=True, verified_at=None)
    rows = Visitor.unscoped.filter(gone | unvouched, pk__in=visitors)
    is_gone = ExpressionWrapper(gone, output_field=BooleanField())
    return {pk: 4403 if out else SIGN_IN for pk, out in rows.annotate(is_gone=is_gone).values_list("pk", "is_gone")}


def live_credentials(shown: set[Any]) -> set[Any]:
    """Those that still open what they opened: somebody may have signed out, or been vouched for in another tab."""
    return set(Credential.unscoped.live().filter(pk__in=shown).values_list("pk", flat=True))


def renew_presence(memberships: set[Any], visitors: set[Any], seen_at: datetime) -> set[Any]:
    """Those who are here were still here at `seen_at`. Answers with the visitors that were taken for gone: a tab that
    closed in another process took them away from the team's screens."""
    presences = Presence.unscoped.filter(membership__in=memberships)
    # A tab that closed in another process took this member away from everybody's screen.
    away = [row.membership for row in presences.filter(seen_at=None).select_related("membership")]
    if away:
        broadcasts.team_presence(set().union(*audience.seen_by(away).values()), online=True)
    presences.update(seen_at=seen_at)
    mark_seen(memberships)
    ids = list(visitors)
    gone: set[Any] = set()
    for start in range(0, len(ids), CHUNK):
        # Not those who have left since: written here, they would stay for a minute.
        here = Visitor.unscoped.filter(Q(left_at=None) | Q(left_at__lte=seen_at), pk__in=ids[start : start + CHUNK])
        gone.update(here.filter(last_seen_at=None).values_list("pk", flat=True))
        here.update(last_seen_at=seen_at)
    return gone


watch = Watch()
