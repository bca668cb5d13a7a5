"""The list of inboxes: making one within the plan, closing one with its widget, opening it again."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from chat import actions, tasks
from chat.models import Conversation, Inbox, Status
from minichat.lib.errors import Conflict, PlanLimit
from workspaces.models import AuditEntry, Membership, Workspace

LIST = "/w/acme/settings/inboxes/"


@pytest.fixture
def second(acme: Workspace, inbox: Inbox, ana_member: Membership) -> Inbox:
    return actions.create_inbox(acme, name="Wholesale", by=ana_member)


def test_an_admin_makes_one_and_is_led_to_its_snippet(adam_client: Client, acme: Workspace, inbox: Inbox) -> None:
    answer = adam_client.post(LIST, {"name": "  Wholesale "})
    made = acme.inboxes.get(name="Wholesale")
    assert answer.url == f"{LIST}{made.pk}/install/" and made.widget_key != inbox.widget_key
    assert made.widget_key in adam_client.get(answer.url).content.decode()
    assert AuditEntry.unscoped.filter(action="inbox.created", target_id=str(made.pk)).exists()


def test_the_list_says_where_it_is_installed_and_what_is_open(
    ana_client: Client, inbox: Inbox, conversation: Conversation, second: Inbox
) -> None:
    actions.note_installed(inbox, "https://shop.acme.test")
    html = ana_client.get(LIST).content.decode()
    assert "Installed on https://shop.acme.test · 1 open conversation<" in html
    assert "Not installed yet · 0 open conversations<" in html


def test_the_list_costs_the_same_for_many(
    ana_client: Client, acme: Workspace, second: Inbox, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        actions.create_inbox(acme, name=f"More {number}")
    with django_assert_max_num_queries(12):
        ana_client.get(LIST)


def test_a_name_is_needed(ana_client: Client, acme: Workspace) -> None:
    assert ana_client.post(LIST, {"name": "  "}).status_code == 422
    assert acme.inboxes.count() == 1


def test_the_free_plan_has_one(gil_client: Client, globex: Workspace) -> None:
    place = "/w/globex/settings/inboxes/"
    html = gil_client.get(place).content.decode()
    assert "1 of 1 inbox used" in html and "The plan Starter has 2 inboxes." in html and 'name="name"' not in html
    answer = gil_client.post(place, {"name": "Another"}, headers={"Accept": "application/json"})
    problem = answer.json()
    assert answer.status_code == 403
    assert {name: problem[name] for name in ("code", "current", "limit", "plan")} == {
        "code": "plan_limit",
        "current": 1,
        "limit": 1,
        "plan": "starter",
    }
    assert globex.inboxes.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_counted_one_after_the_other(globex: Workspace) -> None:
    globex.entitlements.__class__.unscoped.filter(workspace=globex).update(inboxes=2)
    start, refused = threading.Barrier(4), []

    def make() -> None:
        start.wait()
        try:
            actions.create_inbox(Workspace.objects.get(pk=globex.pk), name="At once")
        except PlanLimit as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (globex.inboxes.count(), len(refused)) == (2, 3)


def test_closing_takes_the_widget_away_and_closes_what_was_open(
    ana_client: Client,
    vic_client: Client,
    inbox: Inbox,
    second: Inbox,
    conversation: Conversation,
    django_capture_on_commit_callbacks: Any,
) -> None:
    frame = f"/widget/{inbox.widget_key}/?o={inbox.allowed_origins[0]}"
    with django_capture_on_commit_callbacks(execute=True):
        assert ana_client.post(f"{LIST}{inbox.pk}/closing/").url == LIST
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == (Status.RESOLVED, None)
    line = conversation.messages.order_by("position").last()
    assert line.event == {"name": "resolved", "by": None} and line.public_seq
    html = vic_client.get(frame).content.decode()
    assert "This chat no longer exists." in html and " disabled></textarea>" in html
    message = {"client_id": str(uuid.uuid4()), "body": "Hello?", "conversation": None}
    posted = vic_client.post(f"/widget/{inbox.widget_key}/messages/", message, content_type="application/json")
    assert posted.status_code == 404
    assert ana_client.get(f"/w/acme/conversations/{conversation.pk}/").status_code == 200


def test_open_again_it_is_the_same_widget(
    ana_client: Client, vic_client: Client, inbox: Inbox, second: Inbox, conversation: Conversation
) -> None:
    for _ in range(2):
        ana_client.post(f"{LIST}{inbox.pk}/closing/")
    assert "This inbox is closed" in ana_client.get(f"{LIST}{inbox.pk}/look/").content.decode()
    for _ in range(2):
        assert ana_client.post(f"{LIST}{inbox.pk}/closing/delete/").url == f"{LIST}{inbox.pk}/general/"
    assert vic_client.get(f"/widget/{inbox.widget_key}/state/").status_code == 200
    for action in ("inbox.closed", "inbox.reopened"):
        assert AuditEntry.unscoped.filter(action=action).count() == 1


def test_the_last_one_stays(ana_client: Client, inbox: Inbox, ana_member: Membership) -> None:
    assert ana_client.post(f"{LIST}{inbox.pk}/closing/").status_code == 409
    with pytest.raises(Conflict):
        actions.close_inbox(inbox, by=ana_member)
    assert "This is your only inbox." in ana_client.get(f"{LIST}{inbox.pk}/general/").content.decode()
    inbox.refresh_from_db()
    assert inbox.closed_at is None


def test_opening_again_needs_room_in_the_plan(gil_client: Client, globex: Workspace, gil_member: Membership) -> None:
    limits = globex.entitlements.__class__.unscoped.filter(workspace=globex)
    limits.update(inboxes=2)
    closed = actions.create_inbox(globex, name="Old")
    actions.close_inbox(closed, by=gil_member)
    limits.update(inboxes=1)
    assert gil_client.post(f"/w/globex/settings/inboxes/{closed.pk}/closing/delete/").status_code == 403
    closed.refresh_from_db()
    assert closed.closed_at is not None


def test_SR09_the_job_asks_again_and_the_sweep_finds_what_was_lost(
    conversation: Conversation, inbox: Inbox, second: Inbox, ana_member: Membership
) -> None:
    actions.close_inbox(inbox, by=ana_member)
    actions.reopen_inbox(inbox, by=ana_member)
    tasks.resolve_left(str(inbox.workspace_id), str(inbox.pk))
    conversation.refresh_from_db()
    assert conversation.status == Status.OPEN
    actions.close_inbox(inbox, by=ana_member)
    tasks.sweep_stranded()
    conversation.refresh_from_db()
    assert conversation.status == Status.RESOLVED


def test_old_addresses_lead_on(ana_client: Client, inbox: Inbox) -> None:
    assert ana_client.get("/w/acme/settings/widget/").url == f"{LIST}{inbox.pk}/install/"
    assert ana_client.get("/w/acme/settings/widget/look/").url == f"{LIST}{inbox.pk}/look/"
    assert ana_client.get(f"{LIST}{inbox.pk}/").url == f"{LIST}{inbox.pk}/general/"


@pytest.mark.parametrize("tab", ["", "general/", "look/", "install/"])
def test_gil_finds_none_of_acmes(gil_client: Client, globex: Workspace, inbox: Inbox, tab: str) -> None:
    assert gil_client.get(f"/w/globex/settings/inboxes/{inbox.pk}/{tab}").status_code == 404
    for verb in ("closing/", "closing/delete/", "general/", "install/allow/"):
        body = {"name": "x", "origin": "https://x.example"}
        assert gil_client.post(f"/w/globex/settings/inboxes/{inbox.pk}/{verb}", body).status_code == 404
    inbox.refresh_from_db()
    assert inbox.name != "x" and inbox.closed_at is None
