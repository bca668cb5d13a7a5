"""The audit log only grows, and what it speaks of may vanish."""

from __future__ import annotations

import pytest

from workspaces import actions
from workspaces.models import AuditEntry, Membership, Workspace


@pytest.fixture
def entry(acme: Workspace) -> AuditEntry:
    return AuditEntry.unscoped.get(workspace=acme, action="workspace.created")


def test_a_line_cannot_be_changed(entry: AuditEntry) -> None:
    entry.action = "nothing.happened"
    with pytest.raises(TypeError):
        entry.save()
    entry.refresh_from_db()
    assert entry.action == "workspace.created"


def test_a_line_cannot_be_deleted(entry: AuditEntry) -> None:
    with pytest.raises(TypeError):
        entry.delete()
    assert AuditEntry.unscoped.filter(pk=entry.pk).exists()


def test_a_line_outlives_who_did_it_and_what_it_speaks_of(
    omar_member: Membership, ana_member: Membership, acme: Workspace
) -> None:
    actions.deactivate_member(omar_member, by=ana_member)
    line = AuditEntry.unscoped.get(action="member.deactivated")
    assert line.actor_label == str(ana_member)
    acme.delete()
    line.refresh_from_db()
    assert (line.workspace, line.actor) == (None, None)
    assert line.actor_label == "Ana Srisuk (owner)"
    assert line.target_label == "Omar Haddad (operator)"
