"""The end of a closed workspace: announced a week before, deleted in batches, no other one touched."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.utils import timezone

from chat import actions as chat_actions
from chat.models import Conversation, Visitor
from minichat.lib.errors import Conflict, NotFound
from minichat.lib.files import Picture
from minichat.lib.tests.test_shelves import kept
from workspaces import access, actions, purge, tasks
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.shelf import LOGOS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def grow_old(workspace: Workspace, days: float) -> None:
    """As if it had been closed so many days ago, and announced when it was time."""
    closed = timezone.now() - timedelta(days=days)
    Workspace.objects.filter(pk=workspace.pk).update(closed_at=closed)
    Workspace.objects.filter(pk=workspace.pk, end_announced_at__isnull=False).update(
        end_announced_at=closed + timedelta(days=23)
    )


def subjects() -> list[str]:
    return [message.subject for message in mail.outbox]


@pytest.fixture
def closed(acme: Workspace, ana_member: Membership) -> Workspace:
    return actions.close(acme, by=ana_member)


def rows_of(workspace: Workspace) -> dict[str, int]:
    counted = {
        model._meta.label: model._base_manager.filter(workspace=workspace).count() for model in purge.owned_models()
    }
    return {label: count for label, count in counted.items() if count}


def test_nothing_happens_before_its_time(closed: Workspace) -> None:
    grow_old(closed, 22.9)
    tasks.end_closed()
    assert subjects() == ["Acme has been closed"]
    assert Workspace.objects.filter(pk=closed.pk).exists()


def test_the_whole_way_to_the_end(
    closed: Workspace,
    conversation: Conversation,
    globex: Workspace,
    media: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    globex_rows = rows_of(globex)
    Workspace.objects.filter(pk=closed.pk).update(logo=LOGOS.put(Picture(dict.fromkeys(LOGOS.recipe.sizes, b"drawn"))))
    grow_old(closed, 23.1)
    for _ in range(2):
        tasks.end_closed()
    assert subjects()[-1] == "Acme will be deleted in 7 days" and len(subjects()) == 2
    assert Workspace.objects.filter(pk=closed.pk).exists()
    grow_old(closed, 30.1)
    assert {"chat.Message", "chat.Conversation", "workspaces.Membership"} <= set(rows_of(closed))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.end_closed()
    assert not Workspace.objects.filter(pk=closed.pk).exists()
    assert rows_of(closed) == {} and kept(media) == set()
    assert subjects()[-1] == "Acme has been deleted" and len(subjects()) == 3
    assert rows_of(globex) == globex_rows


def test_without_the_notice_nothing_is_deleted(closed: Workspace) -> None:
    """The machine was off for two months: the notice comes first, and seven days pass."""
    grow_old(closed, 60)
    tasks.end_closed()
    assert subjects()[-1] == "Acme will be deleted in 7 days"
    tasks.end_closed()
    assert Workspace.objects.filter(pk=closed.pk).exists()
    Workspace.objects.filter(pk=closed.pk).update(end_announced_at=timezone.now() - timedelta(days=7))
    tasks.end_closed()
    assert not Workspace.objects.filter(pk=closed.pk).exists()


def test_what_was_taken_back_stays(closed: Workspace, ana_member: Membership) -> None:
    grow_old(closed, 23.1)
    tasks.end_closed()
    actions.restore(closed, by=ana_member)
    grow_old(closed, 40)
    tasks.end_closed()
    assert Workspace.objects.get(pk=closed.pk).is_active
    assert not purge.claim(closed)


def test_once_it_has_begun_there_is_no_way_back(closed: Workspace, ana_member: Membership, ana_client: Any) -> None:
    end(closed)
    assert purge.claim(closed)
    with pytest.raises(Conflict):
        actions.restore(closed, by=ana_member)
    with pytest.raises(NotFound):
        access.membership_for(ana_member.user, slug="acme")
    assert ana_client.get("/w/acme/closed/").status_code == 404
    assert purge.claim(closed)
    assert subjects().count("Acme has been deleted") == 1


def end(workspace: Workspace) -> None:
    now = timezone.now()
    Workspace.objects.filter(pk=workspace.pk).update(
        closed_at=now - timedelta(days=31), end_announced_at=now - timedelta(days=8)
    )


def test_it_goes_in_batches_and_on_after_a_cut(
    monkeypatch: pytest.MonkeyPatch, conversation: Conversation, vic: Visitor, acme: Workspace, ana_member: Membership
) -> None:
    for number in range(9):
        chat_actions.post_visitor_message(vic, body=f"{number}", client_id=uuid.uuid4())
    actions.close(acme, by=ana_member)
    end(acme)
    monkeypatch.setattr(purge, "BATCH", 4)
    before = sum(rows_of(acme).values())
    assert purge.purge_due(seconds=0)
    assert 0 < before - sum(rows_of(acme).values()) <= 4
    assert Workspace.objects.get(pk=acme.pk).status == "purging"
    calls = []
    monkeypatch.setattr(purge, "purge_due", lambda seconds: calls.append(seconds) or len(calls) < 3)
    tasks.end_closed()
    assert len(calls) == 3
    monkeypatch.undo()
    tasks.end_closed()
    assert not Workspace.objects.filter(pk=acme.pk).exists()


def test_its_lines_go_and_what_staff_must_know_stays(
    acme: Workspace, conversation: Conversation, ana_member: Membership
) -> None:
    chat_actions.resolve(conversation, by=ana_member)
    actions.close(acme, by=ana_member)
    end(acme)
    tasks.end_closed()
    left = AuditEntry.unscoped.filter(target_label="Acme").order_by("pk")
    assert [line.action for line in left] == ["workspace.created", "workspace.closed", "workspace.purged"]
    assert {line.workspace_id for line in left} == {None}
    assert not AuditEntry.unscoped.filter(action="conversation.resolved").exists()


@pytest.mark.pure
def test_children_come_before_their_parents() -> None:
    order = [model._meta.label for model in purge.owned_models()]
    assert order.index("chat.Message") < order.index("chat.Conversation") < order.index("chat.Visitor")
    assert order.index("chat.Visitor") < order.index("contacts.Contact")
    assert order[-1] == "workspaces.Membership" or order.index("workspaces.Membership") > order.index(
        "chat.Conversation"
    )


@pytest.mark.pure
def test_every_model_with_a_workspace_is_among_them() -> None:
    owned = {
        model for model in apps.get_models() if any(f.related_model is Workspace for f in model._meta.concrete_fields)
    }
    assert set(purge.owned_models()) == owned


@pytest.mark.pure
def test_it_runs_every_day_and_at_the_start(settings: Any) -> None:
    assert "workspaces.tasks.end_closed" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "workspaces.tasks.end_closed" in settings.TASKS_AT_START
