"""Leads: always accepted, once, told to those who answer; moved, given and listed by the team."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from chat.actions import set_inbox_members
from contacts import actions, audience
from contacts.actions import Answer, Origin
from contacts.models import Contact, FieldKind, Lead, LeadStatus, Source
from contacts.notices import NEW_LEAD
from contacts.views import leads as view
from minichat.lib.errors import Conflict, NotFound
from notifications.models import Notification
from workspaces import actions as workspace_actions
from workspaces.events import event_emitted, public_events
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Role

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/leads/"


def leave_word(contact: Contact, **about: Any) -> Lead:
    answers = about.pop("answers", [Answer(FieldKind.EMAIL, "new@example.com")])
    return actions.capture_lead(contact, answers=answers, source=Source.CONTACT_FORM, **about)


def test_a_lead_keeps_what_was_said_and_where(mali: Contact) -> None:
    origin = Origin(page_url="https://shop.example/", referrer="https://x.example/", user_agent="UA", ip="203.0.113.7")
    answers = [Answer(FieldKind.NAME, "Mali K."), Answer(FieldKind.TEXT, "blue", label="Which colour?")]
    lead = leave_word(mali, message="Call me", answers=answers, origin=origin)
    assert (lead.status, lead.source, lead.message, lead.ip) == ("new", "contact_form", "Call me", "203.0.113.7")
    assert [(one.question, one.value) for one in lead.answers.all()] == [("Name", "Mali K."), ("Which colour?", "blue")]


def test_SR33_typed_answers_fill_gaps_and_replace_nothing(mali: Contact, acme: Workspace) -> None:
    leave_word(mali, answers=[Answer(FieldKind.EMAIL, "other@example.com"), Answer(FieldKind.COMPANY, "K. Coffee")])
    mali.refresh_from_db()
    assert (mali.email, mali.company, mali.verified_at) == ("mali@example.com", "K. Coffee", None)


def test_SR33_a_typed_address_opens_nobodys_history(mali: Contact, somebody: Any) -> None:
    stranger = somebody("Hello")
    lead = leave_word(stranger, answers=[Answer(FieldKind.EMAIL, "mali@example.com")])
    assert lead.contact == stranger != mali
    assert mali.conversations.count() == stranger.conversations.count() == 1


def test_sent_twice_is_one_lead(mali: Contact, somebody: Any) -> None:
    name = uuid.uuid4()
    first = leave_word(mali, message="once", client_id=name)
    assert leave_word(mali, message="once", client_id=name) == first
    with pytest.raises(Conflict):
        leave_word(mali, message="other words", client_id=name)
    with pytest.raises(Conflict):
        leave_word(somebody("x"), message="once", client_id=name)
    assert Lead.unscoped.count() == 1
    assert Notification.unscoped.filter(kind=NEW_LEAD.name, membership__role=Role.OWNER).count() == 1


def test_whoever_answers_is_told_unless_they_do_not_want_it(
    mali: Contact, omar_member: Membership, vera_member: Membership, ana_member: Membership
) -> None:
    lead = leave_word(mali)
    rows = Notification.unscoped.filter(kind=NEW_LEAD.name)
    assert {row.membership for row in rows} == {omar_member, ana_member}
    assert {row.target for row in rows} == {str(lead.pk)}
    assert all(row.mail_due_at for row in rows), "the owner is mailed by default"
    assert NEW_LEAD.say(rows[0].data) == "Mali left contact details and waits to hear from you."


def test_it_is_said_to_the_rooms_above_and_to_machines(mali: Contact) -> None:
    heard = []
    event_emitted.connect(lambda event, subject, **_: heard.append((event.name, subject)), weak=False, dispatch_uid="t")
    try:
        lead = leave_word(mali)
    finally:
        event_emitted.disconnect(dispatch_uid="t")
    assert ("lead.captured", lead) in heard
    assert "lead.captured" in {event.name for event in public_events()}


def test_moving(lead: Lead, omar_member: Membership) -> None:
    assert actions.move_lead(lead, status=LeadStatus.CONTACTED, by=omar_member).closed_at is None
    won = actions.move_lead(lead, status=LeadStatus.CONVERTED, by=omar_member)
    assert won.closed_at is not None
    assert actions.move_lead(lead, status=LeadStatus.LOST, by=omar_member).closed_at == won.closed_at
    assert actions.move_lead(lead, status=LeadStatus.LOST, by=omar_member)
    assert actions.move_lead(lead, status=LeadStatus.NEW, by=omar_member).closed_at is None
    assert AuditEntry.unscoped.filter(action="lead.moved").count() == 4


def test_whoever_takes_care_of_it_quiets_the_bells(lead: Lead, omar_member: Membership, ana_member: Membership) -> None:
    assert Notification.unscoped.filter(kind=NEW_LEAD.name, read_at=None).exists()
    actions.assign_lead(lead, assignee=ana_member, by=omar_member)
    assert not Notification.unscoped.filter(kind=NEW_LEAD.name, read_at=None).exists()
    [told] = Notification.unscoped.filter(kind="lead.assigned")
    assert told.membership == ana_member and told.read_at is None


def test_taking_it_oneself_is_no_news(lead: Lead, omar_member: Membership) -> None:
    actions.assign_lead(lead, assignee=omar_member, by=omar_member)
    assert not Notification.unscoped.filter(kind="lead.assigned").exists()


def test_whoever_leaves_keeps_none_back(lead: Lead, omar_member: Membership, ana_member: Membership) -> None:
    actions.assign_lead(lead, assignee=omar_member, by=ana_member)
    workspace_actions.change_role(omar_member, role=Role.VIEWER, by=ana_member)
    lead.refresh_from_db()
    assert (lead.assignee, lead.assignee_name) == (None, "")


def test_what_is_closed_keeps_its_name(lead: Lead, omar_member: Membership, ana_member: Membership) -> None:
    actions.assign_lead(lead, assignee=omar_member, by=ana_member)
    actions.move_lead(lead, status=LeadStatus.CONVERTED, by=omar_member)
    workspace_actions.deactivate_member(omar_member, by=ana_member)
    lead.refresh_from_db()
    assert lead.assignee == omar_member


def test_SR01_nobody_moves_a_lead_of_another_workspace(lead: Lead, gil_member: Membership, globex: Workspace) -> None:
    for verb in (
        lambda: actions.move_lead(lead, status=LeadStatus.LOST, by=gil_member),
        lambda: actions.assign_lead(lead, assignee=None, by=gil_member),
    ):
        with pytest.raises(NotFound):
            verb()


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_the_list_by_status(lead: Lead, omar_client: Client, omar_member: Membership, somebody: Any) -> None:
    other = leave_word(somebody("x", name="Bo"), message="<script>alert(1)</script>")
    actions.move_lead(lead, status=LeadStatus.LOST, by=omar_member)
    assert list(omar_client.get(PAGE).context["leads"]) == [other, lead]
    assert list(omar_client.get(PAGE, {"status": "lost"}).context["leads"]) == [lead]
    assert "<script>alert(1)" not in omar_client.get(PAGE).content.decode()
    assert "No lead has this status" in omar_client.get(PAGE, {"status": "qualified"}).content.decode()


def test_pages_of_the_list(mali: Contact, omar_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "PAGE", 2)
    for number in range(3):
        leave_word(mali, message=f"word {number}")
    first = omar_client.get(PAGE)
    second = omar_client.get(f"{PAGE}?{first.context['next']}")
    assert len(first.context["leads"]) == 2 and len(second.context["leads"]) == 1


def test_one_lead(lead: Lead, omar_client: Client, omar_member: Membership, vera_client: Client) -> None:
    page = omar_client.get(f"{PAGE}{lead.pk}/").content.decode()
    assert "Please call me" in page and "mailto:mali@example.com" in page and "Do you roast on Mondays?" in page
    assert not omar_member.notifications.filter(target=str(lead.pk), read_at=None).exists()
    assert omar_client.post(f"{PAGE}{lead.pk}/status/", {"status": "qualified"}).status_code == 302
    assert omar_client.post(f"{PAGE}{lead.pk}/assignment/", {"assignee": str(omar_member.pk)}).status_code == 302
    lead.refresh_from_db()
    assert (lead.status, lead.assignee) == ("qualified", omar_member)
    assert omar_client.post(f"{PAGE}{lead.pk}/status/", {"status": "sold"}).status_code == 422
    page = vera_client.get(f"{PAGE}{lead.pk}/").content.decode()
    assert "Qualified" in page and 'name="status"' not in page
    assert vera_client.post(f"{PAGE}{lead.pk}/status/", {"status": "new"}).status_code == 403


def test_SR03_no_assignee_of_another_workspace(lead: Lead, omar_client: Client, gil_member: Membership) -> None:
    response = omar_client.post(f"{PAGE}{lead.pk}/assignment/", {"assignee": str(gil_member.pk)})
    assert response.status_code == 422


def test_SR10_a_strangers_lead_is_not_there(lead: Lead, gil_client: Client, globex: Workspace) -> None:
    assert gil_client.get(f"/w/globex/leads/{lead.pk}/").status_code == 404
    for tail in ("status/", "assignment/"):
        assert gil_client.post(f"/w/globex/leads/{lead.pk}/{tail}", {"status": "lost"}).status_code == 404


def test_leads_are_found(lead: Lead, omar_client: Client, gil_client: Client, globex: Workspace) -> None:
    assert f"/w/acme/leads/{lead.pk}/" in omar_client.get("/w/acme/find/", {"q": "mali"}).content.decode()
    assert str(lead.pk) not in gil_client.get("/w/globex/find/", {"q": "mali"}).content.decode()


def test_SR10_whoever_may_not_see_the_inbox_hears_of_nobody_in_it(
    mali: Contact, inbox: Any, omar_member: Membership, ana_member: Membership, omar_client: Client
) -> None:
    set_inbox_members(inbox, is_private=True, members=[], by=ana_member)
    lead = leave_word(mali, message="for Ana's eyes")
    assert {row.membership for row in Notification.unscoped.filter(kind=NEW_LEAD.name)} == {ana_member}
    assert list(omar_client.get(PAGE).context["leads"]) == []
    assert omar_client.get(f"{PAGE}{lead.pk}/").status_code == 404
    assert str(lead.pk) not in omar_client.get("/w/acme/find/", {"q": "mali"}).content.decode()
    assert omar_member not in audience.answering(mali)
