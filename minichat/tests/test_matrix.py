"""Who may do what, for every route and every socket action (SR-02).

The table is checked against the URL resolver and the sockets' registries: what is not listed turns the suite red, and
so does an answer that differs from the table.
"""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, path, reverse

from accounts.models import User
from accounts.shelf import AVATARS
from ai import chain
from ai.actions import add_faq, add_file, add_golden, add_link, publish, save_draft, set_key
from ai.assistant import Persona
from ai.gate import against
from ai.models import Expectation
from chat.actions import (
    add_canned_response,
    add_view,
    block,
    create_label,
    make_identity_key,
    perform,
    post_operator_message,
    post_visitor_message,
)
from chat.emails import stop_token
from chat.models import Conversation, Inbox
from chat.tests.uploads import sent_file
from chat.widget import loaders
from chat.widget.access import issue_ticket, new_visitor
from contacts.actions import add_note, capture_lead
from contacts.models import Source
from minichat.lib.files import Picture, link_to
from minichat.tests.matrix import (
    ACCOUNT_PAGES,
    ACCOUNT_SESSION_PAGES,
    OK,
    PROVIDER_ROUTES,
    REFUSALS,
    ROLES,
    SOCKET_ACTIONS,
    TABLE,
    Members,
    Rule,
)
from notifications import unsubscribe
from notifications.actions import notify
from notifications.kinds import MEMBER_JOINED, ROLE_CHANGED
from notifications.models import OutgoingEmail
from workspaces import actions as workspace_actions
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

# --- Nothing is missing -----------------------------------------------------------------------------------------------


def routes(patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, where)
        else:
            yield where, pattern.name or ""


def unlisted(found: Iterator[tuple[str, str]]) -> list[str]:
    known = TABLE.keys() | ACCOUNT_PAGES | ACCOUNT_SESSION_PAGES | PROVIDER_ROUTES
    return [where for where, name in found if not where.startswith("admin/") and name not in known]


def test_SR02_every_route_is_in_the_table() -> None:
    assert unlisted(routes()) == [], "Add the route to TABLE in minichat/tests/matrix.py"


def test_SR02_a_route_that_is_not_listed_is_found() -> None:
    planted = path("w/<slug:slug>/secrets/", lambda request: None, name="secrets")
    assert unlisted(routes([planted])) == ["w/<slug:slug>/secrets/"]


def test_SR02_every_socket_action_is_in_the_table() -> None:
    for socket, table in SOCKET_ACTIONS.items():
        assert {name: action.role for name, action in socket.actions.items()} == table


# --- Every route, every role ------------------------------------------------------------------------------------------


@pytest.fixture
def clients(request: pytest.FixtureRequest, settings: Any) -> dict[str, Client]:
    return {who: request.getfixturevalue(f"{who}_client") for who in ROLES}


@pytest.fixture
def places(
    inbox: Inbox,
    conversation: Conversation,
    omar_member: Membership,
    clients: dict[str, Client],
    media: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, str]:
    """Where each route of the table lies; the thread, widget, mail and files are real ones."""
    mail = OutgoingEmail.unscoped.create(to=["x@x.test"], from_email="y@y.test", subject="s", text="t", html="<p>h</p>")
    frame = reverse("widget-frame", args=[inbox.widget_key])
    settings.CSP_REPORTS = True
    settings.SOCIALACCOUNT_PROVIDERS = {"google": {"APP": {"client_id": "x", "secret": "y"}}}
    owner = inbox.workspace.memberships.filter(role=Role.OWNER)
    [notification] = notify(MEMBER_JOINED, owner, data={"name": "Omar"})
    note = post_operator_message(conversation, by=omar_member, body="hi", client_id=uuid.uuid4(), note=True).message
    known = {
        "slug": "acme",
        "provider": "google",
        "pk": conversation.pk,
        "inbox": inbox.pk,
        "key": inbox.widget_key,
        "message": note.pk,
        "upload": uuid.uuid4(),
        "attachment": sent_file(conversation).pk,
        "identity_key": make_identity_key(inbox, by=owner.get())[0].pk,
        "color": "1f5fbf",
        "digest": loaders.current().digest,
        "language": "th",
    }
    label = create_label(omar_member, name="VIP")
    view = add_view(owner.get(), name="VIP", query="priority=high", is_shared=True)
    other, _token = new_visitor(inbox)
    spam = post_visitor_message(other, body="spam", client_id=uuid.uuid4()).message.conversation
    block(spam, by=omar_member)
    blocked = inbox.workspace.blocks.get()
    act = perform(owner.get(), "priority", {"priority": 4}, [conversation.pk])
    canned = add_canned_response(omar_member, shortcut="hi", body="Hello", shared=True)
    about = add_note(conversation.contact, by=omar_member, body="buys beans")
    faq = add_faq(owner.get(), question="Do you ship?", answer="Yes, everywhere.")
    gap = inbox.workspace.ai_answers.create(
        conversation=conversation, question=conversation.messages.first(), message=note, outcome="answered", is_gap=True
    )
    # Nobody is asked: what it cost is written over a connection of its own, which would wait for that of the test.
    # A key is tried where nothing listens.
    monkeypatch.setattr(chain, "chain_for", lambda workspace: [])
    settings.AI_ADDRESSES = {**settings.AI_ADDRESSES, "groq": "http://127.0.0.1:1/v1"}
    set_key(owner.get(), provider="groq", key="gsk-of-acme-0123456789")
    link = add_link(owner.get(), provider="groq", model="llama-3.1-8b-instant")
    file = add_file(owner.get(), file=BytesIO(b"We ship everywhere."), name="shipping.txt")
    found = {
        **{name: reverse(name, args=["acme", file.pk]) for name in ("knowledge-file", "read-source-again")},
        "dismiss-gap": reverse("dismiss-gap", args=["acme", gap.pk]),
        **{name: reverse(name, args=["acme", link.pk]) for name in ("move-model", "remove-model", "ask-model-again")},
        **{name: reverse(name, args=["acme", "groq"]) for name in ("ai-key", "check-ai-key", "remove-ai-key")},
        **{name: reverse(name, args=["acme", faq.pk]) for name in ("knowledge-source", "edit-source", "delete-source")},
        **assistant_places(owner.get()),
        "start-chat": reverse("start-chat", args=["acme", conversation.visitor_id]),
        "delete-contact-note": reverse("delete-contact-note", args=["acme", conversation.pk, about.pk]),
        "edit-view": reverse("edit-view", args=["acme", view.pk]),
        "delete-view": reverse("delete-view", args=["acme", view.pk]),
        "unblock-contact": reverse("unblock-contact", args=["acme", blocked.pk]),
        "edit-label": reverse("edit-label", args=["acme", label.pk]),
        "delete-label": reverse("delete-label", args=["acme", label.pk]),
        "triage-progress": reverse("triage-progress", args=["acme", act.pk]),
        "undo-triage": reverse("undo-triage", args=["acme", act.pk]),
        "edit-canned": reverse("edit-canned", args=["acme", canned.pk]),
        "delete-canned": reverse("delete-canned", args=["acme", canned.pk]),
        "ticket": issue_ticket(inbox, inbox.allowed_origins[0]),
        "widget-frame": f"{frame}?o={inbox.allowed_origins[0]}",
        "admin": "/admin/",
        "picture": AVATARS.url(AVATARS.put(Picture({64: b"drawn"})), 64) or "",
        "file": link_to(
            default_storage.save("private/one.txt", ContentFile(b"x")), name="one.txt", content_type="text/plain"
        ),
        "widget-file": reverse("widget-file", args=[inbox.widget_key, known["attachment"]]),
        "read-notification": reverse("read-notification", args=["acme", notification.pk]),
        "unsubscribe": reverse("unsubscribe", args=[unsubscribe.token_for(owner.get(), [ROLE_CHANGED])]),
        "stop-visitor-mail": reverse("stop-visitor-mail", args=[stop_token(conversation.contact)]),
        "mfa_edit_webauthn": reverse("mfa_edit_webauthn", args=[1]),
        "mfa_remove_webauthn": reverse("mfa_remove_webauthn", args=[1]),
        "dev-mail-one": reverse("dev-mail-one", args=[mail.pk]),
        "dev-mail-html": reverse("dev-mail-html", args=[mail.pk]),
    }
    found |= contact_places(conversation, omar_member)
    found |= people_places(acme := inbox.workspace, acme.memberships.get(role=Role.OWNER))
    for where, name in routes():
        if name in TABLE and name not in found:
            names = [part.split(":")[1].split(">")[0] for part in where.split("<")[1:]]
            found[name] = reverse(name, kwargs={one: known[one] for one in names})
    return found


def contact_places(conversation: Conversation, omar: Membership) -> dict[str, str]:
    """Vic's contact, about whom Omar wrote a note and who left word."""
    contact = conversation.contact
    note = add_note(contact, by=omar, body="ours")
    lead = capture_lead(contact, answers=[], source=Source.CONTACT_FORM)
    about_contact = (
        "contact",
        "edit-contact",
        "set-attribute",
        "delete-attribute",
        "contact-notes",
        "add-note",
        "merge-contact",
    )
    return {
        **{name: reverse(name, args=["acme", contact.pk]) for name in about_contact},
        **{name: reverse(name, args=["acme", contact.pk, note.pk]) for name in ("edit-note", "delete-note")},
        **{name: reverse(name, args=["acme", lead.pk]) for name in ("lead", "move-lead", "assign-lead")},
    }


def assistant_places(ana: Membership) -> dict[str, str]:
    """Of two versions the second one is in force, and one test question is known."""
    for name in ("มะลิ", "นก"):
        publish(ana, agreed=against(save_draft(ana, Persona(name=name)), []), unchecked=True)
    golden = add_golden(ana, question="ขอคุยกับคนได้ไหม", expects=Expectation.HAND_OFF)
    first = ana.workspace.assistant_versions.get(number=1)
    return {
        **{name: reverse(name, args=["acme", golden.pk]) for name in ("edit-golden", "delete-golden")},
        **{name: reverse(name, args=["acme", first.pk]) for name in ("assistant-version", "roll-back-assistant")},
    }


def people_places(acme: Workspace, ana: Membership) -> dict[str, str]:
    """A member whom nobody plays, an open invitation, and Omar, who is offered the workspace."""
    max_ = workspace_actions.add_member(acme, user=User.objects.create_user("max@acme.test"), role=Role.VIEWER)
    with mock.patch.object(secrets, "token_urlsafe", return_value="a-token"):
        [invitation] = workspace_actions.invite(acme, addresses=["mai@acme.test"], role=Role.VIEWER, by=ana)
    workspace_actions.offer_ownership(acme.memberships.get(user__email="omar@acme.test"), by=ana)
    return {
        **{
            name: reverse(name, args=["acme", max_.pk])
            for name in ("member", "member-role", "deactivate-member", "reactivate-member", "remove-member")
        },
        **{name: reverse(name, args=["acme", invitation.pk]) for name in ("resend-invitation", "revoke-invitation")},
        "invitation-link": reverse("invitation-link", args=["a-token"]),
    }


def ask(client: Client, rule: Rule, place: str, ticket: str) -> int:
    text = json.dumps(rule.body or {}).replace("{uuid}", str(uuid.uuid4())).replace("{ticket}", ticket)
    if rule.as_json:
        return client.post(place, text, content_type="application/json").status_code
    return getattr(client, rule.method)(place, json.loads(text) or None).status_code


# Building the world takes longer than asking a question in it, so each is asked about many routes.
WORLDS = 12


def dealt(names: Iterable[str]) -> list[list[str]]:
    ordered = sorted(names)
    return [ordered[number::WORLDS] for number in range(WORLDS)]


def rules_of(names: list[str]) -> list[tuple[str, Rule]]:
    return [(name, rule) for name in names for rule in TABLE[name]]


@contextmanager
def as_if_nothing_happened(clients: dict[str, Client]) -> Iterator[dict[str, Client]]:
    """Everybody meets the same world: what the one before deleted, counted or signed out of is there again."""
    fresh = {who: Client() for who in clients}
    for who, client in fresh.items():
        client.defaults.update(clients[who].defaults)
        client.cookies.load({name: morsel.value for name, morsel in clients[who].cookies.items()})
    own_keys = f"test-{uuid.uuid4().hex}"
    with mock.patch.object(caches["default"], "key_prefix", own_keys), transaction.atomic():
        yield fresh
        transaction.set_rollback(True)


@pytest.mark.parametrize("names", dealt(TABLE))
@pytest.mark.django_db
def test_SR02_every_role_gets_what_the_table_says(
    names: list[str], clients: dict[str, Client], places: dict[str, str]
) -> None:
    wrong = []
    for (name, rule), who in product(rules_of(names), ROLES):
        with as_if_nothing_happened(clients) as fresh:
            status, expected = ask(fresh[who], rule, places[name], places["ticket"]), rule.expected(who)
        is_right = status not in REFUSALS - {302} and status < 500 if expected is OK else status == expected
        if not is_right:
            wrong.append(f"{rule.method} {name} as {who}: {status}, not {expected}")
    assert not wrong


@pytest.mark.parametrize("names", dealt(name for name, rules in TABLE.items() if isinstance(rules[0], Members)))
@pytest.mark.django_db
def test_SR04_a_stranger_cannot_tell_acme_from_nothing(
    names: list[str], gil_client: Client, clients: dict[str, Client], places: dict[str, str]
) -> None:
    """The same answer for Acme's address and for the same address in a workspace that does not exist."""
    for name, rule in rules_of(names):
        answers = []
        for place in (places[name], places[name].replace("/w/acme/", "/w/nobody/")):
            response = getattr(gil_client, rule.method)(place)
            kept = {key: value for key, value in response.headers.items() if key not in ("X-Request-ID", "Set-Cookie")}
            answers.append((response.status_code, response.content.replace(b"/w/nobody/", b"/w/acme/"), kept))
        assert answers[0][0] in (404, 405), name
        assert _plain(answers[0]) == _plain(answers[1]), name


@pytest.mark.django_db
def test_SR04_a_strangers_thread_is_no_thread(
    gil_client: Client, omar_client: Client, globex: Any, conversation: Conversation
) -> None:
    """Acme's conversation under Globex' own address, and a random id: not found alike."""
    assert omar_client.get(f"/w/acme/conversations/{conversation.pk}/").status_code == 200
    for pk in (conversation.pk, uuid.uuid4()):
        for tail in ("", "details/", "changes/"):
            assert gil_client.get(f"/w/globex/conversations/{pk}/{tail}").status_code == 404
        for tail in ("messages/", "assignment/", "takeover/", "resolution/", "resolution/delete/", "marks/"):
            assert gil_client.post(f"/w/globex/conversations/{pk}/{tail}", {"body": "x", "read": 1}).status_code == 404


@pytest.mark.django_db
def test_SR02_account_pages(clients: dict[str, Client]) -> None:
    for name in ACCOUNT_PAGES | ACCOUNT_SESSION_PAGES:
        try:
            place = reverse(name) if not name.endswith("from_key") else reverse(name, args=["1", "set-password"])
        except NoReverseMatch:
            continue  # a door that allauth knows and we left out
        status = clients["anonymous"].get(place).status_code
        assert status == 200 if name in ACCOUNT_PAGES else status in (302, 409), f"{name}: {status}"


@pytest.mark.django_db
def test_SR02_the_admin_is_for_staff_alone(clients: dict[str, Client]) -> None:
    for where, name in routes():
        if not where.startswith("admin/") or "<" in where or "(?P" in where:
            continue
        for who in ("anonymous", "ana", "gil"):
            assert clients[who].get(f"/{where}").status_code != 200 or "jsi18n" in where, f"{where} as {who}"
        if name.endswith("changelist"):
            assert clients["staff"].get(f"/{where}").status_code in (200, 403), where


def _plain(answer: tuple[int, bytes, dict[str, str]]) -> tuple[int, bytes, dict[str, str]]:
    status, content, headers = answer
    content = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", content)
    content = re.sub(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", b"", content)  # the request's number
    return status, content, {key: value for key, value in headers.items() if key != "Content-Length"}
