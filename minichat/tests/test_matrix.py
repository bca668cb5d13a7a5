"""Who may do what, for every route and every socket action (SR-02).

The table is checked against the URL resolver and the sockets' registries: what is not listed turns the suite red, and
so does an answer that differs from the table.
"""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, path, reverse

from accounts.models import User
from accounts.shelf import AVATARS
from chat.actions import add_canned_response, post_operator_message
from chat.models import Conversation, Inbox
from chat.widget.access import issue_ticket
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
        "key": inbox.widget_key,
        "message": note.pk,
        "color": "1f5fbf",
    }
    canned = add_canned_response(omar_member, shortcut="hi", body="Hello", shared=True)
    found = {
        "edit-canned": reverse("edit-canned", args=["acme", canned.pk]),
        "delete-canned": reverse("delete-canned", args=["acme", canned.pk]),
        "ticket": issue_ticket(inbox, inbox.allowed_origins[0]),
        "widget-frame": f"{frame}?o={inbox.allowed_origins[0]}",
        "admin": "/admin/",
        "picture": AVATARS.url(AVATARS.put(Picture({64: b"drawn"})), 64) or "",
        "file": link_to(
            default_storage.save("private/one.txt", ContentFile(b"x")), name="one.txt", content_type="text/plain"
        ),
        "read-notification": reverse("read-notification", args=["acme", notification.pk]),
        "unsubscribe": reverse("unsubscribe", args=[unsubscribe.token_for(owner.get(), [ROLE_CHANGED])]),
        "mfa_edit_webauthn": reverse("mfa_edit_webauthn", args=[1]),
        "mfa_remove_webauthn": reverse("mfa_remove_webauthn", args=[1]),
        "dev-mail-one": reverse("dev-mail-one", args=[mail.pk]),
        "dev-mail-html": reverse("dev-mail-html", args=[mail.pk]),
    }
    found |= people_places(acme := inbox.workspace, acme.memberships.get(role=Role.OWNER))
    for where, name in routes():
        if name in TABLE and name not in found:
            names = [part.split(":")[1].split(">")[0] for part in where.split("<")[1:]]
            found[name] = reverse(name, kwargs={one: known[one] for one in names})
    return found


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


@pytest.mark.parametrize("name", sorted(TABLE))
@pytest.mark.django_db
def test_SR02_every_role_gets_what_the_table_says(
    name: str, clients: dict[str, Client], places: dict[str, str]
) -> None:
    for rule in TABLE[name]:
        for who in ROLES:
            # Everybody meets the same world: what the one before deleted is there again.
            with transaction.atomic():
                status, expected = ask(clients[who], rule, places[name], places["ticket"]), rule.expected(who)
                transaction.set_rollback(True)
            if expected is OK:
                assert status not in REFUSALS - {302} and status < 500, f"{rule.method} {name} as {who}: {status}"
            else:
                assert status == expected, f"{rule.method} {name} as {who}: {status}, not {expected}"


@pytest.mark.parametrize("name", sorted(name for name, rules in TABLE.items() if isinstance(rules[0], Members)))
@pytest.mark.django_db
def test_SR04_a_stranger_cannot_tell_acme_from_nothing(
    name: str, gil_client: Client, clients: dict[str, Client], places: dict[str, str]
) -> None:
    """The same answer for Acme's address and for the same address in a workspace that does not exist."""
    for rule in TABLE[name]:
        answers = []
        for place in (places[name], places[name].replace("/w/acme/", "/w/nobody/")):
            response = getattr(gil_client, rule.method)(place)
            kept = {key: value for key, value in response.headers.items() if key not in ("X-Request-ID", "Set-Cookie")}
            answers.append((response.status_code, response.content.replace(b"/w/nobody/", b"/w/acme/"), kept))
        assert answers[0][0] in (404, 405)
        assert _plain(answers[0]) == _plain(answers[1])


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
