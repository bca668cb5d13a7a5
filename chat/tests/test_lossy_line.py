"""Clients built from `docs/protocol.md` alone, on a line that loses, doubles and shuffles pushes (I3, I4).

Whatever the team and the visitor do, a client that applies what arrives and asks when it sees a hole shows in the end
exactly what a fresh page shows. That is the promise of the numbers; nothing else may be needed.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chat import actions, broadcasts, drawing
from chat.hub import Push
from chat.models import Conversation, Inbox, Visitor
from chat.widget.access import new_visitor
from minichat.lib.errors import Conflict
from workspaces.models import Membership

pytestmark = pytest.mark.django_db


class Tab:
    """What section 5 asks of a client: rows by id, one number, and a question whenever `prev` is above it."""

    def __init__(self, client: Client, url: str) -> None:
        self.client, self.url = client, url
        self.known, self.rows = 0, {}  # type: ignore[var-annotated]
        self.fill()

    def hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "message":
            row = frame.get("message") or frame
            if row["seq"] >= self.rows.get(row["id"], row)["seq"]:
                self.rows[row["id"]] = {name: row[name] for name in ("id", "position", "seq")}
        if frame["prev"] > self.known:
            self.fill()
        else:
            self.known = max(self.known, frame["seq"])

    def fill(self) -> None:
        more = True
        while more:
            answer = self.client.get(self.url, {"after": self.known, "limit": 3}).json()
            for row in answer["rows"]:
                self.rows[row["id"]] = {name: row[name] for name in ("id", "position", "seq")}
            self.known, more = answer["seq"], answer["has_more"]

    def shown(self) -> list[dict[str, Any]]:
        return sorted(self.rows.values(), key=lambda row: row["position"])


class Line:
    """Between the hub and one audience."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = []

    def send(self, push: Push) -> None:
        frame = broadcasts.snapshots.from_json(drawing.draw(push.frame, push.data, "en"))
        if frame["type"] in ("message", "conversation"):
            self.waiting.append(frame)

    def deliver(self, tab: Tab, chance: random.Random) -> None:
        frames = [frame for frame in self.waiting if chance.random() < 0.6]
        frames += [frame for frame in frames if chance.random() < 0.2]
        chance.shuffle(frames)
        self.waiting.clear()
        for frame in frames:
            tab.hear(frame)


class World:
    def __init__(self, inbox: Inbox, people: list[Membership], client: Client, captured: Any) -> None:
        self.inbox, self.people, self.client, self.captured = inbox, people, client, captured


def machine_of(world: World, monkeypatch: pytest.MonkeyPatch) -> type[RuleBasedStateMachine]:
    class Room(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.vic: Visitor
            self.vic, token = new_visitor(world.inbox)
            posted = actions.post_visitor_message(self.vic, body="hello", client_id=uuid.uuid4())
            self.talk: Conversation = posted.message.conversation
            bearer = Client(headers={"Authorization": f"Bearer {token}"})
            pk = self.talk.pk
            self.audiences = [
                (broadcasts.thread(pk), Line(), world.client, f"/w/acme/conversations/{pk}/changes/"),
                (
                    broadcasts.visitor(self.vic.pk),
                    Line(),
                    bearer,
                    f"/widget/{world.inbox.widget_key}/conversations/{pk}/changes/",
                ),
            ]
            self.tabs = [Tab(client, url) for _, _, client, url in self.audiences]
            monkeypatch.setattr(broadcasts.hub, "push", self.pushed)

        def pushed(self, *pushes: Push) -> None:
            for push in pushes:
                for group, line, _, _ in self.audiences:
                    if push.group == group:
                        line.send(push)

        def committed(self, verb: Any, *args: Any, **kwargs: Any) -> None:
            with world.captured(execute=True):
                try:
                    verb(*args, **kwargs)
                except Conflict:
                    return

        @rule()
        def visitor_writes(self) -> None:
            self.committed(
                actions.post_visitor_message, self.vic, body="x", client_id=uuid.uuid4(), conversation_id=self.talk.pk
            )

        @rule(who=st.integers(0, 1), note=st.booleans())
        def operator_writes(self, who: int, note: bool) -> None:
            by = world.people[who]
            self.committed(actions.post_operator_message, self.talk, by=by, body="y", client_id=uuid.uuid4(), note=note)

        @rule(who=st.integers(0, 1), verb=st.sampled_from([actions.take_over, actions.resolve, actions.reopen]))
        def operator_acts(self, who: int, verb: Any) -> None:
            self.committed(verb, self.talk, by=world.people[who])

        @rule(who=st.integers(0, 1), to=st.sampled_from([0, 1, None]))
        def operator_assigns(self, who: int, to: int | None) -> None:
            assignee = None if to is None else world.people[to]
            self.committed(actions.assign, self.talk, assignee=assignee, by=world.people[who])

        @rule(luck=st.integers(0, 2**16))
        def some_pushes_arrive(self, luck: int) -> None:
            for tab, (_, line, _, _) in zip(self.tabs, self.audiences, strict=True):
                line.deliver(tab, random.Random(luck))

        @rule(which=st.integers(0, 1))
        def a_tab_comes_back(self, which: int) -> None:
            self.tabs[which].fill()

        @invariant()
        def a_tab_shows_nothing_that_is_not_there(self) -> None:
            for tab in self.tabs:
                positions = [row["position"] for row in tab.shown()]
                assert len(positions) == len(set(positions))

        @invariant()
        def a_tab_knows_all_up_to_its_number(self) -> None:
            """The rule that makes one number enough: everything at or below it is here."""
            for tab, public in zip(self.tabs, (False, True), strict=True):
                column = "public_seq" if public else "seq"
                stored = self.talk.messages.filter(**{f"{column}__lte": tab.known})
                assert {str(pk) for pk in stored.values_list("pk", flat=True)} <= set(tab.rows)

        def teardown(self) -> None:
            for tab, (_, _, client, url) in zip(self.tabs, self.audiences, strict=True):
                tab.fill()
                assert tab.shown() == Tab(client, url).shown()
            self.numbers_have_no_hole()

        def numbers_have_no_hole(self) -> None:
            rows = list(self.talk.messages.order_by("position"))
            self.talk.refresh_from_db()
            assert [row.position for row in rows] == list(range(1, self.talk.last_position + 1))
            assert sorted(row.seq for row in rows) == list(range(1, self.talk.last_seq + 1))
            public = [row.public_seq for row in rows if row.public_seq is not None]
            assert sorted(public) == list(range(1, self.talk.public_seq + 1))
            assert self.talk.inbound == sum(row.kind == "visitor" for row in rows)

    return Room


@pytest.fixture
def world(
    inbox: Inbox,
    omar_member: Membership,
    ana_member: Membership,
    omar_client: Client,
    django_capture_on_commit_callbacks: Any,
) -> Iterator[World]:
    yield World(inbox, [omar_member, ana_member], omar_client, django_capture_on_commit_callbacks)


def test_I4_any_line_ends_in_the_fresh_view(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run_state_machine_as_test(
        machine_of(world, monkeypatch),
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
