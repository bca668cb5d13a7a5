"""An inbox for chosen members: whoever is not among them finds nothing of it anywhere (SR-10)."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from chat import actions, audience, broadcasts, counts, notices, presence, tasks
from chat.models import Conversation, Inbox
from chat.personal import sections
from minichat.lib.errors import Invalid
from notifications.models import Notification
from workspaces.actions import change_role
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Role


@pytest.fixture
def private(inbox: Inbox, vera_member: Membership, omar_member: Membership, ana_member: Membership) -> Inbox:
    """Vera is in, Omar is out; Ana and Adam see all."""
    return actions.set_inbox_members(inbox, is_private=True, members=[vera_member], by=ana_member)


@pytest.fixture
def nok(acme: Workspace, add_member: Any) -> Membership:
    return add_member("nok@acme.test", "Nok Dee", Role.OPERATOR)


def test_SR10_pages_lists_numbers_and_search(
    omar_client: Client, vera_client: Client, adam_client: Client, private: Inbox, conversation: Conversation
) -> None:
    thread = f"/w/acme/conversations/{conversation.pk}/"
    for client, sees in ((omar_client, False), (vera_client, True), (adam_client, True)):
        expected = 200 if sees else 404
        for tail in ("", "details/", "changes/"):
            assert client.get(f"{thread}{tail}").status_code == expected, tail
        for tab in ("open", "waiting", "unassigned"):
            listed = client.get("/w/acme/conversations/", {"tab": tab}, headers={"HX-Request": "true"})
            assert (str(conversation.pk) in listed.content.decode()) is sees, tab
        page = client.get("/w/acme/conversations/")
        assert page.context["counts"]["open"] == page.context["counts"]["waiting"] == int(sees)
        assert (str(private.pk) in page.content.decode()) is sees, "not even its name is told"
        for words in ("Chiang", "", str(conversation.number)):
            found = client.get("/w/acme/find/", {"q": words}).content.decode()
            assert (str(conversation.pk) in found) is sees, words


def test_SR10_nothing_can_be_done_there(omar_client: Client, private: Inbox, conversation: Conversation) -> None:
    thread = f"/w/acme/conversations/{conversation.pk}/"
    body = {"client_id": str(uuid.uuid4()), "body": "hello", "assignee": "", "read": 1}
    for verb in ("messages/", "assignment/", "takeover/", "resolution/", "resolution/delete/", "marks/", "canned/"):
        answer = omar_client.get(thread + verb) if verb == "canned/" else omar_client.post(thread + verb, body)
        assert answer.status_code == 404, verb


def test_SR10_contacts_of_a_hidden_inbox_are_hidden(
    private: Inbox, conversation: Conversation, omar_member: Membership, vera_member: Membership, acme: Workspace
) -> None:
    by_hand = acme.contacts.create(number=900, name="Typed in by hand")
    assert list(acme.contacts.visible_to(omar_member)) == [by_hand]
    assert set(acme.contacts.visible_to(vera_member)) == {by_hand, conversation.contact}


def test_who_can_be_given_a_conversation(
    ana_client: Client,
    private: Inbox,
    conversation: Conversation,
    omar_member: Membership,
    nok: Membership,
    ana_member: Membership,
) -> None:
    for member in (omar_member, nok):
        with pytest.raises(Invalid):
            actions.assign(conversation, assignee=member, by=ana_member)
    actions.set_inbox_members(private, is_private=True, members=[nok], by=ana_member)
    colleagues = ana_client.get(f"/w/acme/conversations/{conversation.pk}/colleagues/", {"to": "assign"}).json()
    names = [person["name"] for person in colleagues["rows"]]
    assert "Nok Dee" in names and "Ana Srisuk" in names and "Omar Haddad" not in names and "Vera Lind" not in names
    assert actions.assign(conversation, assignee=nok, by=ana_member).assignee == nok


def test_SR10_who_is_told_that_somebody_waits(
    inbox: Inbox, vic: Any, omar_member: Membership, nok: Membership, ana_member: Membership
) -> None:
    # The visitor's socket holds its inbox as it was before.
    stale = vic.inbox
    actions.set_inbox_members(inbox, is_private=True, members=[nok], by=ana_member)
    assert stale.is_private is False
    actions.post_visitor_message(vic, body="Anybody?", client_id=uuid.uuid4())
    told = set(Notification.unscoped.filter(kind=notices.WAITING.name).values_list("membership", flat=True))
    assert told == {ana_member.pk, nok.pk}


def test_the_visitor_sees_who_answers_there(private: Inbox, omar_member: Membership, ana_member: Membership) -> None:
    presence.member_seen(omar_member)
    assert presence.faces(private) == [] and presence.unanswered(ana_member) == [private.pk]
    presence.member_seen(ana_member)
    assert [face["name"] for face in presence.faces(private)] == ["Ana Srisuk"]
    assert presence.unanswered(ana_member) == []


def test_falling_out_gives_back_what_one_had(
    inbox: Inbox,
    conversation: Conversation,
    omar_member: Membership,
    ana_member: Membership,
    django_capture_on_commit_callbacks: Any,
) -> None:
    actions.assign(conversation, assignee=omar_member, by=ana_member)
    assert Notification.unscoped.filter(membership=omar_member, target=str(conversation.pk)).exists()
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_inbox_members(inbox, is_private=True, by=ana_member)
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.assignee_name) == (None, "")
    assert conversation.messages.order_by("position").last().event["name"] == "released"
    assert not Notification.unscoped.filter(membership=omar_member, target=str(conversation.pk)).exists()


def test_an_admin_who_becomes_an_operator_falls_out_too(
    private: Inbox,
    conversation: Conversation,
    adam_member: Membership,
    ana_member: Membership,
    django_capture_on_commit_callbacks: Any,
) -> None:
    actions.take_over(conversation, by=adam_member)
    with django_capture_on_commit_callbacks(execute=True):
        change_role(adam_member, role=Role.OPERATOR, by=ana_member)
    conversation.refresh_from_db()
    assert conversation.assignee is None


def test_the_sweep_finds_what_was_given_at_that_very_moment(
    inbox: Inbox, conversation: Conversation, omar_member: Membership, ana_member: Membership
) -> None:
    actions.assign(conversation, assignee=omar_member, by=ana_member)
    tasks.sweep_stranded()
    conversation.refresh_from_db()
    assert conversation.assignee == omar_member
    actions.set_inbox_members(inbox, is_private=True, by=ana_member)  # the job's callback never ran
    tasks.sweep_stranded()
    conversation.refresh_from_db()
    assert conversation.assignee is None


def test_a_copy_of_ones_data_follows(private: Inbox, conversation: Conversation, omar: User, vera: User) -> None:
    def copied(user: User) -> list[dict[str, Any]]:
        return list(sections(user)["private_inboxes"])

    assert copied(vera) == [{"workspace": "acme", "inbox": private.name}] and copied(omar) == []


def test_opening_it_again_gives_everybody_back(
    private: Inbox, conversation: Conversation, omar_client: Client, ana_member: Membership
) -> None:
    for _ in range(2):
        actions.set_inbox_members(private, is_private=False, by=ana_member)
    assert not private.inbox_members.exists()
    assert omar_client.get(f"/w/acme/conversations/{conversation.pk}/").status_code == 200
    assert AuditEntry.unscoped.filter(action="inbox.members_changed").count() == 2


def test_the_tab(
    ana_client: Client, inbox_page: Any, inbox: Inbox, omar_member: Membership, gil_member: Membership
) -> None:
    page = inbox_page("members")
    html = ana_client.get(page).content.decode()
    assert "Omar Haddad" in html and "Gil" not in html and re.search(r'value="everybody"[^>]* checked', html)
    assert ana_client.post(page, {"audience": "chosen", "members": [omar_member.pk]}).url == page
    inbox.refresh_from_db()
    assert inbox.is_private and [row.membership for row in inbox.inbox_members.all()] == [omar_member]
    for wrong in ({"audience": "chosen", "members": [gil_member.pk]}, {"audience": "x"}, {"members": [omar_member.pk]}):
        assert ana_client.post(page, wrong).status_code == 422
    assert "Admins and 1 chosen member" in ana_client.get("/w/acme/settings/inboxes/").content.decode()


def test_both_ends_of_the_rule_agree(
    acme: Workspace, private: Inbox, ana_member: Membership, adam_member: Membership, nok: Membership
) -> None:
    actions.create_inbox(acme, name="For all")
    everybody = list(acme.memberships.all())
    seen = audience.seen_by(everybody)
    for member in everybody:
        inboxes = set(acme.inboxes.visible_to(member).values_list("pk", flat=True))
        assert seen[member.pk] == inboxes
        hidden = set(acme.inboxes.hidden_from(member).values_list("pk", flat=True))
        assert inboxes == {inbox.pk for inbox in acme.inboxes.all()} - hidden
        assert inboxes == {inbox.pk for inbox in acme.inboxes.all() if member in inbox.readers()}


def test_a_list_costs_the_same_with_many_private_inboxes(
    acme: Workspace, private: Inbox, omar_member: Membership, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        one = actions.create_inbox(acme, name=f"Private {number}")
        actions.set_inbox_members(one, is_private=True, members=[], by=acme.memberships.first())
    with django_assert_num_queries(1):
        list(acme.conversations.visible_to(omar_member).newest_first()[:30])
    with django_assert_num_queries(1):
        counts.counts_for(omar_member)
    with django_assert_num_queries(2):
        audience.seen_by([omar_member, omar_member])


def test_groups_are_named_after_the_inbox(conversation: Conversation) -> None:
    assert broadcasts.inbox(conversation.inbox_id) != broadcasts.team(conversation.workspace_id)
