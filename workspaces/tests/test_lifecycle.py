"""Suspended, closed, restored: who gets in, what is told, and what our staff can do."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from minichat.lib.errors import Conflict, NotFound, PlanLimit
from workspaces import access, actions
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Role

pytestmark = pytest.mark.django_db
DANGER = "/w/acme/settings/danger/"
CLOSE, CLOSED, RESTORE = f"{DANGER}close/", "/w/acme/closed/", "/w/acme/closed/restore/"


def mails(subject: str) -> list[EmailMessage]:
    return [message for message in mail.outbox if subject in message.subject]


def status(workspace: Workspace) -> str:
    workspace.refresh_from_db()
    return workspace.status


# --- Closing ----------------------------------------------------------------------------------------------------------


def test_the_owner_closes_and_takes_back(ana_client: Client, acme: Workspace) -> None:
    answer = ana_client.post(CLOSE, {"name": "Acme"})
    assert answer.url == CLOSED
    page = ana_client.get(CLOSED).content.decode()
    assert "Acme is closed" in page and f'action="{RESTORE}"' in page
    assert ana_client.post(RESTORE).url == "/w/acme/"
    assert status(acme) == "active" and acme.closed_at is None
    assert ana_client.get("/w/acme/").status_code == 302
    names = acme.audit_entries.filter(action__in=["workspace.closed", "workspace.restored"]).order_by("pk")
    assert [line.actor_label for line in names] == ["Ana Srisuk (owner)"] * 2


@pytest.mark.parametrize("typed", ["", "acme", "Acme Inc", "Globex"])
def test_the_name_has_to_be_typed(ana_client: Client, acme: Workspace, typed: str) -> None:
    answer = ana_client.post(CLOSE, {"name": typed})
    assert answer.status_code == 422 and 'id="id_name_error"' in answer.content.decode()
    assert status(acme) == "active"


def test_all_owners_are_mailed_in_their_language(
    ana: User, ana_client: Client, acme: Workspace, make_user: Any, add_member: Any, omar_member: Membership
) -> None:
    add_member("nok@acme.test", "Nok", Role.OWNER)
    User.objects.filter(email="nok@acme.test").update(locale="th")
    ana_client.post(CLOSE, {"name": "Acme"})
    sent = {message.to[0]: message for message in mail.outbox}
    assert set(sent) == {"ana@acme.test", "nok@acme.test"}
    assert sent["ana@acme.test"].subject == "Acme has been closed"
    assert "/w/acme/closed/" in sent["ana@acme.test"].body
    assert sent["nok@acme.test"].subject == "ปิด Acme แล้ว"
    assert str((timezone.localdate() + timedelta(days=30)).year + 543) in sent["nok@acme.test"].body
    ana_client.post(RESTORE)
    assert len(mails("Acme is back")) == 1


@pytest.mark.parametrize("who", ["adam_client", "omar_client", "vera_client", "gil_client"])
def test_nobody_but_an_owner_sees_that_it_is_closed(
    who: str, request: pytest.FixtureRequest, acme: Workspace, ana_member: Membership
) -> None:
    client = request.getfixturevalue(who)
    actions.close(acme, by=ana_member)
    for path in (CLOSED, "/w/acme/", "/w/acme/conversations/", DANGER):
        assert client.get(path).status_code == 404
    assert client.post(RESTORE).status_code == 404
    assert status(acme) == "closed"


def test_an_owner_who_comes_back_is_led_there(ana_client: Client, acme: Workspace, ana_member: Membership) -> None:
    actions.close(acme, by=ana_member)
    assert ana_client.get("/w/acme/conversations/").url == CLOSED
    assert ana_client.post("/w/acme/settings/general/", {}).status_code == 404
    page = ana_client.get("/w/").content.decode()
    assert f'href="{CLOSED}"' in page and 'href="/workspaces/new/"' in page


def test_it_is_in_no_list_any_more(ana_client: Client, ana: User, acme: Workspace, ana_member: Membership) -> None:
    actions.create_workspace(ana, name="Second", slug="second")
    actions.close(acme, by=ana_member)
    assert ana_client.get("/w/").url == "/w/second/"
    assert 'href="/w/acme/"' not in ana_client.get("/w/second/conversations/").content.decode()


def test_closing_twice_is_closing_once(acme: Workspace, ana_member: Membership) -> None:
    actions.close(acme, by=ana_member)
    with pytest.raises(Conflict):
        actions.close(acme, by=ana_member)
    assert len(mails("closed")) == 1


def test_taking_back_counts_in_the_plan(gil: User, gil_member: Membership, globex: Workspace) -> None:
    actions.close(globex, by=gil_member)
    second = actions.create_another(gil, name="Second")
    with pytest.raises(PlanLimit):
        actions.restore(globex, by=gil_member)
    actions.close(second, by=second.memberships.get())
    assert actions.restore(globex, by=gil_member).is_active


def test_a_workspace_that_returns_brings_its_plan_along(ana: User, acme: Workspace, ana_member: Membership) -> None:
    actions.close(acme, by=ana_member)
    actions.create_another(ana, name="Small")
    assert actions.restore(acme, by=ana_member).is_active


def test_SR09_tasks_find_no_closed_and_no_suspended_workspace(acme: Workspace, ana_member: Membership) -> None:
    assert access.active_workspace(str(acme.pk)) == acme
    actions.suspend(acme, reason="spam")
    with pytest.raises(NotFound):
        access.active_workspace(str(acme.pk))
    actions.resume(acme)
    actions.close(acme, by=ana_member)
    with pytest.raises(NotFound):
        access.active_workspace(str(acme.pk))
    assert access.still_active(str(ana_member.pk)) is None


# --- Suspending -------------------------------------------------------------------------------------------------------


@pytest.fixture
def suspended(acme: Workspace) -> Workspace:
    return actions.suspend(acme, reason="Unanswered reports of spam")


def test_members_read_and_change_nothing(ana_client: Client, omar_client: Client, suspended: Workspace) -> None:
    page = omar_client.get("/w/acme/conversations/").content.decode()
    assert "This workspace is suspended." in page and 'data-can-reply="false"' in page
    for client, path in [
        (ana_client, "/w/acme/settings/general/"),
        (ana_client, "/w/acme/settings/pin/"),
        (ana_client, "/w/acme/settings/inboxes/"),
        (ana_client, "/w/acme/settings/branding/logo/delete/"),
    ]:
        answer = client.post(path, {})
        assert answer.status_code == 403 and "You can read everything" in answer.content.decode()
    problem = ana_client.post("/w/acme/settings/general/", {}, headers={"Accept": "application/json"}).json()
    assert problem["code"] == "workspace_suspended"


def test_a_smaller_role_is_told_of_its_role_first(vera_client: Client, suspended: Workspace) -> None:
    answer = vera_client.post("/w/acme/settings/general/", {}, headers={"Accept": "application/json"})
    assert answer.json()["code"] == "forbidden"


def test_its_owner_may_leave(ana_client: Client, ana_member: Membership, suspended: Workspace) -> None:
    """And finds it suspended when they come back."""
    assert ana_client.post(CLOSE, {"name": "Acme"}).url == CLOSED
    ana_client.post(RESTORE)
    assert status(suspended) == "suspended"


def test_what_is_lifted_while_it_is_closed_is_lifted(ana_member: Membership, suspended: Workspace) -> None:
    actions.close(suspended, by=ana_member)
    actions.resume(suspended)
    assert status(suspended) == "closed"
    assert actions.restore(suspended, by=ana_member).is_active


def test_the_owners_read_why_and_when_it_is_over(suspended: Workspace) -> None:
    [message] = mails("has been suspended")
    assert "Unanswered reports of spam" in message.body
    actions.suspend(suspended, reason="again")
    actions.resume(suspended)
    actions.resume(suspended)
    assert len(mails("suspended")) == 1 and len(mails("works again")) == 1


def test_staff_suspend_in_the_admin_and_say_why(staff_client: Client, stella: User, acme: Workspace) -> None:
    form = {"action": "suspend", "_selected_action": [str(acme.pk)]}
    page = staff_client.post("/admin/workspaces/workspace/", {**form, "reason": " "}, follow=True)
    assert "Say why" in page.content.decode() and status(acme) == "active"
    staff_client.post("/admin/workspaces/workspace/", {**form, "reason": "Spam"})
    assert status(acme) == "suspended"
    line = AuditEntry.unscoped.get(action="workspace.suspended")
    assert line.data == {"reason": "Spam", "staff": str(stella.pk)} and line.actor_label == ""
    staff_client.post("/admin/workspaces/workspace/", {**form, "action": "resume"})
    assert status(acme) == "active"


def test_staff_who_may_only_look_do_not_suspend(staff_client: Client, stella: User, acme: Workspace) -> None:
    User.objects.filter(pk=stella.pk).update(is_superuser=False)
    stella.user_permissions.add(Permission.objects.get(codename="view_workspace"))
    assert staff_client.get("/admin/workspaces/workspace/").status_code == 200
    form = {"action": "suspend", "_selected_action": [str(acme.pk)], "reason": "Spam"}
    staff_client.post("/admin/workspaces/workspace/", form)
    assert status(acme) == "active"


def test_the_machines_owner_suspends_by_command(acme: Workspace, ana_member: Membership) -> None:
    out = StringIO()
    call_command("suspend_workspace", "acme", "--reason", "Spam", stdout=out)
    assert status(acme) == "suspended" and "acme is suspended now." in out.getvalue()
    call_command("suspend_workspace", "acme", "--resume", stdout=out)
    assert status(acme) == "active"
    for arguments, sentence in [(["acme"], "Say why"), (["nobody", "--reason", "x"], "no workspace")]:
        with pytest.raises(CommandError, match=sentence):
            call_command("suspend_workspace", *arguments)
    actions.close(acme, by=ana_member)
    with pytest.raises(CommandError, match="closed"):
        call_command("suspend_workspace", "acme", "--reason", "x")
