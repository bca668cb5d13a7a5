"""SR-01, second layer: PostgreSQL refuses a child of another workspace; elsewhere `check_tenancy` finds it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from chat.models import Conversation, Message
from workspaces.models import Membership, Workspace
from workspaces.strays import find_strays, links

is_postgres = connection.vendor == "postgresql"


def test_a_clean_house(conversation: Conversation, gil_member: Membership) -> None:
    out = StringIO()
    call_command("check_tenancy", stdout=out)
    assert "every row stays in its workspace" in out.getvalue()


@pytest.mark.skipif(is_postgres, reason="PostgreSQL does not let such a row in")
def test_a_planted_row_is_found(conversation: Conversation, globex: Workspace) -> None:
    message = conversation.messages.get()
    Message.unscoped.filter(pk=message.pk).update(workspace=globex)
    # Its entry in the index of messages stays where it was, and points over the fence as well.
    assert {stray.field for stray in find_strays()} == {"conversation", "message"}
    assert message.pk in [stray.row for stray in find_strays()]
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_tenancy", stdout=out)
    assert str(message.pk) in out.getvalue()


@pytest.mark.skipif(is_postgres, reason="PostgreSQL does not let such a row in")
def test_an_assignee_from_elsewhere_is_found(conversation: Conversation, gil_member: Membership) -> None:
    Conversation.unscoped.filter(pk=conversation.pk).update(assignee=gil_member)
    assert [stray.field for stray in find_strays()] == ["assignee"]


@pytest.mark.skipif(not is_postgres, reason="composite keys exist on PostgreSQL only")
def test_sr01_postgres_refuses_a_child_of_another_workspace(
    conversation: Conversation, globex: Workspace, gil_member: Membership
) -> None:
    message = conversation.messages.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.unscoped.filter(pk=message.pk).update(workspace=globex)
        _check_now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.unscoped.filter(pk=conversation.pk).update(assignee=gil_member)
        _check_now()
    with pytest.raises(IntegrityError), transaction.atomic():
        conversation.pk = None
        Message.unscoped.create(
            workspace=globex,
            conversation_id=message.conversation_id,
            position=99,
            seq=99,
            kind="note",
            sender_key="system",
        )
        _check_now()


@pytest.mark.skipif(not is_postgres, reason="composite keys exist on PostgreSQL only")
def test_sr01_postgres_guards_every_link_between_tenant_rows(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conname LIKE '%%same_workspace'")
        guarded = {name for (name,) in cursor.fetchall()}
    ledger = apps.get_model("workspaces", "AuditEntry")
    wanted = {
        f"{model._meta.db_table}_{field.column}_same_workspace" for model, field in links() if model is not ledger
    }
    assert wanted <= guarded


def _check_now() -> None:
    """The keys are checked when the transaction ends; a test's never does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
