"""The same over a socket: vouched for at hello, or later; what is refused is told, and the chat goes on."""

from __future__ import annotations

from typing import Any

import pytest

from chat import actions
from chat.models import IdentityKey, Inbox, Visitor, VisitorEvent
from chat.sockets.watch import watch
from chat.tests.sockets.conftest import Line
from chat.tests.vouching import Vouch, secret, vouch
from chat.widget.access import issue_ticket
from workspaces.models import Membership

pytestmark = pytest.mark.asyncio
__all__ = ["secret", "vouch"]


async def hello(lines: list[Line], inbox: Inbox, *, token: str | None = None, identity: str | None = None) -> Line:
    line = Line(f"/ws/widget/{inbox.widget_key}/")
    await line.connect()
    lines.append(line)
    ticket = issue_ticket(inbox, inbox.allowed_origins[0])
    await line.say(type="hello", v=1, token=token, ticket=ticket, lang="en", identity=identity)
    return line


async def test_SR34_vouched_for_at_hello_on_two_devices(lines: list[Line], inbox: Inbox, vouch: Vouch) -> None:
    phone = await hello(lines, inbox, identity=vouch())
    welcome = await phone.hear("welcome")
    assert welcome["verified"] is True and welcome["token"]
    ack = await phone.post("from my phone")
    laptop = await hello(lines, inbox, identity=vouch())
    assert (await laptop.hear("welcome"))["conversation"]["id"] == ack["conversation"]
    await phone.post("and live")
    assert (await laptop.hear("message"))["message"]["body"] == "and live"


async def test_SR34_a_refused_token_is_told_and_the_chat_goes_on(lines: list[Line], inbox: Inbox, vouch: Vouch) -> None:
    line = await hello(lines, inbox, identity=vouch(exp=1))
    assert (await line.hear("welcome"))["verified"] is False
    assert (await line.hear("error"))["code"] == "identity_expired"
    assert (await line.post("still here"))["seq"] == 1


@pytest.mark.parametrize("identity", ["x" * 5000, 7, "โทเคน", {"token": "x"}])
async def test_SR34_what_is_no_token_does_not_close_the_chat(lines: list[Line], inbox: Inbox, identity: Any) -> None:
    line = await hello(lines, inbox, identity=identity)
    assert (await line.hear("welcome"))["verified"] is False
    assert (await line.hear("error"))["code"] == "identity_invalid"


async def test_SR34_vouched_for_later(visitor_line: Any, lines: list[Line], inbox: Inbox, vouch: Vouch) -> None:
    line, other_tab = await visitor_line(), await visitor_line()
    ack = await line.post("before")
    await line.say(type="identify", identity=vouch(), traits={"plan": "pro"})
    answer = await line.hear("identified")
    assert answer["verified"] is True
    await watch.round()
    assert await other_tab.closed_with() == 4401, "its credential opens nothing any more"
    again = await hello(lines, inbox, token=answer["token"])
    assert (await again.hear("welcome"))["conversation"]["id"] == ack["conversation"]


async def test_SR33_what_is_typed_opens_nothing(visitor_line: Any, in_thread: Any) -> None:
    line = await visitor_line()
    await line.say(type="identify", traits={"name": "The CEO", "id": "customer-7"})
    assert await line.hear("identified") == {"type": "identified", "token": None, "verified": False, "other": False}
    await line.say(type="update", attributes={"plan": "pro"})
    await line.say(type="track", name="Added to cart", data={"sku": "K-MAX"})
    await line.post("done")
    visitor = await in_thread(lambda: Visitor.unscoped.select_related("contact").get())
    assert visitor.contact.name == "The CEO" and visitor.contact.external_id is None
    assert visitor.contact.attributes == {"id": "customer-7", "plan": "pro"}
    assert await in_thread(lambda: VisitorEvent.unscoped.get().data) == {"sku": "K-MAX"}


async def test_SR34_enforced(
    visitor_line: Any, lines: list[Line], inbox: Inbox, vouch: Vouch, ana_member: Membership, in_thread: Any
) -> None:
    inside = await visitor_line()
    await in_thread(lambda: actions.enforce_identity(inbox, enforced=True, by=ana_member))
    await watch.round()
    assert await inside.closed_with() == 4405
    for identity, code in ((None, "identity_required"), (vouch(exp=1), "identity_expired")):
        stranger = await hello(lines, inbox, identity=identity)
        assert (await stranger.hear("error"))["code"] == code
        assert await stranger.closed_with() == 4405
    assert (await (await hello(lines, inbox, identity=vouch())).hear("welcome"))["verified"] is True


async def test_SR34_a_revoked_key_closes_what_it_opened(
    lines: list[Line],
    inbox: Inbox,
    vouch: Vouch,
    secret: tuple[IdentityKey, str],
    ana_member: Membership,
    in_thread: Any,
) -> None:
    line = await hello(lines, inbox, identity=vouch())
    await line.hear("welcome")
    await in_thread(lambda: actions.revoke_identity_key(secret[0], by=ana_member))
    await watch.round()
    assert await line.closed_with() == 4401
