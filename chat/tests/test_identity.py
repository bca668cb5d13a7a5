"""Who is vouched for by the owner's server has their conversations on any device; nobody else opens anything."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from chat import actions
from chat.models import Conversation, Credential, IdentityKey, Inbox, Message, UsedToken, Visitor
from chat.tests.vouching import Vouch, as_visitor, fresh_pace, secret, send, vouch
from chat.widget.access import issue_ticket, new_visitor
from contacts.models import Contact
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
__all__ = ["fresh_pace", "secret", "vouch"]


@pytest.fixture
def api(inbox: Inbox) -> str:
    return f"/widget/{inbox.widget_key}/"


def arrive(api: str, inbox: Inbox, **more: Any) -> dict[str, Any]:
    """A browser that has never been here."""
    answer = send(Client(), f"{api}visitor/", ticket=issue_ticket(inbox, inbox.allowed_origins[0]), **more)
    assert answer.status_code == 201, answer.content
    return answer.json()


def post(client: Client, api: str, body: str) -> dict[str, Any]:
    answer = send(client, f"{api}messages/", client_id=str(uuid.uuid4()), body=body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def thread(client: Client, api: str, conversation: str) -> list[str]:
    rows = client.get(f"{api}conversations/{conversation}/changes/").json()["rows"]
    return [row["body"] for row in rows if row["kind"] == "visitor"]


def test_SR34_the_same_person_on_two_devices(api: str, inbox: Inbox, vouch: Vouch) -> None:
    phone = as_visitor(arrive(api, inbox, identity=vouch(name="Nok"))["token"])
    said = post(phone, api, "from my phone")["conversation"]
    laptop = as_visitor(arrive(api, inbox, identity=vouch())["token"])
    state = laptop.get(f"{api}state/").json()
    assert state["verified"] is True and state["conversation"]["id"] == said
    assert thread(laptop, api, said) == ["from my phone"]
    contact = Contact.unscoped.get(external_id="customer-7")
    assert contact.name == "Nok" and contact.verified_at and contact.proven == ["name"]
    assert contact.visitors.count() == 1 and contact.visitors.get().credentials.count() == 2


def test_SR34_what_was_said_before_is_taken_along(api: str, inbox: Inbox, vouch: Vouch) -> None:
    """First anonymous, then signed in; later the same on a second device that has talked already."""
    home = as_visitor(arrive(api, inbox, identity=vouch())["token"])
    first = post(home, api, "at home")["conversation"]
    token = arrive(api, inbox)["token"]
    cafe = as_visitor(token)
    other = post(cafe, api, "in a café")["conversation"]
    answer = send(cafe, f"{api}identify/", identity=vouch()).json()
    assert answer["verified"] is True and answer["other"] is False
    assert cafe.get(f"{api}state/").status_code == 401, "the old credential opens nothing of it"
    cafe = as_visitor(answer["token"])
    for client in (home, cafe):
        assert thread(client, api, first) == ["at home"] and thread(client, api, other) == ["in a café"]
    assert Contact.unscoped.count() == Visitor.unscoped.count() == 1
    assert {row.contact.external_id for row in Conversation.unscoped.select_related("contact")} == {"customer-7"}


def test_a_message_repeated_after_signing_in_is_stored_once(api: str, inbox: Inbox, vouch: Vouch) -> None:
    arrive(api, inbox, identity=vouch())
    before = as_visitor(arrive(api, inbox)["token"])
    name = str(uuid.uuid4())
    send(before, f"{api}messages/", client_id=name, body="once")
    after = as_visitor(send(before, f"{api}identify/", identity=vouch()).json()["token"])
    assert send(after, f"{api}messages/", client_id=name, body="once").status_code == 200
    assert Message.unscoped.filter(body="once").count() == 1


def test_the_first_signing_in_keeps_the_visitor(api: str, vic: Visitor, vic_client: Client, vouch: Vouch) -> None:
    said = post(vic_client, api, "before")["conversation"]
    token = send(vic_client, f"{api}identify/", identity=vouch(email="nok@example.com")).json()["token"]
    vic.refresh_from_db()
    assert vic.verified_at is not None and vic.contact.external_id == "customer-7"
    assert vic.contact.proven_email == "nok@example.com"
    assert thread(as_visitor(token), api, said) == ["before"]
    events = [row.event["name"] for row in Message.unscoped.filter(kind="event")]
    assert events == ["recognised"]
    rows = as_visitor(token).get(f"{api}conversations/{said}/changes/").json()["rows"]
    assert [row["kind"] for row in rows] == ["visitor"], "the line is the team's alone"


def test_blocked_in_one_inbox_is_blocked_in_all(
    inbox: Inbox, ana_member: Membership, omar_member: Membership, secret: tuple[IdentityKey, str], vouch: Vouch
) -> None:
    token = arrive(f"/widget/{inbox.widget_key}/", inbox, identity=vouch())["token"]
    said = post(as_visitor(token), f"/widget/{inbox.widget_key}/", "rude")["conversation"]
    actions.block(Conversation.unscoped.get(pk=said), by=omar_member)
    other = actions.create_inbox(inbox.workspace, name="Second", by=ana_member)
    actions.set_allowed_origins(other, origins=inbox.allowed_origins, by=ana_member)
    other.refresh_from_db()
    again = vouch(using=actions.make_identity_key(other, by=ana_member), aud=other.widget_key)
    body = {"ticket": issue_ticket(other, other.allowed_origins[0]), "identity": again}
    assert send(Client(), f"/widget/{other.widget_key}/visitor/", **body).status_code == 403
    assert not other.visitors.exists()


def test_vouched_for_again_is_no_change(api: str, inbox: Inbox, vouch: Vouch) -> None:
    client = as_visitor(arrive(api, inbox, identity=vouch(name="Nok"))["token"])
    answer = send(client, f"{api}identify/", identity=vouch(name="Nok Noi", attributes={"plan": "pro"}))
    assert answer.json() == {"token": None, "verified": True, "other": False}
    contact = Contact.unscoped.get()
    assert contact.name == "Nok Noi" and contact.attributes == {"plan": "pro"}
    assert contact.proven == ["attributes.plan", "name"]


def test_SR34_somebody_else_on_the_same_browser(api: str, inbox: Inbox, vouch: Vouch) -> None:
    """The page forgot to say `reset`: the next person gets a place of their own."""
    token = arrive(api, inbox, identity=vouch("anna"))["token"]
    private = post(as_visitor(token), api, "anna's")["conversation"]
    answer = send(as_visitor(token), f"{api}identify/", identity=vouch("bert")).json()
    assert answer["other"] is True
    bert = as_visitor(answer["token"])
    assert bert.get(f"{api}state/").json()["conversation"] is None
    assert bert.get(f"{api}conversations/{private}/changes/").status_code == 404
    assert thread(as_visitor(token), api, private) == ["anna's"]


# --- Refused ----------------------------------------------------------------------------------------------------------


def refusals(vouch: Vouch, secret: tuple[IdentityKey, str]) -> list[tuple[str, str]]:
    now = int(time.time())
    good = vouch()
    head, body, seal = good.split(".")
    return [
        ("identity_expired", vouch(exp=now - 120)),
        ("identity_lifetime", vouch(exp=now + 3 * 3600)),
        ("identity_audience", vouch(aud="wk_somebody_else")),
        ("identity_key", vouch(kid="ik_unknown")),
        ("identity_invalid", vouch(algorithm="none")),
        ("identity_invalid", vouch(algorithm="HS512")),
        ("identity_invalid", vouch(using=(secret[0], "x" * 40))),
        ("identity_invalid", vouch(kid=None)),
        ("identity_invalid", vouch(None)),
        ("identity_invalid", vouch("")),
        ("identity_invalid", vouch("x" * 201)),
        ("identity_invalid", vouch("a\u202eb")),
        ("identity_invalid", vouch(exp=None)),
        ("identity_invalid", vouch(aud=None)),
        ("identity_invalid", vouch(nbf=now + 600)),
        ("identity_invalid", vouch(jti="x" * 65)),
        ("identity_invalid", vouch(email="no address")),
        ("identity_invalid", vouch(attributes={"deep": {"er": 1}})),
        ("identity_invalid", f"{head}.{body}."),
        ("identity_invalid", f"{head}.{body}.{seal[::-1]}"),
        ("identity_invalid", "x"),
        ("identity_invalid", "a.b.c"),
        ("identity_invalid", "." * 200),
    ]


def test_SR34_anything_not_quite_right_opens_nothing(
    api: str, inbox: Inbox, vouch: Vouch, secret: tuple[IdentityKey, str]
) -> None:
    owner = as_visitor(arrive(api, inbox, identity=vouch())["token"])
    private = post(owner, api, "private")["conversation"]
    for code, token in refusals(vouch, secret):
        arrived = arrive(api, inbox, identity=token)
        assert arrived["refused"] == code, token
        client = as_visitor(arrived["token"])
        answer = send(client, f"{api}identify/", identity=token)
        assert (answer.status_code, answer.json()["code"]) == (403, code), token
        state = client.get(f"{api}state/").json()
        assert state["verified"] is False and state["conversation"] is None, "the chat goes on, unverified"
        assert client.get(f"{api}conversations/{private}/changes/").status_code == 404
    assert Visitor.unscoped.filter(verified_at__isnull=False).count() == 1


def test_SR34_a_key_of_another_inbox(
    api: str,
    inbox: Inbox,
    acme: Workspace,
    ana_member: Membership,
    globex: Workspace,
    gil_member: Membership,
    vouch: Vouch,
) -> None:
    for other, by in (
        (actions.create_inbox(acme, name="Two", by=ana_member), ana_member),
        (globex.inboxes.get(), gil_member),
    ):
        foreign = actions.make_identity_key(other, by=by)
        assert arrive(api, inbox, identity=vouch(using=foreign))["refused"] == "identity_key"


def test_SR34_a_named_token_comes_once(api: str, inbox: Inbox, vouch: Vouch) -> None:
    token = vouch(jti="one")
    client = as_visitor(arrive(api, inbox, identity=token)["token"])
    assert arrive(api, inbox, identity=token)["refused"] == "identity_replayed"
    assert send(client, f"{api}identify/", identity=token).json()["verified"] is True, "the same coming"
    UsedToken.unscoped.update(expires_at=timezone.now() - timedelta(minutes=5))
    send(client, f"{api}identify/", identity=vouch(jti="two"))
    assert [row.jti for row in UsedToken.unscoped.all()] == ["two"]


def test_SR34_two_keys_work_and_a_revoked_one_ends_what_it_opened(
    api: str, inbox: Inbox, vouch: Vouch, secret: tuple[IdentityKey, str], ana_member: Membership
) -> None:
    second = actions.make_identity_key(inbox, by=ana_member)
    old = as_visitor(arrive(api, inbox, identity=vouch("anna"))["token"])
    new = as_visitor(arrive(api, inbox, identity=vouch("bert", using=second))["token"])
    actions.revoke_identity_key(secret[0], by=ana_member)
    assert old.get(f"{api}state/").status_code == 401 and new.get(f"{api}state/").status_code == 200
    assert arrive(api, inbox, identity=vouch("anna"))["refused"] == "identity_key"
    assert arrive(api, inbox, identity=vouch("anna", using=second))["refused"] is None


def test_SR34_vouched_for_with_the_next_key_outlives_the_old_one(
    api: str, inbox: Inbox, vouch: Vouch, secret: tuple[IdentityKey, str], ana_member: Membership
) -> None:
    second = actions.make_identity_key(inbox, by=ana_member)
    client = as_visitor(arrive(api, inbox, identity=vouch())["token"])
    token = send(client, f"{api}identify/", identity=vouch(using=second)).json()["token"]
    actions.revoke_identity_key(secret[0], by=ana_member)
    assert as_visitor(token).get(f"{api}state/").json()["verified"] is True


def test_a_blocked_person_stays_blocked_on_a_new_device(api: str, inbox: Inbox, vouch: Vouch) -> None:
    arrive(api, inbox, identity=vouch())
    Visitor.unscoped.update(blocked_at=timezone.now())
    ticket = issue_ticket(inbox, inbox.allowed_origins[0])
    assert send(Client(), f"{api}visitor/", ticket=ticket, identity=vouch()).status_code == 403


# --- Unverified is unverified -----------------------------------------------------------------------------------------


def test_SR33_typed_claims_open_and_merge_nothing(api: str, inbox: Inbox, vouch: Vouch) -> None:
    owner = as_visitor(arrive(api, inbox, identity=vouch(email="ceo@x.example"))["token"])
    private = post(owner, api, "private")["conversation"]
    liar = as_visitor(arrive(api, inbox)["token"])
    traits = {
        "id": "customer-7",
        "email": "ceo@x.example",
        "name": "The CEO",
        "external_id": "customer-7",
        "sub": "customer-7",
    }
    assert send(liar, f"{api}identify/", traits=traits).json() == {"token": None, "verified": False, "other": False}
    assert liar.get(f"{api}state/").json()["conversation"] is None
    assert liar.get(f"{api}conversations/{private}/changes/").status_code == 404
    typed = Contact.unscoped.get(external_id=None)
    assert typed.name == "The CEO" and typed.proven == [] and typed.proven_email == "" and typed.verified_at is None
    assert typed.attributes["id"] == "customer-7"


def test_what_was_vouched_for_is_not_overwritten_by_what_is_typed(api: str, inbox: Inbox, vouch: Vouch) -> None:
    token = arrive(api, inbox, identity=vouch(name="Nok", attributes={"plan": "free"}))["token"]
    client = as_visitor(token)
    send(client, f"{api}identify/", traits={"name": "Boss", "phone": "081 234 5678", "plan": "gold", "mood": "fine"})
    contact = Contact.unscoped.get()
    assert (contact.name, contact.phone) == ("Nok", "081 234 5678")
    assert contact.attributes == {"plan": "free", "mood": "fine"}


def verified_history(api: str, inbox: Inbox, vouch: Vouch) -> tuple[str, str]:
    owner = as_visitor(arrive(api, inbox, identity=vouch(email="ceo@x.example", name="CEO"))["token"])
    return post(owner, api, "the secret plan")["conversation"], str(Visitor.unscoped.get().pk)


def test_SR33_no_way_leads_from_an_unverified_visitor_to_verified_history(api: str, inbox: Inbox, vouch: Vouch) -> None:
    """Every route of the widget with every kind of unverified visitor, and every id they could have learned."""
    from chat.widget.urls import urlpatterns

    private, owner = verified_history(api, inbox, vouch)
    bodies: list[dict[str, Any]] = [
        {},
        {"client_id": str(uuid.uuid4()), "body": "x", "conversation": private},
        {"client_id": str(uuid.uuid4()), "body": "x", "conversation": None},
        {"read": 99, "got": 99},
        {"traits": {"id": "customer-7", "email": "ceo@x.example", "contact": owner, "visitor": owner}},
        {"identity": vouch(algorithm="none"), "traits": None},
        {"identity": vouch(exp=1), "traits": {"email": "ceo@x.example"}},
        {"attributes": {"external_id": "customer-7", "verified_at": "2026-01-01", "proven": "name"}},
        {"name": "x", "data": {"conversation": private}},
        {"ticket": issue_ticket(inbox, inbox.allowed_origins[0]), "identity": None},
        {"ticket": issue_ticket(inbox, inbox.allowed_origins[0]), "identity": vouch(aud="x")},
    ]
    keys = [inbox.widget_key, "wk_nothing"]
    asked = 0
    for number in range(2):
        _, token = new_visitor(inbox)
        client = as_visitor(token)
        if number:
            post(client, api, "hello")
        for pattern in urlpatterns:
            if "str:key" not in str(pattern.pattern):
                continue
            for key in keys:
                path = "/" + str(pattern.pattern).replace("<str:key>", key).replace("<uuid:pk>", private)
                answers = [client.get(path, {"after": 0, "visitor": owner, "o": inbox.allowed_origins[0]})]
                answers += [send(client, path, **body) for body in bodies if not path.endswith("reset/")]
                for answer in answers:
                    asked += 1
                    text = answer.content.decode()
                    assert "secret plan" not in text and "ceo@x.example" not in text and private not in text, path
                    assert answer.status_code < 500, path
    assert asked > 200
    row = Conversation.unscoped.get(pk=private)
    assert (row.visitor_read, row.inbound) == (0, 1) and str(row.visitor_id) == owner
    assert Contact.unscoped.get(external_id="customer-7").name == "CEO"
    assert Visitor.unscoped.filter(verified_at__isnull=False).count() == 1


# --- Enforced ---------------------------------------------------------------------------------------------------------


def test_SR34_where_it_is_enforced_every_path_asks_for_it(
    api: str, inbox: Inbox, vouch: Vouch, ana_member: Membership, conversation: Conversation, vic_client: Client
) -> None:
    ticket = issue_ticket(inbox, inbox.allowed_origins[0])
    actions.enforce_identity(inbox, enforced=True, by=ana_member)
    at = f"{api}conversations/{conversation.pk}/"
    answers = [
        vic_client.get(f"{api}state/"),
        send(vic_client, f"{api}messages/", client_id=str(uuid.uuid4()), body="x"),
        vic_client.get(f"{at}changes/"),
        send(vic_client, f"{at}marks/", read=1),
        send(vic_client, f"{api}update/", attributes={"a": "b"}),
        send(vic_client, f"{api}track/", name="x"),
        send(vic_client, f"{api}identify/", traits={"name": "x"}),
        send(Client(), f"{api}visitor/", ticket=ticket),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "identity_required")}
    refused = send(Client(), f"{api}visitor/", ticket=ticket, identity=vouch(exp=1))
    assert (refused.status_code, refused.json()["code"]) == (403, "identity_expired")
    token = send(vic_client, f"{api}identify/", identity=vouch()).json()["token"]
    assert thread(as_visitor(token), api, str(conversation.pk)) == ["Do you ship to Chiang Mai?"]
    assert as_visitor(arrive(api, inbox, identity=vouch("bert"))["token"]).get(f"{api}state/").status_code == 200


# --- Credentials ------------------------------------------------------------------------------------------------------


def test_SR33_a_credential_is_renewed_each_month_and_two_tabs_survive(
    vic: Visitor, vic_client: Client, api: str
) -> None:
    assert vic_client.get(f"{api}state/").json()["token"] is None
    Credential.unscoped.update(issued_at=timezone.now() - timedelta(days=31))
    fresh = vic_client.get(f"{api}state/").json()["token"]
    assert fresh and as_visitor(fresh).get(f"{api}state/").json()["token"] is None
    lost = vic_client.get(f"{api}state/").json()["token"]
    assert lost not in (None, fresh), "an answer that was lost is given again"
    assert as_visitor(fresh).get(f"{api}state/").status_code == 200
    Credential.unscoped.filter(expires_at__isnull=False).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert vic_client.get(f"{api}state/").status_code == 401
    assert as_visitor(fresh).get(f"{api}state/").status_code == 200
    assert Visitor.unscoped.get() == vic


def test_SR33_reset_ends_this_browsers_credential_alone(api: str, inbox: Inbox, vouch: Vouch) -> None:
    here, there = (as_visitor(arrive(api, inbox, identity=vouch())["token"]) for _ in range(2))
    assert send(here, f"{api}reset/").status_code == 204
    assert here.get(f"{api}state/").status_code == 401 and there.get(f"{api}state/").status_code == 200
    assert send(here, f"{api}reset/").status_code == 401


def test_tokens_are_kept_as_hashes_and_secrets_locked_up(
    inbox: Inbox, vic_token: str, secret: tuple[IdentityKey, str]
) -> None:
    assert vic_token not in str(list(Credential.unscoped.values()))
    assert secret[1] not in str(list(IdentityKey.unscoped.values()))
    assert len(jwt.utils.force_bytes(secret[1])) >= 32
