"""A copy of everything about a person: asked for, built, handed out for a day to nobody else (SR-61)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from accounts import exports, tasks
from accounts.models import DataExport, User
from accounts.tests.conftest import Clock
from accounts.tests.steps import confirm, set_up_app
from chat import actions as chat_actions
from conftest import PASSWORD, signed_in
from workspaces import actions as workspace_actions
from workspaces.models import AuditEntry, Membership

ASK, PAGE = "/accounts/data/exports/", "/accounts/data/"
Commits = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("clock", "media")


@pytest.fixture
def copy_of(django_capture_on_commit_callbacks: Commits) -> Callable[[Client], DataExport]:
    """Asked for on the page, and built."""

    def ask(client: Client) -> DataExport:
        confirm(client)
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(ASK).url == PAGE
        return DataExport.objects.latest("created_at")

    return ask


def download(client: Client, export: DataExport) -> Any:
    led = client.get(f"{ASK}{export.pk}/")
    return json.loads(client.get(led.url).content)


def test_it_holds_what_the_house_knows(
    omar_client: Client, omar_member: Membership, conversation: Any, copy_of: Any, mailoutbox: list[EmailMessage]
) -> None:
    chat_actions.post_operator_message(conversation, by=omar_member, body="ส่งถึงเชียงใหม่ค่ะ 🚚", client_id=uuid.uuid4())
    secret = set_up_app(omar_client)
    export = copy_of(omar_client)
    assert [mail.to for mail in mailoutbox] == [["omar@acme.test"]]
    assert "/accounts/data/" in str(mailoutbox[0].body)
    found = download(omar_client, export)
    assert found["profile"]["name"] == "Omar Haddad"
    assert found["email_addresses"] == [{"email": "omar@acme.test", "verified": True, "primary": True}]
    assert [one["kind"] for one in found["second_steps"]] == ["totp", "recovery_codes"]
    assert [(one["slug"], one["role"]) for one in found["workspaces"]] == [("acme", "operator")]
    assert [one["text"] for one in found["messages"]] == ["ส่งถึงเชียงใหม่ค่ะ 🚚"]
    assert "account.export_asked_for" in {one["what"] for one in found["audit_log"]}
    text = json.dumps(found)
    for hidden in (secret.replace(" ", ""), PASSWORD, User.objects.get(pk=omar_member.user_id).password):
        assert hidden not in text


def test_SR61_it_holds_nothing_of_others(
    omar_client: Client, ana_member: Membership, conversation: Any, copy_of: Any
) -> None:
    chat_actions.post_operator_message(conversation, by=ana_member, body="Only Ana wrote this", client_id=uuid.uuid4())
    text = json.dumps(download(omar_client, copy_of(omar_client)))
    assert "Only Ana wrote this" not in text
    assert "ana@acme.test" not in text
    assert "Do you ship" not in text


def test_SR61_what_one_wrote_for_a_team_one_has_left_stays_there(
    omar_client: Client, omar_member: Membership, ana_member: Membership, conversation: Any, copy_of: Any
) -> None:
    chat_actions.post_operator_message(conversation, by=omar_member, body="before I left", client_id=uuid.uuid4())
    workspace_actions.deactivate_member(omar_member, by=ana_member)
    found = download(omar_client, copy_of(omar_client))
    assert found["messages"] == []
    assert found["workspaces"][0]["left_at"]


def test_SR61_nobody_else_gets_it(ana_client: Client, gil: User, anonymous_client: Client, copy_of: Any) -> None:
    export = copy_of(ana_client)
    stranger = signed_in(gil)
    confirm(stranger)
    for number in (export.pk, uuid.uuid4()):
        assert stranger.get(f"{ASK}{number}/").status_code == 404
    assert anonymous_client.get(f"{ASK}{export.pk}/").url.startswith("/accounts/login/")
    assert export.path not in ana_client.get(PAGE).content.decode()


def test_SR17_asking_and_downloading_take_a_fresh_confirmation(ana_client: Client, clock: Clock, copy_of: Any) -> None:
    assert ana_client.post(ASK).url.startswith("/accounts/reauthenticate/")
    assert not DataExport.objects.exists()
    export = copy_of(ana_client)
    clock.forward(301)
    assert ana_client.get(f"{ASK}{export.pk}/").url.startswith("/accounts/reauthenticate/")


def test_SR61_it_is_gone_after_a_day(ana_client: Client, copy_of: Any, django_capture_on_commit_callbacks: Any) -> None:
    export = copy_of(ana_client)
    link = ana_client.get(f"{ASK}{export.pk}/").url
    assert default_storage.exists(export.path)
    DataExport.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    assert ana_client.get(f"{ASK}{export.pk}/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_exports()
    assert not default_storage.exists(export.path)
    assert not DataExport.objects.exists()
    assert ana_client.get(link).status_code == 404


def test_SR61_asking_and_handing_out_are_written_down(ana_client: Client, ana: User, copy_of: Any) -> None:
    export = copy_of(ana_client)
    download(ana_client, export)
    lines = AuditEntry.unscoped.filter(target_type="accounts.user", target_id=str(ana.pk)).order_by("pk")
    assert [line.action for line in lines] == ["account.export_asked_for", "account.export_handed_out"]


def test_asking_twice_is_once(ana_client: Client, copy_of: Any) -> None:
    assert copy_of(ana_client) == copy_of(ana_client)
    assert DataExport.objects.count() == 1


def test_SR18_one_asks_ten_times_a_day(ana_client: Client, clock: Clock) -> None:
    confirm(ana_client)
    assert {ana_client.post(ASK).status_code for _ in range(10)} == {302}
    assert ana_client.post(ASK).status_code == 429


def test_while_it_is_built_the_page_says_so(ana_client: Client) -> None:
    confirm(ana_client)
    ana_client.post(ASK)
    page = ana_client.get(PAGE).content.decode()
    assert "being prepared" in page and "data-refresh-after" in page
    assert ana_client.get(f"{ASK}{DataExport.objects.get().pk}/").status_code == 404


def test_what_a_dead_process_left_is_built_by_the_sweep_and_only_once(
    ana_client: Client, ana: User, mailoutbox: list[EmailMessage]
) -> None:
    confirm(ana_client)
    ana_client.post(ASK)
    export = DataExport.objects.get()
    long_ago = timezone.now() - exports.STALE * 2
    assert exports.claim(str(export.pk))
    tasks.sweep_exports()
    assert not mailoutbox
    DataExport.objects.update(created_at=long_ago, begun_at=long_ago)
    default_storage.save(export.path, ContentFile(b"half of i"))
    tasks.sweep_exports()
    tasks.build_export(str(export.pk))
    assert len(mailoutbox) == 1
    with default_storage.open(export.path) as file:
        assert json.loads(file.read())["profile"]["email"] == ana.email


def test_SR09_who_was_switched_off_gets_nothing(ana_client: Client, mailoutbox: list[EmailMessage]) -> None:
    confirm(ana_client)
    ana_client.post(ASK)
    export = DataExport.objects.get()
    User.objects.update(is_active=False)
    tasks.build_export(str(export.pk))
    assert not mailoutbox
    assert not DataExport.objects.exists()


# --- Nothing is forgotten ---------------------------------------------------------------------------------------------

# Each row that points at a person or a membership is in an export, or says here why not.
IN_THE_EXPORT = {
    "account.EmailAddress",
    "accounts.DataExport",
    "accounts.PasswordHistory",
    "mfa.Authenticator",
    "socialaccount.SocialAccount",
    "usersessions.UserSession",
    "workspaces.Membership",
    "workspaces.Invitation",
    "workspaces.OwnershipOffer",
    "workspaces.AuditEntry",
    "notifications.Notification",
    "notifications.NotificationSettings",
    "chat.Message",
    "chat.Conversation",
    "chat.CannedResponse",
    "chat.SavedView",
    "chat.InboxMember",
    "chat.Draft",
    "contacts.Note",
    "chat.Attachment",
    "contacts.Lead",
}
NOT_IN_IT = {
    "admin.LogEntry": "the platform's own record of its staff",
    "ai.Answer": "whether one found what the assistant said good or poor",
    "ai.AssistantVersion": "who published it: the audit log says it, and that is in the export",
    "chat.Block": "who blocked a visitor: the audit log says it, and that is in the export",
    "chat.Presence": "whether one is there right now",
    "workspaces.PinTries": "a count of wrong guesses in the last minutes",
    "chat.TriageAct": "what can still be undone, gone within the hour",
    "chat.ConversationRead": "how far one has read: a marker of the inbox",
}


def test_SR61_every_row_about_a_person_is_known() -> None:
    pointing = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one) and field.concrete and field.related_model in (User, Membership)
    }
    assert pointing - IN_THE_EXPORT - NOT_IN_IT.keys() == set(), "Put it into a room's personal.py, or say why not."
