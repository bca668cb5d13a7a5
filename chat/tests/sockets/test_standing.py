"""Whoever is connected learns at once that the workspace was suspended, closed, or given back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from chat.models import Conversation, Inbox
from chat.sockets.watch import watch
from chat.tests.sockets.test_operator_socket import entered
from workspaces import actions
from workspaces.models import Membership, Workspace


async def test_closing_sends_everybody_away_at_once(
    operator_line: Any, visitor_line: Any, in_thread: Any, omar_client: Any, acme: Workspace, ana_member: Membership
) -> None:
    omar, vic = await entered(operator_line, omar_client), await visitor_line()
    await in_thread(lambda: actions.close(acme, by=ana_member))
    assert await omar.closed_with() == 4404
    assert await vic.closed_with() == 4404
    again = await operator_line(omar_client)
    assert await again.closed_with() == 4404


async def test_suspending_sends_visitors_away_and_tells_the_team(
    operator_line: Any, visitor_line: Any, in_thread: Any, omar_client: Any, acme: Workspace, conversation: Conversation
) -> None:
    omar, vic = await entered(operator_line, omar_client, conversation), await visitor_line()
    await in_thread(lambda: actions.suspend(acme, reason="Spam"))
    assert (await omar.hear("standing"))["status"] == "suspended"
    assert await vic.closed_with() == 4403
    await in_thread(lambda: actions.resume(acme))
    assert (await omar.hear("standing"))["status"] == "active"
    assert (await visitor_line()).connected


async def test_somebody_new_is_told_calmly(visitor_line: Any, in_thread: Any, inbox: Inbox, acme: Workspace) -> None:
    await in_thread(lambda: actions.suspend(acme, reason="Spam"))
    line = await visitor_line(hello=False)
    await line.say(type="hello", v=1, token=None, ticket="x", lang="en", page={"url": "https://a.b/"})
    assert (await line.hear("error"))["code"] == "forbidden"
    assert await line.closed_with() == 4403


async def test_SR31_the_round_finds_what_no_push_told(
    operator_line: Any, visitor_line: Any, in_thread: Any, omar_client: Any, acme: Workspace, conversation: Conversation
) -> None:
    """The channel layer was away when it was suspended: the rights are looked at again within seconds."""
    omar, vic = await entered(operator_line, omar_client, conversation), await visitor_line()
    await in_thread(lambda: Workspace.objects.filter(pk=acme.pk).update(status="suspended"))
    await watch.round()
    assert await vic.closed_with() == 4403
    frame = {"conversation": str(conversation.pk), "client_id": str(uuid.uuid4()), "body": "x", "note": False}
    await omar.say(type="message", **frame)
    refused = await omar.hear("error")
    assert refused["code"] == "workspace_suspended" and "suspended" in refused["message"]
    await omar.say(type="open", conversation=None)
    await omar.hear("opened")
    await in_thread(lambda: Workspace.objects.filter(pk=acme.pk).update(status="closed"))
    await watch.round()
    assert await omar.closed_with() == 4403


async def test_a_tab_comes_back_by_the_old_address(
    operator_line: Any, in_thread: Any, omar_client: Any, gil_client: Any, acme: Workspace, ana_member: Membership
) -> None:
    await in_thread(lambda: actions.change_settings(acme, by=ana_member, slug="nova"))
    omar = await operator_line(omar_client, "acme")
    await omar.hear("welcome")
    stranger = await operator_line(gil_client, "acme")
    assert await stranger.closed_with() == 4404


@pytest.mark.pure
def test_the_contract_knows_the_frame() -> None:
    from pathlib import Path

    from django.conf import settings

    assert '"type":"standing"' in (Path(settings.BASE_DIR) / "docs/protocol.md").read_text()
