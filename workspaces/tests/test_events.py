from __future__ import annotations

from typing import Any

import pytest

from minichat.lib.transactions import action
from workspaces import events
from workspaces.events import Event, emit, event_emitted
from workspaces.models import AuditEntry, Membership, Workspace

AUDITED = Event("test.audited", audited=True, public=False)
QUIET = Event("test.quiet", audited=False, public=True)


def test_an_event_outside_an_action_is_a_mistake(acme: Workspace) -> None:
    with pytest.raises(RuntimeError, match=r"test\.quiet"):
        emit(QUIET, acme)


def test_receivers_hear_it_and_the_log_keeps_what_is_audited(acme: Workspace, ana_member: Membership) -> None:
    heard: list[Event] = []

    def listen(sender: Any, event: Event, **data: Any) -> None:
        heard.append(event)

    event_emitted.connect(listen)
    try:
        action(emit)(AUDITED, acme, actor=ana_member, colour="green")
        action(emit)(QUIET, acme)
    finally:
        event_emitted.disconnect(listen)
    assert heard == [AUDITED, QUIET]
    lines = AuditEntry.unscoped.filter(action__startswith="test.")
    assert [(line.action, line.data) for line in lines] == [("test.audited", {"colour": "green"})]


def test_the_line_leaves_with_the_change(acme: Workspace) -> None:
    @action
    def fail() -> None:
        emit(AUDITED, acme)
        raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert not AuditEntry.unscoped.filter(action="test.audited").exists()


def test_secrets_do_not_reach_the_log(acme: Workspace) -> None:
    action(emit)(AUDITED, acme, password="hunter2 and more", token="v1.secret-canary")
    data = str(AuditEntry.unscoped.get(action="test.audited").data)
    assert "hunter2" not in data
    assert "secret-canary" not in data


def test_only_public_events_are_offered_to_webhooks() -> None:
    assert QUIET in events.public_events()
    assert AUDITED not in events.public_events()
