"""Rows are reached from the workspace; the few places that begin without one are named here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from workspaces.models import Workspace
from workspaces.tenancy import WorkspaceOwned

ROOMS = ["accounts", "workspaces", "notifications", "contacts", "chat", "ai", "minichat"]
DOORS = {
    "workspaces/access.py": "who a member is",
    "workspaces/addresses.py": "addresses of all workspaces, which must not meet",
    "workspaces/limits.py": "all workspaces that one person owns",
    "workspaces/actions/pin.py": "the PIN of a workspace that came through the door, or none",
    "workspaces/views/pin.py": "the PIN of a workspace that came through the door, or none",
    "workspaces/actions/members.py": "when a member was here last, by the row that came through the door",
    "workspaces/imitation.py": "the names of colleagues, in the workspaces that one may enter",
    "workspaces/receivers.py": "whether somebody has a workspace at all",
    "workspaces/events.py": "the audit log, which may stand outside a workspace",
    "workspaces/personal.py": "what the audit log says about one person, for that person",
    "notifications/personal.py": "mails to one person, for that person",
    "workspaces/forms_team.py": "a form's choices, narrowed by PlainWorkspaceForm",
    "workspaces/seats.py": "the lock of the workspace's own limits",
    "workspaces/usage.py": "a counter under its lock, by its key",
    "contacts/forms_leads.py": "a form's choices, narrowed by PlainWorkspaceForm",
    "notifications/outbox.py": "the sweep",
    "notifications/views/dev_mail.py": "local mode's mails",
    "notifications/actions.py": "rows of members who came through the door, written and settled in one statement",
    "notifications/centre.py": "the numbers of sockets, whose members came through the door",
    "notifications/due.py": "the sweep",
    "chat/widget/access.py": "who a visitor is",
    "chat/widget/credentials.py": "who a visitor is",
    "chat/models/conversation.py": "the read pointer inside a query",
    "chat/entries.py": "the index of messages that came through the door, and of all when it is made anew",
    "chat/actions/closing.py": "the sweep of conversations that are left behind",
    "chat/actions/uploads.py": "the sweep of files that nobody sent",
    "chat/shelf.py": "which files on the shelf some row speaks of",
    "chat/actions/releases.py": "the sweep of conversations that are left behind",
    "chat/actions/waits.py": "the sweep of waits that nobody looks after",
    "chat/actions/idle.py": "the sweep of conversations that have gone quiet",
    "chat/audience.py": "who sees an inbox that came through the door",
    "chat/models/inbox.py": "who sees an inbox, inside a query",
    "chat/actions/proving.py": "the sweep of addresses that nobody has proven",
    "chat/actions/snoozes.py": "the sweep of conversations whose time has come",
    "chat/actions/triage.py": "the sweep of acts that are left behind",
    "chat/actions/unseen.py": "the sweep of answers that nobody has seen",
    "chat/actions/visitor_messages.py": "batches over workspaces, by the keys of rows that came through the door",
    "chat/forms_inbox.py": "a form's choices, narrowed by PlainWorkspaceForm",
    "chat/views/conversation.py": "a form's choices, narrowed by PlainWorkspaceForm",
    "chat/presence.py": "presence of rows that came through the door",
    "chat/counts.py": "the numbers of a group that was joined through the door",
    "chat/delivered.py": "marks of pushes that were delivered",
    "chat/sockets/watch.py": "whether rights still hold",
    "ai/actions/answering.py": "the sweep of visitors whom the assistant has left waiting",
    "ai/actions/gate.py": "the sweep of checks that are left behind",
    "ai/forms_golden.py": "a form's choices, narrowed by PlainWorkspaceForm",
    "ai/actions/meaning.py": "the sweep of chunks from before an extra was on",
    "ai/actions/learning.py": "the sweep of sources that are still to be read",
    "ai/ledger.py": "the sweep of what dead processes held",
    "ai/actions/crawling.py": "the sweep of web pages that are half read, or whose time has come",
    "ai/shelf.py": "which files on the shelf some row speaks of",
    "chat/demo/history.py": "the demo",
    "chat/demo/bells.py": "the demo",
    "minichat/health.py": "how old the queue is",
}
TENANTS = [model for model in apps.get_models() if issubclass(model, WorkspaceOwned)]


def test_unscoped_is_used_only_at_the_doors() -> None:
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for room in ROOMS
        for path in (settings.BASE_DIR / room).rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts) and path.name != "admin.py" and _uses(path)
    }
    assert found - DOORS.keys() == set(), "Reach rows through request.workspace, or name the door in this file."
    assert DOORS.keys() - found == set(), "These need it no longer: take them off the list."


def test_SR01_there_are_tenants_to_check() -> None:
    assert len(TENANTS) >= 10


@pytest.mark.parametrize("model", TENANTS, ids=lambda model: model.__name__)
def test_SR01_a_tenant_has_no_way_in_without_its_workspace(model: type[WorkspaceOwned]) -> None:
    with pytest.raises(AttributeError):
        model.objects  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("model", TENANTS, ids=lambda model: model.__name__)
def test_SR01_a_tenant_hangs_off_its_workspace(model: type[WorkspaceOwned]) -> None:
    field = model._meta.get_field("workspace")
    assert hasattr(Workspace, field.remote_field.get_accessor_name())


def _uses(path: Path) -> bool:
    return bool(re.search(r"\.unscoped\b", path.read_text()))
