"""What a workspace knew ends with it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ai import actions, ledger
from ai.assistant import Persona
from ai.gate import against
from ai.models import (
    AICall,
    Assistant,
    AssistantVersion,
    Budget,
    ChainLink,
    Chunk,
    Document,
    Expectation,
    GateRun,
    GoldenQuestion,
    Held,
    KnowledgeStats,
    Posting,
    ProviderCredential,
    Source,
    Spending,
    VisitorAnswers,
)
from ai.tests.conftest import Learn
from ai.tests.test_prices import attempt
from workspaces import purge
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
OWNED = (Source, Document, Chunk, Posting, KnowledgeStats)
LEDGER = (ProviderCredential, ChainLink, Budget, AICall, Spending, Held, VisitorAnswers)


ASSISTANTS = (Assistant, AssistantVersion, GoldenQuestion, GateRun)


def counts(workspace: Workspace) -> list[int]:
    return [model.unscoped.filter(workspace=workspace).count() for model in OWNED]


def test_all_of_it_goes_in_batches(acme: Workspace, globex: Workspace, learn: Learn) -> None:
    for workspace in (acme, globex):
        learn(workspace, " ".join(f"word{number}" for number in range(700)), "A long page")
    kept = counts(globex)
    assert min(counts(acme)) >= 1 and counts(acme)[3] > purge.BATCH
    while purge.delete_some(acme):
        pass
    assert counts(acme) == [0] * len(OWNED)
    assert counts(globex) == kept


def test_its_assistant_goes_too(acme: Workspace, ana_member: Membership, gil_member: Membership, learn: Learn) -> None:
    for member in (ana_member, gil_member):
        source = learn(member.workspace, "We ship.", "Shipping").source
        row = actions.save_draft(member, Persona(name="Mali"))
        actions.publish(member, agreed=against(row, []), unchecked=True)
        actions.add_golden(member, question="Do you ship?", expects=Expectation.SOURCE, source=source)
        actions.begin_run(member)
    while purge.delete_some(acme):
        pass
    for model in ASSISTANTS:
        assert model.unscoped.get().workspace == gil_member.workspace


def test_so_do_its_keys_and_its_ledger(ana_member: Membership, gil_member: Membership) -> None:
    for member in (ana_member, gil_member):
        actions.set_key(member, provider="groq", key="gsk-0123456789abcdef")
        actions.add_link(member, provider="groq", model="llama-3.1-8b-instant")
        actions.set_caps(member, rate=Decimal(1), answers_per_visitor=5)
        ledger.reserve(member.workspace, visitor_key="vic").write(attempt())
    while purge.delete_some(ana_member.workspace):
        pass
    for model in LEDGER:
        assert not model.unscoped.filter(workspace=ana_member.workspace_id).exists()
        assert model.unscoped.filter(workspace=gil_member.workspace_id).exists()
