"""The bell over the socket that is there already."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from chat import actions, notices
from chat.models import Conversation
from chat.tests.sockets.test_operator_socket import entered
from notifications import actions as notification_actions
from notifications import centre
from notifications.kinds import BROWSER, MEMBER_JOINED
from workspaces.models import Membership


def tell(membership: Membership, name: str = "Guest") -> Any:
    to = membership.workspace.memberships.filter(pk=membership.pk)
    return notification_actions.notify(MEMBER_JOINED, to, data={"name": name})[0]


atell = sync_to_async(tell)


async def test_the_number_comes_with_the_welcome(operator_line: Any, ana_client: Any, ana_member: Membership) -> None:
    await atell(ana_member)
    line = await operator_line(ana_client)
    assert (await line.hear("welcome"))["bell"] == 1


async def test_what_concerns_somebody_comes_to_all_their_tabs_and_to_nobody_elses(
    operator_line: Any, ana_client: Any, omar_client: Any, ana_member: Membership
) -> None:
    one, two = await entered(operator_line, ana_client), await entered(operator_line, ana_client)
    omar = await entered(operator_line, omar_client)
    before = await sync_to_async(centre.unread_count)(ana_member)
    row = await atell(ana_member, "<b>Guest</b>")
    for line in (one, two):
        frame = await line.hear("notification")
        assert frame["id"] == str(row.pk) and frame["browser"] is True
        assert frame["text"] == "<b>Guest</b> joined the team." and frame["url"] == "/w/acme/settings/team/"
        assert "&lt;b&gt;Guest" in frame["html"] and f'id="n-{row.pk}"' in frame["html"]
        assert (await line.hear("bell"))["unread"] == before + 1
    await omar.hears_nothing_of("notification")


async def test_reading_in_one_tab_is_told_to_the_other(
    operator_line: Any, ana_client: Any, ana_member: Membership
) -> None:
    row = await atell(ana_member)
    one, two = await entered(operator_line, ana_client), await entered(operator_line, ana_client)
    await sync_to_async(notification_actions.mark_read)(ana_member, [row.pk])
    for line in (one, two):
        frame = await line.hear("notifications_read")
        assert frame["ids"] == [str(row.pk)] and frame["targets"] == []
        assert (await line.hear("bell"))["unread"] == 0
    await atell(ana_member)
    await sync_to_async(notification_actions.mark_all_read)(ana_member)
    assert (await one.hear("notifications_read"))["ids"] is None


async def test_of_a_burst_the_number_is_told_once(operator_line: Any, ana_client: Any, ana_member: Membership) -> None:
    line = await entered(operator_line, ana_client)
    for n in range(5):
        await atell(ana_member, f"Guest{n}")
    frame = await line.hear("bell")
    while frame["unread"] < 5:
        frame = await line.hear("bell")
    assert frame["unread"] == 5
    assert len([one for one in line.frames if one["type"] == "bell"]) < 5


async def test_somebody_who_waits_rings_and_somebody_who_takes_it_stops_the_ringing(
    operator_line: Any, visitor_line: Any, omar_client: Any, ana_client: Any, omar_member: Membership
) -> None:
    omar, ana = await entered(operator_line, omar_client), await entered(operator_line, ana_client)
    vic = await visitor_line()
    ack = await vic.post("is anybody there?")
    assert (await omar.hear("notification"))["target"] == ack["conversation"]
    await ana.hear("notification")
    conversation = await sync_to_async(omar_member.workspace.conversations.get)(pk=ack["conversation"])
    await sync_to_async(actions.take_over)(conversation, by=omar_member)
    frame = await ana.hear("notifications_read")
    assert frame["targets"] == [ack["conversation"]]
    await vic.hears_nothing_of("notification")


async def test_opening_the_thread_is_having_read_of_it(
    operator_line: Any, omar_client: Any, conversation: Conversation, ana_member: Membership, omar_member: Membership
) -> None:
    await sync_to_async(actions.assign)(conversation, assignee=omar_member, by=ana_member)
    unread = sync_to_async(lambda: list(omar_member.notifications.filter(kind=notices.ASSIGNED.name, read_at=None)))
    assert len(await unread()) == 1
    await entered(operator_line, omar_client, conversation)
    assert await unread() == []


async def test_a_thai_reader_is_told_in_thai(
    operator_line: Any, ana_client: Any, ana: User, ana_member: Membership
) -> None:
    ana.locale = "th"
    await sync_to_async(ana.save)()
    line = await entered(operator_line, ana_client)
    await atell(ana_member)
    assert (await line.hear("notification"))["text"] == "Guest เข้าร่วมทีมงานแล้ว"


async def test_whoever_wants_no_browser_notification_gets_the_entry_alone(
    operator_line: Any, ana_client: Any, ana_member: Membership
) -> None:
    await sync_to_async(notification_actions.save_settings)(ana_member, choices={(MEMBER_JOINED, BROWSER): False})
    line = await entered(operator_line, ana_client)
    await atell(ana_member)
    assert (await line.hear("notification"))["browser"] is False


@pytest.mark.parametrize("n", [1, 3])
async def test_after_the_night_browsers_are_told_in_one(
    operator_line: Any, ana_client: Any, ana_member: Membership, n: int
) -> None:
    line = await entered(operator_line, ana_client)
    rows = [await atell(ana_member) for _ in range(n)]
    past = rows[0].created_at
    await sync_to_async(ana_member.notifications.update)(browser_due_at=past)
    await sync_to_async(notification_actions.show_held)(ana_member.pk)
    frame = await line.hear("notification")
    while not frame["id"].startswith("held-"):
        frame = await line.hear("notification")
    assert frame["browser"] is True and frame["html"] == ""
    if n == 1:
        assert frame["text"] == "Guest joined the team." and frame["url"] == "/w/acme/settings/team/"
    else:
        assert frame["text"] == "3 notifications from your quiet hours" and frame["url"] == "/w/acme/notifications/"
