"""Acts on conversations: each changes what it says, tells it once, and can be taken back exactly."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import actions, tasks
from chat.actions import triage
from chat.models import Conversation, Inbox, Kind, Priority, Status, TriageAct
from chat.notices import ASSIGNED, ASSIGNED_MANY
from chat.widget.access import new_visitor
from minichat.lib.errors import Conflict, NotFound
from notifications.models import Notification
from workspaces.actions import deactivate_member
from workspaces.models import AuditEntry, Membership

pytestmark = pytest.mark.django_db
PLACE = "/w/acme/conversations/triage/"


def many(inbox: Inbox, number: int) -> list[Conversation]:
    made = []
    for index in range(number):
        posted = actions.post_visitor_message(new_visitor(inbox)[0], body=f"question {index}", client_id=uuid.uuid4())
        made.append(posted.message.conversation)
    return made


def keys(conversations: list[Conversation]) -> list[Any]:
    return [one.pk for one in conversations]


def now(conversation: Conversation) -> Conversation:
    conversation.refresh_from_db()
    return conversation


def soon() -> str:
    return (timezone.now() + timedelta(hours=2)).isoformat()


def value(verb: str, ana: Membership, label: Any) -> tuple[str, dict[str, Any]]:
    return verb, {
        "close": {},
        "snooze": {"until": soon()},
        "assign": {"assignee": str(ana.pk)},
        "priority": {"priority": 4},
        "label": {"add": [str(label.pk)], "remove": []},
    }[verb]


STATE = (
    "status",
    "assignee_id",
    "assignee_name",
    "priority",
    "snoozed_until",
    "waiting_since",
    "resolved_at",
    "label_ids",
)
VERBS = ["close", "snooze", "assign", "priority", "label"]


@pytest.mark.parametrize("verb", VERBS)
def test_an_undo_restores_exactly_what_was(
    inbox: Inbox, omar_member: Membership, ana_member: Membership, verb: str
) -> None:
    label = actions.create_label(omar_member, name="Quotation")
    some = many(inbox, 3)
    actions.take_over(some[1], by=omar_member)
    before = [{name: getattr(now(one), name) for name in STATE} for one in some]
    act = actions.perform(omar_member, *value(verb, ana_member, label), keys(some))
    assert act.state == "done" and len(act.changed) == 3
    changed = [{name: getattr(now(one), name) for name in STATE} for one in some]
    assert all(old != new for old, new in zip(before, changed, strict=True))
    act = actions.take_back(act, by=omar_member)
    assert act.state == "undone" and act.kept == 0
    assert [{name: getattr(now(one), name) for name in STATE} for one in some] == before
    assert not label.labellings.exists()
    assert actions.take_back(act, by=omar_member).state == "undone", "twice is once"


@pytest.mark.parametrize("verb", VERBS)
def test_an_undo_leaves_alone_what_somebody_changed_since(
    inbox: Inbox, omar_member: Membership, ana_member: Membership, adam_member: Membership, verb: str
) -> None:
    label = actions.create_label(omar_member, name="Quotation")
    touched, untouched = some = many(inbox, 2)
    act = actions.perform(omar_member, *value(verb, ana_member, label), keys(some))
    since = {
        "close": ("open", {}),
        "snooze": ("open", {}),
        "assign": ("assign", {"assignee": str(adam_member.pk)}),
        "priority": ("priority", {"priority": 1}),
        "label": ("label", {"add": [], "remove": [str(label.pk)]}),
    }[verb]
    actions.perform(ana_member, *since, [touched.pk])
    theirs = {name: getattr(now(touched), name) for name in STATE}
    act = actions.take_back(act, by=omar_member)
    assert act.kept == 1
    assert {name: getattr(now(touched), name) for name in STATE} == theirs
    assert now(untouched).status == Status.OPEN and now(untouched).priority == Priority.MEDIUM
    assert now(untouched).assignee is None and now(untouched).label_ids == []


def test_labels_that_were_there_before_stay(inbox: Inbox, omar_member: Membership) -> None:
    old, new = (actions.create_label(omar_member, name=name) for name in ("Old", "New"))
    one, other = many(inbox, 2)
    actions.perform(omar_member, "label", {"add": [str(old.pk)], "remove": []}, [one.pk])
    both = {"add": [str(old.pk), str(new.pk)], "remove": []}
    act = actions.perform(omar_member, "label", both, [one.pk, other.pk])
    actions.take_back(act, by=omar_member)
    assert now(one).label_ids == [str(old.pk)] and now(other).label_ids == []
    assert [row.conversation_id for row in old.labellings.all()] == [one.pk] and not new.labellings.exists()


def test_what_is_closed_is_not_put_aside(inbox: Inbox, omar_member: Membership) -> None:
    [one] = many(inbox, 1)
    actions.resolve(one, by=omar_member)
    act = actions.perform(omar_member, "snooze", {"until": soon()}, [one.pk])
    assert act.changed == [] and now(one).status == Status.RESOLVED


def test_closing_and_bringing_back_a_snoozed_one(inbox: Inbox, omar_member: Membership) -> None:
    [one] = many(inbox, 1)
    actions.perform(omar_member, "snooze", {"until": soon()}, [one.pk])
    until, since = now(one).snoozed_until, one.waiting_since
    act = actions.perform(omar_member, "close", {}, [one.pk])
    assert now(one).snoozed_until is None
    actions.take_back(act, by=omar_member)
    assert (now(one).status, one.snoozed_until, one.waiting_since) == (Status.SNOOZED, until, since)
    actions.perform(omar_member, "open", {}, [one.pk])
    assert now(one).is_waiting and one.waiting_since == since


def test_it_is_too_late_after_a_while_and_nobody_elses_to_undo(
    inbox: Inbox, omar_member: Membership, ana_member: Membership
) -> None:
    [one] = many(inbox, 1)
    act = actions.perform(omar_member, "close", {}, [one.pk])
    with pytest.raises(NotFound):
        actions.take_back(act, by=ana_member)
    TriageAct.unscoped.update(moved_at=timezone.now() - triage.UNDO_TIME - timedelta(seconds=1))
    with pytest.raises(Conflict):
        actions.take_back(act, by=omar_member)
    assert now(one).status == Status.RESOLVED


def test_SR03_what_one_cannot_see_is_not_found(inbox: Inbox, gil_member: Membership, omar_member: Membership) -> None:
    [one] = many(inbox, 1)
    with pytest.raises(NotFound):
        actions.perform(gil_member, "close", {}, [one.pk])
    with pytest.raises(NotFound):
        actions.perform(omar_member, "close", {}, [one.pk, uuid.uuid4()])
    assert now(one).status == Status.OPEN


def test_five_hundred_in_batches_with_a_bounded_number_of_statements(
    inbox: Inbox, omar_member: Membership, ana_member: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    some = many(inbox, triage.BATCH + 10)
    act = triage.begin_act(omar_member, "assign", {"assignee": str(ana_member.pk)}, keys(some))
    with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks(execute=True):
        act = triage.step(act)
    assert act.is_running and len(act.pending) == 10
    # On PostgreSQL all rows of a batch are written in one trip; SQLite has no trips, there each row is an UPDATE.
    ceiling = 16 if connection.vendor == "postgresql" else 16 + triage.BATCH
    assert len(asked) <= ceiling, "\n".join(query["sql"][:120] for query in asked)
    triage.finish(act)
    assert ana_member.conversations.count() == len(some)
    assert AuditEntry.unscoped.filter(action="conversation.assigned").count() == len(some)
    rows = Notification.unscoped.filter(membership=ana_member)
    assert [row.data for row in rows.filter(kind=ASSIGNED_MANY.name)] == [{"by": "Omar Haddad", "n": len(some)}]
    assert not rows.filter(kind=ASSIGNED.name).exists(), "one word for all of them"


def test_undoing_one_assignment_takes_its_word_back(
    inbox: Inbox, omar_member: Membership, ana_member: Membership
) -> None:
    [one] = many(inbox, 1)
    act = actions.perform(omar_member, "assign", {"assignee": str(ana_member.pk)}, [one.pk])
    unread = Notification.unscoped.filter(membership=ana_member, kind=ASSIGNED.name, read_at=None)
    assert unread.count() == 1
    actions.take_back(act, by=omar_member)
    assert not unread.exists()


def test_a_dead_process_leaves_an_act_that_is_finished_later(inbox: Inbox, omar_member: Membership) -> None:
    some = many(inbox, triage.BATCH + 1)
    act = triage.step(triage.begin_act(omar_member, "close", {}, keys(some)))
    assert act.is_running
    tasks.sweep_acts()
    assert TriageAct.unscoped.get().is_running, "somebody may still be at it"
    TriageAct.unscoped.update(moved_at=timezone.now() - timedelta(minutes=2))
    tasks.sweep_acts()
    assert TriageAct.unscoped.get().state == "done"
    assert omar_member.workspace.conversations.closed().count() == len(some)
    TriageAct.unscoped.update(created_at=timezone.now() - timedelta(hours=2))
    tasks.sweep_acts()
    assert not TriageAct.unscoped.exists()


def test_SR09_who_may_not_any_more_finishes_nothing(
    inbox: Inbox, omar_member: Membership, ana_member: Membership
) -> None:
    some = many(inbox, triage.BATCH + 1)
    act = triage.step(triage.begin_act(omar_member, "close", {}, keys(some)))
    deactivate_member(omar_member, by=ana_member)
    tasks.run_act(str(act.workspace_id), str(act.pk))
    assert omar_member.workspace.conversations.closed().count() == triage.BATCH


def test_an_undo_in_the_middle_stops_the_rest(inbox: Inbox, omar_member: Membership) -> None:
    some = many(inbox, triage.BATCH + 5)
    act = triage.step(triage.begin_act(omar_member, "close", {}, keys(some)))
    act = triage.finish(actions.take_back(act, by=omar_member))
    assert act.state == "undone" and not omar_member.workspace.conversations.closed().exists()


# --- The address ------------------------------------------------------------------------------------------------------


def post(client: Client, place: str = PLACE, **body: Any) -> Any:
    return client.post(place, json.dumps(body), content_type="application/json", headers={"Accept": "application/json"})


def test_by_ids_and_back(omar_client: Client, inbox: Inbox) -> None:
    some = many(inbox, 2)
    answer = post(omar_client, verb="priority", value="urgent", ids=[str(one.pk) for one in some])
    assert answer.status_code == 200 and answer.json()["changed"] == 2 and answer.json()["state"] == "done"
    assert {now(one).priority for one in some} == {Priority.URGENT}
    again = post(omar_client, verb="priority", value="urgent", ids=[str(some[0].pk)])
    assert again.json()["changed"] == 0
    seen = omar_client.get(f"{PLACE}{answer.json()['id']}/").json()
    assert seen["done"] == 2
    undone = post(omar_client, f"{PLACE}{answer.json()['id']}/undo/")
    assert undone.json()["state"] == "undone" and {now(one).priority for one in some} == {Priority.MEDIUM}


def test_all_in_a_list(omar_client: Client, omar_member: Membership, inbox: Inbox) -> None:
    some = many(inbox, 70)
    triage.finish(actions.perform(omar_member, "priority", {"priority": 3}, keys(some[:60])))
    answer = post(omar_client, verb="close", list="priority=high")
    assert answer.json()["total"] == 60 and answer.json()["state"] == "done"
    assert omar_member.workspace.conversations.closed().count() == 60


@pytest.mark.parametrize(
    "body",
    [
        {"verb": "close"},
        {"verb": "explode", "ids": ["{id}"]},
        {"verb": "priority", "value": "huge", "ids": ["{id}"]},
        {"verb": "snooze", "value": "2020-01-01T00:00", "ids": ["{id}"]},
        {"verb": "label", "value": {"add": "x"}, "ids": ["{id}"]},
        {"verb": "close", "ids": "x"},
        {"verb": "close", "ids": ["{id}"], "colour": "red"},
    ],
)
def test_what_cannot_be_is_refused(omar_client: Client, conversation: Conversation, body: dict[str, Any]) -> None:
    filled = json.loads(json.dumps(body).replace("{id}", str(conversation.pk)))
    assert post(omar_client, **filled).status_code == 422
    assert now(conversation).status == Status.OPEN


def test_SR03_members_and_labels_of_others_are_not_found(
    omar_client: Client, conversation: Conversation, gil_member: Membership
) -> None:
    theirs = actions.create_label(gil_member, name="Theirs")
    for verb, what in (("assign", str(gil_member.pk)), ("label", {"add": [str(theirs.pk)]})):
        assert post(omar_client, verb=verb, value=what, ids=[str(conversation.pk)]).status_code == 404


def test_nothing_is_given_to_a_viewer(omar_client: Client, conversation: Conversation, vera_member: Membership) -> None:
    answer = post(omar_client, verb="assign", value=str(vera_member.pk), ids=[str(conversation.pk)])
    assert answer.status_code == 422 and now(conversation).assignee is None


def test_the_forms_of_the_header_name_their_act(omar_client: Client, conversation: Conversation) -> None:
    place = f"/w/acme/conversations/{conversation.pk}/resolution/"
    verb, act = omar_client.post(place, headers={"HX-Request": "true"})["X-Act"].split()
    assert verb == "close"
    assert "X-Act" not in omar_client.post(place, headers={"HX-Request": "true"}), "it was closed already"
    post(omar_client, f"{PLACE}{act}/undo/")
    assert now(conversation).is_waiting


def test_lines_in_the_thread_are_the_teams(
    omar_client: Client, conversation: Conversation, omar_member: Membership
) -> None:
    label = actions.create_label(omar_member, name="Wholesale")
    for verb, params in (
        ("priority", {"priority": 4}),
        ("label", {"add": [str(label.pk)], "remove": []}),
        ("snooze", {"until": soon()}),
    ):
        actions.perform(omar_member, verb, params, [conversation.pk])
    page = omar_client.get(f"/w/acme/conversations/{conversation.pk}/").content.decode()
    for words in ("set the priority to urgent", "added the label Wholesale", "snoozed this until"):
        assert words in page
    assert conversation.messages.public().filter(kind=Kind.EVENT).count() == 0
