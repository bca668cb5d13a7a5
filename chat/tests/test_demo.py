"""The demo is made of rows like any other: whatever holds for living conversations holds for it."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chat.actions import post_operator_message
from chat.actions.uploads import STORED_BYTES
from chat.models import Conversation, ConversationRead, Kind, Status
from chat.shelf import ATTACHMENTS
from contacts.models import LeadStatus
from minichat.lib.ids import uuid7
from workspaces import usage
from workspaces.models import Workspace
from workspaces.roles import Role
from workspaces.strays import find_strays
from workspaces.tenancy import WorkspaceOwned

pytestmark = pytest.mark.django_db
PASSWORD = "a demo password"


def run() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def counts() -> dict[str, int]:
    models = [User, Workspace, *(model for model in apps.get_models() if issubclass(model, WorkspaceOwned))]
    return {model.__name__: model._base_manager.count() for model in models}


@pytest.fixture
def demo(settings: Any, media: Path) -> Workspace:
    settings.DEMO_PASSWORD = PASSWORD
    run()
    return Workspace.objects.get(slug="acme")


def test_the_cast(demo: Workspace) -> None:
    roles = {row.user.email: row.role for row in demo.memberships.select_related("user")}
    assert roles == {
        "ana@acme.test": Role.OWNER,
        "adam@acme.test": Role.ADMIN,
        "omar@acme.test": Role.OPERATOR,
        "vera@acme.test": Role.VIEWER,
    }
    assert demo.entitlements.plan.slug == "business"
    assert Workspace.objects.get(slug="globex").entitlements.plan.slug == "free"
    assert User.objects.get(email="staff@minichat.test").is_staff


def test_running_it_again_changes_nothing(demo: Workspace) -> None:
    before = counts()
    assert before["Conversation"] > 60
    run()
    assert counts() == before


def test_it_leaves_alone_what_somebody_did_since(demo: Workspace) -> None:
    omar = demo.memberships.get(user__email="omar@acme.test")
    row = demo.conversations.waiting().newest_first()[0]
    post_operator_message(row, by=omar, body="On it.", client_id=uuid7())
    User.objects.filter(email="ana@acme.test").update(name="Ana Renamed")
    run()
    row.refresh_from_db()
    assert row.assignee == omar
    assert User.objects.get(email="ana@acme.test").name == "Ana Renamed"


def test_a_new_password_reaches_old_accounts(demo: Workspace, settings: Any) -> None:
    settings.DEMO_PASSWORD = "another demo password"
    run()
    assert User.objects.get(email="gil@globex.test").check_password("another demo password")


def test_positions_and_numbers_have_no_hole(demo: Workspace) -> None:
    for row in Conversation.unscoped.prefetch_related("messages"):
        messages = sorted(row.messages.all(), key=lambda message: message.position)
        assert [message.position for message in messages] == list(range(1, row.last_position + 1))
        assert [message.seq for message in messages] == list(range(1, row.last_seq + 1))
        public = [message.public_seq for message in messages if message.public_seq]
        assert public == list(range(1, row.public_seq + 1))
    assert sorted(demo.conversations.values_list("number", flat=True)) == list(range(1, demo.conversations.count() + 1))
    assert usage.next_number(demo, "conversations") == demo.conversations.count() + 1
    assert usage.next_number(demo, "contacts") == demo.contacts.count() + 1


def test_what_a_conversation_says_of_itself_is_true(demo: Workspace) -> None:
    for row in Conversation.unscoped.prefetch_related("messages"):
        messages = sorted(row.messages.all(), key=lambda message: message.position)
        texts = [message for message in messages if message.kind in {Kind.VISITOR, Kind.OPERATOR, Kind.AI}]
        assert row.inbound == sum(message.kind == Kind.VISITOR for message in messages)
        assert row.last_message_at == texts[-1].created_at
        assert row.last_message_kind == texts[-1].kind
        assert texts[-1].body.startswith(row.last_message_preview[:20])
        assert (row.status == Status.RESOLVED) == (row.resolved_at is not None)
        assert row.is_waiting == (row.status == Status.OPEN and texts[-1].kind == Kind.VISITOR)
        assert messages == sorted(messages, key=lambda message: message.created_at)


def test_a_note_leaves_no_trace_in_the_visitors_stream(demo: Workspace) -> None:
    assert demo.messages.filter(kind=Kind.NOTE).exists()
    assert not demo.messages.filter(kind=Kind.NOTE, public_seq__isnull=False).exists()
    assert not demo.messages.filter(kind=Kind.EVENT, event__name="assigned", public_seq__isnull=False).exists()


def test_read_marks_stay_within_the_conversation(demo: Workspace) -> None:
    for pointer in ConversationRead.unscoped.select_related("conversation"):
        row = pointer.conversation
        seen = row.messages.filter(kind=Kind.VISITOR, position__lte=pointer.position).count()
        assert (pointer.inbound, pointer.position <= row.last_position) == (seen, True)


def test_nothing_happens_in_the_future_or_before_the_workspace(demo: Workspace) -> None:
    assert not demo.messages.filter(created_at__gt=timezone.now()).exists()
    assert not demo.messages.filter(created_at__lt=demo.created_at).exists()


def test_visitors_messages_were_counted_when_they_came(demo: Workspace) -> None:
    counted = dict(demo.usage_counters.filter(metric=usage.VISITOR_MESSAGES).values_list("period", "used"))
    stored = demo.messages.filter(kind=Kind.VISITOR)
    assert sum(counted.values()) == stored.count()
    begins = usage.month(demo).key
    now = [message for message in stored if usage.month(demo, message.created_at).key == begins]
    assert counted.get(begins, 0) == len(now)


def test_the_lists_look_alive(demo: Workspace) -> None:
    omar = demo.memberships.get(user__email="omar@acme.test")
    rows = demo.conversations
    newest = rows.newest_first()[:3]
    assert all(row.is_waiting for row in newest)
    assert rows.waiting().count() >= 5
    assert rows.unassigned().count() >= 3
    assert rows.mine(omar).exists()
    assert rows.closed().count() > 30
    assert rows.unread(omar).count() >= 5
    assert {kind["kind"] for kind in demo.messages.values("kind").annotate(n=Count("pk"))} == set(Kind.values)
    languages = [
        bool(re.search("[\u0e01-\u0e5b]", text)) for text in rows.values_list("last_message_preview", flat=True)
    ]
    assert 20 < sum(languages) < 45


def test_one_conversation_has_a_photo_and_a_paper(demo: Workspace, media: Path) -> None:
    tom = demo.conversations.get(contact__name="Tom Becker")
    rows = {row.kind: row for row in tom.attachments.all()}
    photo, paper = rows["image"], rows["pdf"]
    assert photo.message.kind == Kind.VISITOR and photo.visitor == tom.visitor
    assert paper.message.kind == Kind.OPERATOR and paper.membership and paper.pages == 1
    assert (media / ATTACHMENTS.path(photo.key, "thumb.webp")).exists()
    kept = sum(demo.attachments.values_list("kept", flat=True))
    assert demo.usage_counters.get(metric=STORED_BYTES).used == kept


def test_every_row_stays_in_its_workspace(demo: Workspace) -> None:
    assert list(find_strays()) == []


def test_omar_signs_in_with_the_password(demo: Workspace, client: Client) -> None:
    assert client.login(email="omar@acme.test", password=PASSWORD)
    assert client.get("/w/acme/conversations/").status_code == 200
    assert client.get("/w/globex/conversations/").status_code == 404


def test_it_refuses_where_strangers_may_come(settings: Any) -> None:
    settings.DEMO_PASSWORD, settings.LOCAL, settings.TESTING = PASSWORD, False, False
    with pytest.raises(CommandError, match="local mode"):
        run()
    assert not User.objects.exists()


def test_it_refuses_without_a_password(settings: Any) -> None:
    settings.DEMO_PASSWORD = ""
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        run()
    assert not User.objects.exists()


def test_there_are_people_and_leads_to_look_at(demo: Workspace) -> None:
    known = demo.contacts.exclude(attributes={})
    assert known.count() >= 12
    assert {lead.status for lead in demo.leads.all()} == set(LeadStatus.values)
    for text in (lead.message for lead in demo.leads.all()), (note.body for note in demo.notes.all()):
        said = " ".join(text)
        assert re.search("[\u0e00-\u0e7f]", said) and re.search("[a-z]", said)
