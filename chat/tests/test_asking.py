"""What visitors are asked, when, and what becomes of the answers."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from chat import asking, sessions
from chat.actions import Filled, set_inbox_form, take_form
from chat.models import Conversation, Inbox, Visitor
from chat.widget.access import new_visitor, visitor_by_token
from conftest import SHOP
from contacts.actions import FieldWish
from contacts.models import Contact, FieldKind, Lead
from contacts.notices import NEW_LEAD
from minichat.lib.errors import Conflict, Invalid
from minichat.lib.tests import pictures
from notifications.models import Notification
from workspaces.models import AuditEntry, Membership, UsageCounter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
NAME, EMAIL, TEXT = FieldWish(FieldKind.NAME, True), FieldWish(FieldKind.EMAIL, False), FieldKind.TEXT


@pytest.fixture
def asks(inbox: Inbox, ana_member: Membership) -> Any:
    def ask(*fields: FieldWish, **about: Any) -> Inbox:
        return set_inbox_form(inbox, by=ana_member, fields=fields, **about)

    return ask


def again(visitor: Visitor) -> Visitor:
    """As the next request finds them."""
    return Visitor.unscoped.select_related("inbox__workspace", "contact", "workspace").get(pk=visitor.pk)


def forms(visitor: Visitor) -> dict[str, Any]:
    return sessions.state(again(visitor))["forms"]


def asked(visitor: Visitor, when: str = "online") -> list[str] | None:
    form = forms(visitor)[when]
    return form and [field["name"] for field in form["fields"]]


def with_need(form: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(field["name"], field["required"]) for field in form["fields"]]


def filled(visitor: Visitor, **about: Any) -> Filled:
    return Filled(again(visitor), about.pop("client_id", uuid.uuid4()), about.pop("answers", {}), **about)


# --- Who is asked what ------------------------------------------------------------------------------------------------


def test_nothing_is_asked_where_nothing_is_wanted(vic: Visitor, asks: Any) -> None:
    assert forms(vic) == {"online": None, "away": None}
    asks()
    assert forms(vic) == {"online": None, "away": None}, "leaving word is for the owner to switch on"


def test_only_what_is_missing(vic: Visitor, asks: Any) -> None:
    asks(NAME, EMAIL, FieldWish(TEXT, True, "Order number"))
    assert asked(vic) == ["name", "email", "text"]
    Contact.unscoped.filter(pk=vic.contact_id).update(name="Vic", attributes={"Order number": "A-1"})
    assert asked(vic) == ["email"]


def test_nothing_is_asked_twice(vic: Visitor, asks: Any) -> None:
    asks(NAME, EMAIL)
    take_form(filled(vic, answers={"name": "Vic", "email": ""}))
    assert asked(vic) is None
    asks(NAME, EMAIL, FieldWish(FieldKind.PHONE, True))
    assert asked(vic) == ["phone"], "what has become necessary since is asked for"


def test_whoever_is_vouched_for_is_asked_nothing(vic: Visitor, asks: Any) -> None:
    asks(NAME, asks_when_away=True)
    Contact.unscoped.filter(pk=vic.contact_id).update(external_id="c-1", verified_at=timezone.now())
    assert forms(vic) == {"online": None, "away": None}


def test_consent_is_asked_until_given_and_again_for_other_words(vic: Visitor, asks: Any) -> None:
    asks(consent="You may keep this.")
    assert forms(vic)["online"]["consent"] == "You may keep this."
    with pytest.raises(Invalid) as refused:
        take_form(filled(vic))
    assert "consent" in refused.value.fields["errors"]
    take_form(filled(vic, consent=True))
    assert asked(vic) is None
    assert again(vic).consent == "You may keep this." and again(vic).form_answered_at
    asks(consent="You may keep this for a year.")
    assert asked(vic) == []


def test_while_nobody_is_there_an_address_is_asked_for(vic: Visitor, asks: Any) -> None:
    asks(asks_when_away=True)
    assert forms(vic)["online"] is None
    assert forms(vic)["away"]["kind"] == "contact" and with_need(forms(vic)["away"]) == [("email", True)]
    asks(EMAIL, NAME, asks_when_away=True)
    assert with_need(forms(vic)["away"]) == [("email", True), ("name", True)]
    assert with_need(forms(vic)["online"]) == [("email", False), ("name", True)]
    Contact.unscoped.filter(pk=vic.contact_id).update(name="Vic", email="vic@example.com")
    assert asked(vic, "away") is None, "away and known: there is nothing to ask"


def test_where_no_word_is_left_the_questions_are_the_same(vic: Visitor, asks: Any) -> None:
    asks(NAME)
    assert forms(vic)["away"] == forms(vic)["online"] and forms(vic)["away"]["kind"] == "chat"


def test_an_empty_answer_is_one(vic: Visitor, asks: Any) -> None:
    asks(EMAIL)
    take_form(filled(vic))
    assert asked(vic) is None
    assert Contact.unscoped.get(pk=vic.contact_id).email == ""


def test_SR33_what_is_known_is_never_shown(vic: Visitor, asks: Any) -> None:
    asks(NAME, EMAIL, asks_when_away=True)
    Contact.unscoped.filter(pk=vic.contact_id).update(email="secret@example.com")
    assert "secret@example.com" not in json.dumps(forms(vic))


@pytest.mark.parametrize(("language", "label"), [("en", "Your email"), ("th", "อีเมลของคุณ"), ("ja", "メールアドレス")])
def test_in_the_visitors_language(
    client: Client, vic_token: str, inbox: Inbox, asks: Any, language: str, label: str
) -> None:
    asks(EMAIL)
    answer = client.get(
        f"/widget/{inbox.widget_key}/state/",
        headers={"Authorization": f"Bearer {vic_token}", "Accept-Language": language},
    ).json()
    assert answer["forms"]["online"]["fields"][0]["label"] == label


# --- Before a conversation --------------------------------------------------------------------------------------------


def test_answers_are_kept_as_typed(vic: Visitor, asks: Any) -> None:
    asks(NAME, EMAIL, FieldWish(TEXT, False, "Order number"))
    taken = take_form(filled(vic, answers={"name": " มาลี\u202e ", "email": "mali@example.com", "text": "A-1"}))
    contact = again(vic).contact
    assert (contact.name, contact.email, contact.verified_at) == ("มาลี", "mali@example.com", None)
    assert contact.attributes == {"Order number": "A-1"}
    assert taken.lead is None and not Conversation.unscoped.exists()


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "x" * 81}, {"name"}),
        ({"name": "Vic", "email": "nowhere"}, {"email"}),
        ({"name": "\x00", "phone": "call me"}, {"name", "phone"}),
    ],
)
def test_SR64_what_is_wrong_is_said_beside_it_and_nothing_is_kept(
    vic: Visitor, asks: Any, answers: dict[str, str], wrong: set[str]
) -> None:
    asks(NAME, EMAIL, FieldWish(FieldKind.PHONE, False))
    with pytest.raises(Invalid) as refused:
        take_form(filled(vic, answers=answers))
    assert set(refused.value.fields["errors"]) == wrong
    assert again(vic).form_answered_at is None and again(vic).contact.name == ""


def test_the_owner_may_make_leads_of_them(vic: Visitor, asks: Any) -> None:
    asks(NAME, EMAIL, makes_leads=True)
    name = uuid.uuid4()
    taken = take_form(filled(vic, answers={"name": "Vic", "email": "vic@example.com"}, client_id=name))
    assert taken.lead and (taken.lead.source, taken.lead.message) == ("widget", "")
    take_form(filled(vic, answers={"name": "Vic", "email": "vic@example.com"}, client_id=name))
    assert Lead.unscoped.count() == 1


def test_a_name_alone_is_no_lead(vic: Visitor, asks: Any) -> None:
    asks(NAME, makes_leads=True)
    assert take_form(filled(vic, answers={"name": "Vic"})).lead is None


# --- Leaving word -----------------------------------------------------------------------------------------------------


def test_word_is_a_conversation_and_a_lead(vic: Visitor, omar_member: Membership) -> None:
    taken = take_form(filled(vic, answers={"email": "vic@example.com"}, body="Are you open on Sunday?"))
    assert taken.lead and taken.posted
    conversation = taken.posted.message.conversation
    assert taken.lead.origin.conversation == conversation
    assert (taken.lead.message, taken.lead.email) == ("Are you open on Sunday?", "vic@example.com")
    assert conversation.messages.get().body == "Are you open on Sunday?"
    told = Notification.unscoped.filter(membership=omar_member)
    assert [row.kind for row in told] == [NEW_LEAD.name], "one thing happened: it is told once"


def test_word_sent_twice_is_said_once(vic: Visitor) -> None:
    name = uuid.uuid4()
    first = take_form(filled(vic, answers={"email": "vic@example.com"}, body="Hello", client_id=name))
    second = take_form(filled(vic, answers={"email": "vic@example.com"}, body="Hello", client_id=name))
    assert first.lead == second.lead and second.posted and second.posted.is_repeat
    with pytest.raises(Conflict):
        take_form(filled(vic, answers={"email": "vic@example.com"}, body="Other words", client_id=name))
    assert (Lead.unscoped.count(), Conversation.unscoped.count()) == (1, 1)


def test_word_needs_an_address(vic: Visitor) -> None:
    with pytest.raises(Invalid) as refused:
        take_form(filled(vic, body="Hello"))
    assert set(refused.value.fields["errors"]) == {"email"}
    assert not Lead.unscoped.exists() and not Conversation.unscoped.exists()


def use_up(inbox: Inbox) -> None:
    inbox.workspace.entitlements.visitor_messages = 0
    inbox.workspace.entitlements.save()


def test_over_the_quota_a_lead_is_always_accepted(vic: Visitor, inbox: Inbox, conversation: Conversation) -> None:
    used = UsageCounter.unscoped.get(metric="visitor_messages").used
    use_up(inbox)
    taken = take_form(filled(vic, answers={"email": "vic@example.com"}, body="One more thing"))
    assert taken.posted is None and taken.lead
    assert taken.lead.message == "One more thing" and taken.lead.origin.conversation == conversation
    assert conversation.messages.count() == 1
    assert UsageCounter.unscoped.get(metric="visitor_messages").used == used, "it counts as no message"


def test_over_the_quota_a_newcomer_leaves_word_too(inbox: Inbox) -> None:
    visitor, _ = new_visitor(inbox, origin=SHOP, language="en")
    use_up(inbox)
    taken = take_form(filled(visitor, answers={"email": "new@example.com"}, body="Hello"))
    assert taken.lead and not hasattr(taken.lead, "origin") and not visitor.conversations.exists()


# --- The wire ---------------------------------------------------------------------------------------------------------


def post(client: Client, inbox: Inbox, token: str, place: str = "form/", **body: Any) -> Any:
    return client.post(
        f"/widget/{inbox.widget_key}/{place}",
        json.dumps({"client_id": str(uuid.uuid4()), **body}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def test_a_form_without_a_message_by_http(
    client: Client, inbox: Inbox, vic_token: str, vic: Visitor, asks: Any
) -> None:
    asks(NAME)
    answer = post(
        client, inbox, vic_token, answers={"name": "Vic"}, consent=False, body="", conversation=None, files=[]
    )
    assert answer.status_code == 201
    assert (answer.json()["lead"], answer.json()["message"]) == (False, None)
    assert again(vic).contact.name == "Vic" and not Conversation.unscoped.exists()


def test_by_http(client: Client, inbox: Inbox, vic_token: str) -> None:
    refused = post(client, inbox, vic_token, answers={"email": "no"}, body="Hello")
    assert refused.status_code == 422 and refused.json()["errors"]["email"]
    answer = post(client, inbox, vic_token, answers={"email": "vic@example.com"}, body="Hello")
    assert answer.status_code == 201
    assert answer.json()["lead"] is True and answer.json()["message"]["position"] == 1
    assert post(client, inbox, "v1.x.y", answers={}).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"answers": []},
        {"answers": {"name": 7}},
        {"answers": {"password": "x"}},
        {"answers": {"name": "x" * 5_000}},
        {"answers": {}, "body": "x" * 2_001},
        {"answers": {}, "surprise": 1},
    ],
)
def test_SR06_other_shapes_are_refused(client: Client, inbox: Inbox, vic_token: str, body: dict[str, Any]) -> None:
    assert post(client, inbox, vic_token, **body).status_code == 422


def test_a_refused_message_brings_the_form(client: Client, inbox: Inbox, vic_token: str) -> None:
    use_up(inbox)
    refused = post(client, inbox, vic_token, "messages/", body="Hello", conversation=None)
    assert refused.status_code == 429 and refused.json()["code"] == "quota_exceeded"
    assert refused.json()["form"]["kind"] == "contact"


def test_nobody_makes_leads_by_the_hundred(client: Client, inbox: Inbox, vic_token: str) -> None:
    codes = [post(client, inbox, vic_token, answers={"email": "v@x.test"}, body=f"n{n}").status_code for n in range(8)]
    assert codes[0] == 201 and codes[-1] == 429
    assert Lead.unscoped.count() < 8


def test_files_go_along_with_the_word(client: Client, inbox: Inbox, vic_token: str, vic: Visitor) -> None:
    sent = client.post(
        f"/widget/{inbox.widget_key}/uploads/",
        {"client_id": str(uuid.uuid4()), "file": SimpleUploadedFile("price.pdf", pictures.pdf())},
        headers={"Authorization": f"Bearer {vic_token}"},
    ).json()
    answers = {"email": "vic@example.com"}
    stranger = post(client, inbox, vic_token, answers=answers, body="Is this yours?", files=[str(uuid.uuid4())])
    assert stranger.status_code == 422 and not Lead.unscoped.exists()
    taken = post(client, inbox, vic_token, answers=answers, body="Is this yours?", files=[sent["id"]])
    assert taken.status_code == 201
    assert [str(row.pk) for row in vic.conversations.get().messages.get().attachments.all()] == [sent["id"]]


# --- The tab ----------------------------------------------------------------------------------------------------------


def test_the_tab_sets_the_form(inbox: Inbox, adam_client: Client, omar_client: Client) -> None:
    place = f"/w/acme/settings/inboxes/{inbox.pk}/form/"
    sent = dict.fromkeys(("name", "email", "phone", "company", "text"), "off")
    sent |= {"name": "required", "email": "optional", "consent": "ยินยอมให้เก็บข้อมูล"}
    assert omar_client.get(place).status_code == 403
    assert adam_client.post(place, sent).status_code == 302
    inbox.refresh_from_db()
    assert [(row.kind, row.required) for row in inbox.lead_form.fields.all()] == [("name", True), ("email", False)]
    kept = inbox.lead_form.fields.get(kind="email").pk
    adam_client.post(place, {**sent, "name": "off", "text": "required", "question": "Order number"})
    rows = list(inbox.lead_form.fields.all())
    assert [(row.kind, row.label) for row in rows] == [("email", ""), ("text", "Order number")]
    assert rows[0].pk == kept
    page = adam_client.get(place).content.decode()
    assert "Order number" in page and "ยินยอมให้เก็บข้อมูล" in page
    assert AuditEntry.unscoped.filter(action="inbox.form_changed").count() == 2


def test_a_question_needs_its_words(inbox: Inbox, adam_client: Client) -> None:
    sent = dict.fromkeys(("name", "email", "phone", "company"), "off")
    response = adam_client.post(
        f"/w/acme/settings/inboxes/{inbox.pk}/form/", {**sent, "text": "optional", "consent": "kept words"}
    )
    assert response.status_code == 422 and "kept words" in response.content.decode()


def test_SR10_a_strangers_inbox_has_no_form(inbox: Inbox, gil_client: Client, globex: Any) -> None:
    assert gil_client.get(f"/w/globex/settings/inboxes/{inbox.pk}/form/").status_code == 404


def test_what_is_asked_costs_nothing_where_nothing_is_asked(
    inbox: Inbox, vic_token: str, asks: Any, django_assert_num_queries: Any
) -> None:
    visitor = visitor_by_token(inbox.widget_key, vic_token)
    with django_assert_num_queries(0):
        assert asking.pictures_at_start(visitor) == {"online": None, "away": None}
    asks(NAME, EMAIL, asks_when_away=True)
    visitor = visitor_by_token(inbox.widget_key, vic_token)
    with django_assert_num_queries(2):
        assert all(asking.pictures_at_start(visitor).values())
