"""Every line of the audit log reads as a sentence, in both languages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import translation

from chat import actions as chat_actions
from chat.models import Conversation, Inbox
from workspaces import actions
from workspaces.events import Event, audited_events
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Role
from workspaces.sentences import sentence

KINDS = [event for event in audited_events() if not event.name.startswith("test.")]
PLACE = re.compile(r"%\((\w+)\)s")


@pytest.mark.pure
@pytest.mark.parametrize("event", KINDS, ids=lambda event: event.name)
def test_every_audited_event_has_its_sentence(event: Event) -> None:
    """In red? Give the event `says=_("%(actor)s …")` where it is defined, and its Thai in the .po."""
    with translation.override("en"):
        english = str(event.says)
    with translation.override("th"):
        thai = str(event.says)
    assert english, "The event has no `says`."
    assert re.search("[\u0e00-\u0e7f]", thai), "The sentence has no Thai."
    assert set(PLACE.findall(english)) == set(PLACE.findall(thai)), "The Thai sentence tells something else."


@pytest.mark.pure
def test_there_are_such_events() -> None:
    assert {"workspace.created", "member.added", "inbox.created", "conversation.assigned"} <= {e.name for e in KINDS}


def lines(workspace: Workspace, language: str) -> list[str]:
    with translation.override(language):
        return [sentence(entry) for entry in workspace.audit_entries.order_by("pk")]


@pytest.mark.django_db
def test_what_people_did_is_told(
    acme: Workspace, ana_member: Membership, omar_member: Membership, conversation: Conversation, inbox: Inbox
) -> None:
    actions.change_role(omar_member, role=Role.ADMIN, by=ana_member)
    actions.change_settings(acme, by=ana_member, name="Nova", currency="USD")
    chat_actions.assign(conversation, assignee=omar_member, by=ana_member)
    chat_actions.assign(conversation, assignee=None, by=ana_member)
    english = lines(acme, "en")
    assert {
        "Ana Srisuk created the workspace Acme.",
        "MiniChat added Omar Haddad to the team. Role: Operator.",
        "Ana Srisuk changed the role of Omar Haddad from Operator to Admin.",
        "Ana Srisuk changed the settings: name, currency.",
        "Ana Srisuk assigned conversation #1 to Omar Haddad.",
        "Ana Srisuk assigned conversation #1 to nobody.",
    } <= set(english)
    thai = lines(acme, "th")
    assert "Ana Srisuk แก้ไขการตั้งค่า: ชื่อ, สกุลเงิน" in thai
    assert not [line for line in english + thai if "–" in line or "%(" in line]


@pytest.mark.pure
def test_an_old_line_is_no_reason_to_break() -> None:
    def line(action: str, **data: Any) -> str:
        return sentence(AuditEntry(action=action, actor_label="Ana (owner)", target_label="100% %s", data=data))

    assert line("gone.event") == "gone.event"
    assert line("member.role_changed") == "Ana changed the role of 100% %s from – to –."
    assert line("member.role_changed", before="chief", after=None) == "Ana changed the role of 100% %s from chief to –."
