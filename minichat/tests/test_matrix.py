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
from dataclasses import dataclass
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
from chat.consumers import OperatorSocket, VisitorSocket
from chat.models import Conversation, Inbox
from chat.widget.access import issue_ticket
from minichat.lib.files import Picture, link_to
from notifications import unsubscribe
from notifications.actions import notify
from notifications.kinds import MEMBER_JOINED, ROLE_CHANGED
from notifications.models import OutgoingEmail
from workspaces import actions as workspace_actions
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

ROLES = ["anonymous", "vic", "vera", "omar", "adam", "ana", "gil", "staff"]
RANKS = {"vera": Role.VIEWER, "omar": Role.OPERATOR, "adam": Role.ADMIN, "ana": Role.OWNER}
OK = "ok"  # let in: any answer but a refusal
REFUSALS = {302, 401, 403, 404, 405}


@dataclass(frozen=True)
class Rule:
    """What a route answers: to members of a sufficient role, to everybody else."""

    method: str
    role: Role | None = None
    body: dict[str, Any] | None = None
    as_json: bool = False

    def expected(self, who: str) -> Any:
        raise NotImplementedError


class Members(Rule):
    """Inside a workspace: strangers find nothing, too little role is told so, the anonymous are asked to sign in."""

    def expected(self, who: str) -> Any:
        if who in ("anonymous", "vic"):
            return 302 if self.method == "get" else 401
        if who in ("gil", "staff"):
            return 404
        assert self.role is not None
        return OK if RANKS[who].includes(self.role) else 403


class Heir(Members):
    """Omar, who was offered the workspace; besides him whoever has `role`."""

    def expected(self, who: str) -> Any:
        if who in RANKS:
            return OK if who == "omar" or (self.role and RANKS[who].includes(self.role)) else 403
        return super().expected(who)


class WithoutInvitation(Rule):
    """Nobody here has followed a link: nothing to see, nothing to accept. Guests are in workspaces/tests."""

    def expected(self, who: str) -> Any:
        return 401 if who in ("anonymous", "vic") and self.method == "post" else 404


class Theirs(Members):
    """A row of one member, Ana's: her colleagues find nothing either."""

    def expected(self, who: str) -> Any:
        return 404 if who in RANKS and who != "ana" else super().expected(who)


class OnceClosed(Rule):
    """Pages of a closed workspace: while it is open they are not there, for nobody."""

    def expected(self, who: str) -> Any:
        if who in ("anonymous", "vic"):
            return 302 if self.method == "get" else 401
        return 404


class Author(Members):
    """Inside a workspace, and one's own (Omar's)."""

    def expected(self, who: str) -> Any:
        return 403 if who in ("adam", "ana") else super().expected(who)


class Bearer(Rule):
    """The visitor's own calls: a session cookie opens nothing (SR-35)."""

    def expected(self, who: str) -> Any:
        return OK if who == "vic" else 401


class Everybody(Rule):
    def expected(self, who: str) -> Any:
        return OK


class SignedIn(Rule):
    def expected(self, who: str) -> Any:
        if who in ("anonymous", "vic"):
            return 302 if self.method == "get" else 401
        return OK


class RoomInThePlan(SignedIn):
    """Gil's free plan includes the one workspace that he has."""

    def expected(self, who: str) -> Any:
        return 403 if who == "gil" else super().expected(who)


class Account(Rule):
    """allauth's pages for people with a session send everybody else to sign-in, and the other way round."""

    def expected(self, who: str) -> Any:
        return None  # judged by `test_account_pages`


class Staff(Rule):
    def expected(self, who: str) -> Any:
        return OK if who == "staff" else 302


SEND = {"client_id": "{uuid}", "body": "hello"}
TABLE: dict[str, list[Rule]] = {
    "home": [Everybody("get")],
    "pricing": [Everybody("get")],
    "privacy": [Everybody("get")],
    "terms": [Everybody("get")],
    "status": [Everybody("get")],
    "csp-report": [Everybody("post", body={"csp-report": {}}, as_json=True)],
    "robots": [Everybody("get")],
    "sitemap": [Everybody("get")],
    "home-workspace": [SignedIn("get")],
    "dashboard": [Members("get", Role.VIEWER)],
    "new-workspace": [RoomInThePlan("get"), SignedIn("post", body={"name": ""})],
    "find": [Members("get", Role.VIEWER)],
    "settings": [Members("get", Role.ADMIN)],
    "activity": [Members("get", Role.ADMIN)],
    "export-activity": [Members("post", Role.ADMIN)],
    "config": [Members("get", Role.ADMIN)],
    "export-config": [Members("post", Role.ADMIN)],
    "preview-config": [Members("post", Role.ADMIN, {"text": ""})],
    "apply-config": [Members("post", Role.ADMIN, {"text": ""})],
    "setup": [Members("get", Role.ADMIN)],
    "setup-name": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"name": "Acme"})],
    "setup-look": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"color": "ocean"})],
    "setup-install": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"origin": "https://x.example"})],
    "setup-try": [Members("get", Role.ADMIN)],
    "leave-setup": [Members("post", Role.ADMIN)],
    "hide-setup": [Members("post", Role.ADMIN)],
    "widget-look": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"color": "ocean"})],
    "widget-theme": [Everybody("get")],
    "pin": [Members("get", Role.OWNER), Members("post", Role.OWNER, {"new": ""})],
    "remove-pin": [Members("post", Role.OWNER)],
    "forgotten-pin": [Members("get", Role.OWNER)],
    "danger": [Members("get", Role.OWNER)],
    "close-workspace": [Members("post", Role.OWNER, {"name": ""})],
    "closed-workspace": [OnceClosed("get")],
    "restore-workspace": [OnceClosed("post")],
    "general": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"name": ""})],
    "members": [Members("get", Role.VIEWER)],
    # Everybody may go; the only owner is told why she stays.
    "leave-workspace": [Members("post", Role.VIEWER)],
    "team-changes": [Members("post", Role.ADMIN, {"verb": "deactivate"})],
    "member": [Members("get", Role.ADMIN)],
    "member-role": [Members("post", Role.ADMIN, {"role": "viewer"})],
    "deactivate-member": [Members("post", Role.ADMIN)],
    "reactivate-member": [Members("post", Role.ADMIN)],
    "remove-member": [Members("post", Role.ADMIN)],
    "invitations": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"emails": ""})],
    "resend-invitation": [Members("post", Role.ADMIN)],
    "revoke-invitation": [Members("post", Role.ADMIN)],
    "ownership": [Members("get", Role.VIEWER), Members("post", Role.OWNER, {"email": ""})],
    "accept-ownership": [Heir("post")],
    "end-ownership-offer": [Heir("post", Role.OWNER)],
    "invitation-link": [Everybody("get")],  # what its holder may do is asked of the session
    "invitation": [WithoutInvitation("get")],
    "accept-invitation": [WithoutInvitation("post")],
    "sign-out-of-invitation": [Everybody("post")],
    "widget-settings": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"allowed_domains": ""})],
    "branding": [Members("get", Role.ADMIN)],
    "logo": [Members("post", Role.ADMIN, {"logo": ""})],
    "remove-logo": [Members("post", Role.ADMIN)],
    "allow-origin": [Members("post", Role.ADMIN, {"origin": "https://x.example"})],
    "notifications": [Members("get", Role.VIEWER)],
    "notifications-latest": [Members("get", Role.VIEWER)],
    "notifications-count": [Members("get", Role.VIEWER)],
    "read-all-notifications": [Members("post", Role.VIEWER)],
    "read-notification": [Theirs("post", Role.VIEWER)],
    "notification-settings": [Members("get", Role.VIEWER), Members("post", Role.VIEWER, {"timezone": ""})],
    "unsubscribe": [Everybody("get"), Everybody("post")],  # the token is the right, for one purpose
    "set_language": [Everybody("post", body={"language": "th"})],
    "theme": [SignedIn("post", body={"theme": "dark"})],
    "account_photo": [SignedIn("get")],
    "account_profile": [SignedIn("get"), SignedIn("post", body={"name": "x"})],
    "socialaccount_connections": [SignedIn("get")],
    "account_connect": [SignedIn("post")],
    "account_disconnect": [SignedIn("post")],
    "account_sessions": [SignedIn("get")],
    "account_end_session": [SignedIn("post", body={"session": "0"})],
    "account_end_other_sessions": [SignedIn("post")],
    "account_avatar": [SignedIn("post", body={"photo": ""})],
    "account_remove_avatar": [SignedIn("post")],
    "account_confirm_by_mail": [SignedIn("get"), SignedIn("post")],
    "account_data": [SignedIn("get")],
    "account_export": [SignedIn("post")],
    "account_export_file": [SignedIn("get")],  # one's own; `test_export`
    "account_close": [SignedIn("get"), SignedIn("post", body={"email": ""})],
    "mfa_index": [SignedIn("get")],
    "mfa_reauthenticate": [SignedIn("get"), SignedIn("post")],
    "mfa_reauthenticate_webauthn": [SignedIn("get"), SignedIn("post")],
    "mfa_activate_totp": [SignedIn("get"), SignedIn("post")],
    "mfa_deactivate_totp": [SignedIn("get"), SignedIn("post")],
    "mfa_view_recovery_codes": [SignedIn("get")],
    "mfa_generate_recovery_codes": [SignedIn("get"), SignedIn("post")],
    "mfa_add_webauthn": [SignedIn("get"), SignedIn("post")],
    "mfa_edit_webauthn": [SignedIn("get"), SignedIn("post")],  # one's own; `test_passkeys`
    "mfa_remove_webauthn": [SignedIn("get"), SignedIn("post")],
    "picture": [Everybody("get")],  # its address cannot be guessed
    "file": [Everybody("get")],  # the token is the right, for five minutes
    "inbox": [Members("get", Role.VIEWER)],
    "thread": [Members("get", Role.VIEWER)],
    "thread-details": [Members("get", Role.VIEWER)],
    "changes": [Members("get", Role.VIEWER)],
    "messages": [Members("post", Role.OPERATOR, SEND, as_json=True), Members("post", Role.OPERATOR, SEND)],
    "edit-message": [Author("post", Role.OPERATOR, {"body": "hello"}, as_json=True)],
    "delete-message": [Members("post", Role.OPERATOR)],
    "offered-canned": [Members("get", Role.OPERATOR)],
    "canned": [Members("get", Role.OPERATOR)],
    "new-canned": [Members("get", Role.OPERATOR), Members("post", Role.OPERATOR, {"shortcut": "x", "body": "x"})],
    "import-canned": [Members("get", Role.ADMIN), Members("post", Role.ADMIN)],
    "export-canned": [Members("get", Role.OPERATOR)],
    "edit-canned": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"shortcut": "hi", "body": "x"})],
    "delete-canned": [Members("post", Role.ADMIN)],
    "assign": [Members("post", Role.OPERATOR, {"assignee": ""})],
    "take-over": [Members("post", Role.OPERATOR)],
    "resolve": [Members("post", Role.OPERATOR)],
    "reopen": [Members("post", Role.OPERATOR)],
    "marks": [Members("post", Role.VIEWER, {"read": 1}, as_json=True)],
    "widget-loader": [Everybody("get")],
    "widget-frame": [Everybody("get")],
    "widget-visitor": [Everybody("post", body={"ticket": "{ticket}"}, as_json=True)],
    "widget-state": [Bearer("get")],
    "widget-messages": [Bearer("post", body={**SEND, "conversation": None}, as_json=True)],
    "widget-changes": [Bearer("get")],
    "widget-marks": [Bearer("post", body={"read": 1}, as_json=True)],
    "demo-shop": [Everybody("get")],
    "dev-components": [Everybody("get")],
    "dev-mail": [Everybody("get")],
    "dev-mail-one": [Everybody("get")],
    "dev-mail-html": [Everybody("get")],
    "admin": [Staff("get")],
}
ACCOUNT_PAGES = {  # 200 for the anonymous; everything else asks for a session
    "account_login",
    "account_signup",
    "account_inactive",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
ACCOUNT_SESSION_PAGES = {
    "account_logout",
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "socialaccount_signup",
    "mfa_authenticate",  # between password and session
    "mfa_login_webauthn",
}
# The way to a provider and back: nothing without a form of ours or its state (accounts/tests/test_social.py).
PROVIDER_ROUTES = {"account_begin", "google_callback", "github_callback", "line_callback"}
SOCKET_ACTIONS = {
    OperatorSocket: {
        "open": Role.VIEWER,
        "message": Role.OPERATOR,
        "typing": Role.OPERATOR,
        "read": Role.VIEWER,
        "seen": None,
        "ping": None,
    },
    VisitorSocket: dict.fromkeys(["hello", "message", "read", "got", "typing", "page", "seen", "ping"]),
}


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
    assert unlisted(routes()) == [], "Add the route to TABLE in minichat/tests/test_matrix.py"


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
