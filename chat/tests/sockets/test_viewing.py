"""Who looks at a thread, and who is writing there."""

from __future__ import annotations

from typing import Any

import pytest

from chat import viewing
from chat.hub import Push, hub
from chat.models import Conversation


@pytest.fixture
def enter(operator_line: Any, conversation: Conversation) -> Any:
    """A tab of the person signed in here, with the conversation open."""

    async def enter(client: Any) -> Any:
        line = await operator_line(client)
        await line.hear("welcome")
        await line.say(type="open", conversation=str(conversation.pk))
        await line.hear("opened")
        line.meanwhile = list(line.frames)
        return line

    return enter


async def sign(line: Any, name: str) -> dict[str, Any]:
    """The next sign of this member, which may have come before the word that the thread is open."""
    while True:
        frame = line.meanwhile.pop(0) if line.meanwhile else await line.hear("viewing")
        if frame["type"] == "viewing" and frame["name"] == name:
            return frame


async def test_both_learn_of_each_other(enter: Any, omar_client: Any, ana_client: Any) -> None:
    omar = await enter(omar_client)
    ana = await enter(ana_client)
    assert (await sign(omar, "Ana Srisuk"))["here"], "who is here learns of the newcomer"
    told = await sign(ana, "Omar Haddad")
    assert told["here"] and "asks" not in told, "the newcomer learns of who was here"


async def test_a_closed_tab_and_another_thread_are_gone(
    enter: Any, omar_client: Any, ana_client: Any, vera_client: Any
) -> None:
    omar, ana, vera = await enter(omar_client), await enter(ana_client), await enter(vera_client)
    await sign(omar, "Vera Lind")
    await ana.say(type="open", conversation=None)
    while (await sign(omar, "Ana Srisuk"))["here"]:
        pass
    await vera.disconnect()
    while (await sign(omar, "Vera Lind"))["here"]:
        pass


async def test_a_hidden_tab_looks_at_nothing(enter: Any, omar_client: Any, ana_client: Any) -> None:
    omar, ana = await enter(omar_client), await enter(ana_client)
    await sign(omar, "Ana Srisuk")
    await ana.say(type="look", looking=False)
    while (await sign(omar, "Ana Srisuk"))["here"]:
        pass
    since = len(omar.frames)
    for _ in range(2):
        # The second round begins after the first was told to everybody.
        viewing.beat()
        await sign(omar, "Omar Haddad")
    await ana.say(type="look", looking=True)
    assert (await sign(omar, "Ana Srisuk"))["here"]
    assert all(frame.get("name") != "Ana Srisuk" for frame in omar.frames[since:-1]), "hidden, and said to be here"


async def test_a_second_tab_of_the_same_member_stays(enter: Any, omar_client: Any, ana_client: Any) -> None:
    omar, first, _second = await enter(omar_client), await enter(ana_client), await enter(ana_client)
    await first.disconnect()
    await omar.say(type="ping")
    await omar.hear("pong")
    assert not [frame for frame in omar.frames if frame["type"] == "viewing" and not frame["here"]]


async def test_everybody_who_is_here_says_so_again(enter: Any, omar_client: Any, ana_client: Any) -> None:
    omar, _ana = await enter(omar_client), await enter(ana_client)
    await omar.hears_nothing_of("nothing at all")
    viewing.beat()
    assert (await sign(omar, "Ana Srisuk"))["here"]


async def test_another_process_answers_for_its_own(enter: Any, omar_client: Any, conversation: Conversation) -> None:
    """A question that came in from elsewhere is answered by whoever holds sockets here."""
    omar = await enter(omar_client)
    await omar.hears_nothing_of("nothing at all")
    frame = {"type": "viewing", "conversation": str(conversation.pk), "member": "m", "name": "Far Away"}
    group = f"thread.{conversation.pk}"
    hub._accept([Push(group, "viewing", {**frame, "here": True, "asks": True})], from_here=False)
    assert (await sign(omar, "Omar Haddad"))["here"]


async def test_SR10_visitors_learn_nothing_of_it(
    enter: Any, omar_client: Any, ana_client: Any, visitor_line: Any, conversation: Conversation
) -> None:
    vic = await visitor_line()
    omar, ana = await enter(omar_client), await enter(ana_client)
    await ana.say(type="typing", conversation=str(conversation.pk), note=True)
    assert (await omar.hear("typing"))["note"]
    await vic.hears_nothing_of("viewing")
    assert not [frame for frame in vic.frames if frame["type"] == "typing"]


async def test_SR03_a_stranger_is_told_nothing(
    enter: Any, operator_line: Any, omar_client: Any, gil_client: Any, conversation: Conversation
) -> None:
    gil = await operator_line(gil_client, "globex")
    await gil.hear("welcome")
    await gil.say(type="open", conversation=str(conversation.pk))
    assert (await gil.hear("error"))["code"] == "not_found"
    await enter(omar_client)
    await gil.hears_nothing_of("Omar")
