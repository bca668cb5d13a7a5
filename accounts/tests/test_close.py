"""Closing an account: every way in ends, nothing personal stays, no workspace is left without an owner."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.db import connections
from django.test import Client

from accounts import actions
from accounts.models import DataExport, PasswordHistory, User
from accounts.shelf import AVATARS
from accounts.tests.conftest import Clock
from accounts.tests.steps import confirm, is_signed_in, set_up_app, sign_in, sign_up
from chat import actions as chat_actions
from conftest import signed_in
from minichat.lib.errors import Conflict
from minichat.lib.files import Picture
from notifications.models import OutgoingEmail
from workspaces import actions as workspace_actions
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Role

CLOSE = "/accounts/close/"
OMAR = "omar@acme.test"
pytestmark = pytest.mark.usefixtures("clock", "media")


def close(client: Client, email: str) -> Any:
    confirm(client)
    return client.post(CLOSE, {"email": email})


def test_everything_of_the_person_goes(
    omar_client: Client,
    omar: User,
    omar_member: Membership,
    conversation: Any,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    set_up_app(omar_client)
    key = AVATARS.put(Picture({64: b"drawn"}))
    User.objects.filter(pk=omar.pk).update(avatar=key)
    chat_actions.post_operator_message(conversation, by=omar_member, body="On its way", client_id=uuid.uuid4())
    omar_client.post("/accounts/data/exports/")
    OutgoingEmail.unscoped.create(to=[OMAR], from_email="x@x.test", subject="old", text="old", status="sent")
    with django_capture_on_commit_callbacks(execute=True):
        assert close(omar_client, " Omar@Acme.test ").url == "/accounts/login/"
    omar.refresh_from_db()
    assert (omar.name, omar.avatar, omar.timezone, omar.locale) == ("", "", "", "")
    assert omar.email.endswith("@nobody.invalid")
    assert not omar.is_active and not omar.has_usable_password() and omar.closed_at
    assert omar.display_name == "Former member"
    for model in (EmailAddress, Authenticator, PasswordHistory, DataExport):
        assert not model.objects.filter(user=omar).exists(), model
    assert not default_storage.exists(AVATARS.path(key, 64))
    assert OMAR not in str(list(OutgoingEmail.unscoped.values_list("to", flat=True)))
    # What was said to the visitor stays, by the name it was said under.
    [said] = conversation.messages.filter(body="On its way")
    assert said.author_name == "Omar Haddad"
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [([OMAR], "Your account has been closed")]


def test_SR08_every_way_in_ends(omar_client: Client, omar: User, omar_member: Membership) -> None:
    elsewhere = signed_in(omar)
    assert elsewhere.get("/w/acme/conversations/").status_code == 200
    close(omar_client, OMAR)
    for client in (omar_client, elsewhere):
        assert client.get("/w/acme/conversations/").status_code != 200
    assert not is_signed_in(omar_client)
    assert not Session.objects.filter(session_key=elsewhere.session.session_key).exists()
    client = Client()
    sign_in(client, OMAR)
    assert not is_signed_in(client)
    omar_member.refresh_from_db()
    assert omar_member.deactivated_at is not None


def test_the_address_is_free_again(omar_client: Client, client: Client, mailoutbox: list[EmailMessage]) -> None:
    close(omar_client, OMAR)
    sign_up(client, OMAR)
    assert "code" in mailoutbox[-1].subject
    assert User.objects.filter(email=OMAR).count() == 1


def test_it_is_written_down(omar_client: Client, omar: User) -> None:
    close(omar_client, OMAR)
    assert AuditEntry.unscoped.filter(action="account.closed", target_id=str(omar.pk)).count() == 1
    assert AuditEntry.unscoped.filter(action="member.deactivated", workspace__slug="acme").count() == 1


@pytest.mark.parametrize("typed", ["", "omar", "ana@acme.test", "\x00", "x" * 400])
def test_a_slip_closes_nothing(omar_client: Client, omar: User, typed: str) -> None:
    assert close(omar_client, typed).status_code == 422
    omar.refresh_from_db()
    assert omar.is_active


def test_SR17_it_takes_a_fresh_confirmation(omar_client: Client, omar: User, clock: Clock) -> None:
    assert omar_client.post(CLOSE, {"email": OMAR}).url.startswith("/accounts/reauthenticate/")
    confirm(omar_client)
    clock.forward(301)
    assert omar_client.post(CLOSE, {"email": OMAR}).status_code == 302
    omar.refresh_from_db()
    assert omar.is_active


def test_the_only_owner_is_told_why_not(ana_client: Client, ana: User) -> None:
    confirm(ana_client)
    page = ana_client.get(CLOSE).content.decode()
    assert "You are the only owner of “Acme”." in page
    assert 'name="email"' not in page
    assert close(ana_client, ana.email).status_code == 409
    ana.refresh_from_db()
    assert ana.is_active


def test_an_owner_beside_another_may_go(ana_client: Client, ana: User, adam_member: Membership) -> None:
    workspace_actions.change_role(adam_member, role=Role.OWNER, by=adam_member.workspace.memberships.get(user=ana))
    assert close(ana_client, ana.email).status_code == 302


def test_a_closed_workspace_holds_nobody(ana_client: Client, ana: User, acme: Workspace) -> None:
    Workspace.objects.update(status=Workspace.Status.CLOSED)
    assert close(ana_client, ana.email).status_code == 302


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_SR07_of_two_owners_who_leave_at_the_same_moment_one_stays(
    ana: User, adam: User, adam_member: Membership, ana_member: Membership, acme: Workspace
) -> None:
    workspace_actions.change_role(adam_member, role=Role.OWNER, by=ana_member)
    barrier, refused = threading.Barrier(2), []

    def leave(user: User) -> None:
        barrier.wait()
        try:
            actions.close_account(user)
        except Conflict:
            refused.append(user)
        connections.close_all()

    threads = [threading.Thread(target=leave, args=[user]) for user in (ana, adam)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert acme.memberships.owners().count() == 1
    refused[0].refresh_from_db()
    assert refused[0].is_active
