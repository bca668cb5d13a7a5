"""What the others see of an act, at once."""

from __future__ import annotations

from typing import Any

from chat import actions
from chat.models import Conversation
from chat.tests.sockets.test_operator_socket import entered
from workspaces.models import Membership


async def test_a_colleagues_act_arrives_as_row_header_and_line(
    operator_line: Any,
    visitor_line: Any,
    omar_client: Any,
    ana_member: Membership,
    conversation: Conversation,
    in_thread: Any,
) -> None:
    omar, vic = await entered(operator_line, omar_client, conversation), await visitor_line()
    act = await in_thread(lambda: actions.perform(ana_member, "priority", {"priority": 4}, [conversation.pk]))
    line, row, head = await omar.hear("message"), await omar.hear("row"), await omar.hear("head")
    assert line["kind"] == "event" and "priority to urgent" in line["html"]
    assert 'data-priority="urgent"' in row["html"] and 'data-priority="urgent"' in head["html"]
    await in_thread(lambda: actions.take_back(act, by=ana_member))
    row = await omar.hear("row")
    assert 'data-priority="medium"' in row["html"]
    ack = await vic.post("anything new?")
    assert ack["seq"] == 2, "nothing of it was in the visitor's stream"


async def test_labels_are_told_to_the_whole_team(
    operator_line: Any, omar_client: Any, ana_member: Membership, in_thread: Any
) -> None:
    omar = await entered(operator_line, omar_client)
    label = await in_thread(lambda: actions.create_label(ana_member, name="Quotation", hue=3))
    assert (await omar.hear("labels"))["labels"] == [{"id": str(label.pk), "name": "Quotation", "hue": 3}]
    await in_thread(lambda: actions.delete_label(label, by=ana_member))
    assert (await omar.hear("labels"))["labels"] == []


async def test_shared_views_are_told_to_the_team_and_own_ones_to_their_owner(
    operator_line: Any, omar_client: Any, ana_client: Any, ana_member: Membership, in_thread: Any
) -> None:
    omar, ana = await entered(operator_line, omar_client), await entered(operator_line, ana_client)
    view = await in_thread(lambda: actions.add_view(ana_member, name="Mine", query="tab=mine", is_shared=False))
    own = {"type": "views", "shared": False, "views": [{"id": str(view.pk), "name": "Mine", "query": "tab=mine"}]}
    assert await ana.hear("views") == own
    change = {"name": "Ours", "query": "priority=high"}
    await in_thread(lambda: actions.change_view(view, by=ana_member, is_shared=True, **change))
    ours = {"type": "views", "shared": True, "views": [{"id": str(view.pk), **change}]}
    assert await omar.hear("views") == ours, "and nothing of what was Ana's alone before"
    heard = [await ana.hear("views"), await ana.hear("views")]
    assert ours in heard and {**own, "views": []} in heard
    await in_thread(lambda: actions.delete_view(view, by=ana_member))
    assert (await omar.hear("views"))["views"] == []


async def test_SR31_a_block_closes_the_visitors_line_at_once(
    visitor_line: Any, omar_member: Membership, conversation: Conversation, in_thread: Any
) -> None:
    vic = await visitor_line()
    await in_thread(lambda: actions.block(conversation, by=omar_member))
    assert await vic.closed_with() == 4403
