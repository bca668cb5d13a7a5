"""Who is asked, in which order; and what the page says of those who are paused."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from ai import actions, chain, standing
from ai.chain import breaker_of, chain_for
from ai.models import ChainLink, ModelOffer, PlanAllowance
from ai.providers.errors import AuthFailed, Overloaded, RateLimited
from minichat.lib.errors import Conflict
from tests.fakes.ai_server import AiServer
from workspaces.models import AuditEntry, Membership, Workspace

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/ai/models/"
SMALL, LARGE = "llama-3.1-8b-instant", "llama-3.3-70b-versatile"


@pytest.fixture
def keyed(ana_member: Membership) -> Membership:
    """Acme has keys of its own for Groq and OpenAI."""
    for provider in ("groq", "openai"):
        actions.set_key(ana_member, provider=provider, key=f"{provider}-0123456789abcdef")
    return ana_member


def order(workspace: Workspace) -> list[str]:
    return [link.model for link in workspace.ai_chain.all()]


def asked(workspace: Workspace) -> list[tuple[str, str]]:
    return [(link.provider.name, link.model) for link in chain_for(workspace)]


def page_of(client: Client) -> str:
    return client.get(PAGE).content.decode()


# --- The list ---------------------------------------------------------------------------------------------------------


def test_models_are_added_moved_and_removed(keyed: Membership) -> None:
    acme = keyed.workspace
    one, two, three = (actions.add_link(keyed, provider="groq", model=name) for name in "abc")
    assert order(acme) == ["a", "b", "c"]
    actions.move_link(three, by=keyed, up=True)
    actions.move_link(one, by=keyed, up=False)
    assert order(acme) == ["c", "a", "b"]
    actions.move_link(ChainLink.unscoped.get(pk=three.pk), by=keyed, up=True)
    actions.move_link(ChainLink.unscoped.get(pk=two.pk), by=keyed, up=False)
    assert order(acme) == ["c", "a", "b"], "at the ends nothing happens"
    actions.remove_link(ChainLink.unscoped.get(pk=three.pk), by=keyed)
    assert list(acme.ai_chain.values_list("model", "position")) == [("a", 0), ("b", 1)]


def test_four_at_most_and_each_once(keyed: Membership) -> None:
    for name in "abcd":
        actions.add_link(keyed, provider="groq", model=name)
    with pytest.raises(Conflict) as refusal:
        actions.add_link(keyed, provider="groq", model="e")
    assert "four" in refusal.value.detail
    with pytest.raises(Conflict) as refusal:
        actions.add_link(keyed, provider="groq", model="a")
    assert "already" in refusal.value.detail


def test_the_chain_is_what_the_router_wants(keyed: Membership) -> None:
    actions.add_link(keyed, provider="openai", model="gpt-5-mini")
    actions.add_link(keyed, provider="groq", model="a")
    links = chain_for(keyed.workspace)
    assert [(link.provider.name, link.model) for link in links] == [("openai", "gpt-5-mini"), ("groq", "a")]
    assert links[0].breaker == breaker_of(keyed.workspace.ai_chain.get(provider="openai"))
    assert "0123456789" not in repr(links)


def test_without_anything_chosen_nobody_is_asked(acme: Workspace, settings: Any) -> None:
    settings.AI_KEYS = {"groq": "gsk-of-the-house"}
    assert chain_for(acme) == []


def test_whoever_has_no_key_is_passed_over(keyed: Membership, adam_client: Client) -> None:
    for provider, model in (("anthropic", "claude-haiku-5-5"), ("groq", SMALL)):
        actions.add_link(keyed, provider=provider, model=model)
    assert asked(keyed.workspace) == [("groq", SMALL)]
    assert "Passed over: there is no key for this provider." in page_of(adam_client)


def test_a_plan_includes_some_models(ana_member: Membership, gil_member: Membership, settings: Any) -> None:
    settings.AI_KEYS = {"groq": "gsk-of-the-house"}
    for member in (ana_member, gil_member):
        for model in (SMALL, LARGE):
            actions.add_link(member, provider="groq", model=model)
    assert asked(ana_member.workspace) == [("groq", SMALL), ("groq", LARGE)]
    assert asked(gil_member.workspace) == [("groq", SMALL)]
    assert "your plan does not include" in standing.lines(gil_member.workspace)[1].note
    actions.set_key(gil_member, provider="groq", key="gsk-of-globex-0123456789")
    assert asked(gil_member.workspace) == [("groq", SMALL), ("groq", LARGE)]


def test_what_is_no_longer_offered_is_passed_over_with_our_key(ana_member: Membership, settings: Any) -> None:
    settings.AI_KEYS = {"groq": "gsk-of-the-house"}
    actions.add_link(ana_member, provider="groq", model=SMALL)
    ModelOffer.objects.filter(model=SMALL).update(is_offered=False)
    assert asked(ana_member.workspace) == []


def test_once_the_plan_is_used_up_own_keys_go_on(keyed: Membership, settings: Any) -> None:
    settings.AI_KEYS = {"anthropic": "sk-of-the-house"}
    for provider, model in (("anthropic", "claude-haiku-5-5"), ("groq", SMALL)):
        actions.add_link(keyed, provider=provider, model=model)
    assert len(asked(keyed.workspace)) == 2
    PlanAllowance.objects.update(microusd=0)
    assert asked(keyed.workspace) == [("groq", SMALL)]


def test_ollama_needs_no_key_and_no_plan(gil_member: Membership, settings: Any) -> None:
    settings.AI_ADDRESSES = {**settings.AI_ADDRESSES, "ollama": "http://127.0.0.1:11434"}
    PlanAllowance.objects.update(microusd=0)
    actions.add_link(gil_member, provider="ollama", model="qwen3:8b")
    assert asked(gil_member.workspace) == [("ollama", "qwen3:8b")]
    settings.AI_ADDRESSES = {**settings.AI_ADDRESSES, "ollama": ""}
    assert asked(gil_member.workspace) == []


# --- On the page ------------------------------------------------------------------------------------------------------


def test_a_model_is_chosen_from_the_list_or_typed(keyed: Membership, adam_client: Client, acme: Workspace) -> None:
    assert adam_client.post(f"{PAGE}add/", {"choice": f"groq/{LARGE}"}).url == PAGE
    assert adam_client.post(f"{PAGE}add/", {"choice": "groq/", "model": " openai/gpt-oss-20b "}).url == PAGE
    assert order(acme) == [LARGE, "openai/gpt-oss-20b"]
    first = acme.ai_chain.first()
    adam_client.post(f"{PAGE}{first.pk}/move/", {"down": "1"})
    assert order(acme) == ["openai/gpt-oss-20b", LARGE]
    page = page_of(adam_client)
    assert page.index("GPT-OSS 20B") < page.index("Llama 3.3 70B Versatile") < page.index("Built-in answers")
    assert "$0.59 / $0.79" in page and "with your key" in page
    adam_client.post(f"{PAGE}{first.pk}/remove/")
    assert order(acme) == ["openai/gpt-oss-20b"]
    said = AuditEntry.unscoped.filter(action__startswith="models.").exclude(action="models.key_set")
    assert {entry.action for entry in said} == {"models.added", "models.ordered", "models.removed"}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"choice": ""}, "choice"),
        ({"choice": "anthropic/claude-opus-5-5"}, "choice"),
        ({"choice": "groq/made-up"}, "choice"),
        ({"choice": "groq/"}, "model"),
        ({"choice": "groq/", "model": "two words"}, "model"),
        ({"choice": "groq/", "model": "<b>"}, "model"),
        ({"choice": "groq/", "model": "x" * 121}, "model"),
        ({"choice": f"groq/{SMALL}"}, "choice"),
    ],
)
def test_what_cannot_be_added_is_said_beside_it(
    keyed: Membership, adam_client: Client, sent: dict[str, str], field: str
) -> None:
    actions.add_link(keyed, provider="groq", model=SMALL)
    response = adam_client.post(f"{PAGE}add/", sent)
    assert response.status_code == 422 and set(response.context["form"].errors) == {field}
    assert f'id="id_{field}_error"' in response.content.decode()
    assert order(keyed.workspace) == [SMALL]


def test_one_too_many_is_said(keyed: Membership, adam_client: Client) -> None:
    for name in "abcd":
        actions.add_link(keyed, provider="groq", model=name)
    page = page_of(adam_client)
    assert "At most 4 models" in page and 'name="choice"' not in page
    response = adam_client.post(f"{PAGE}add/", {"choice": f"groq/{SMALL}"})
    assert response.status_code == 422 and "At most four models" in response.content.decode()


def test_without_a_key_the_page_says_that_it_works_anyway(adam_client: Client, settings: Any) -> None:
    settings.AI_ADDRESSES = {**settings.AI_ADDRESSES, "ollama": ""}
    page = page_of(adam_client)
    assert "costs nothing and needs no key" in page and "Set a key below first" in page
    assert 'name="choice"' not in page and "Ask a test question" not in page


def test_a_strangers_link_is_no_link(keyed: Membership, gil_client: Client) -> None:
    link = actions.add_link(keyed, provider="groq", model=SMALL)
    for verb in ("move", "remove", "again"):
        assert gil_client.post(f"/w/globex/ai/models/{link.pk}/{verb}/").status_code == 404
    assert order(keyed.workspace) == [SMALL]


def test_the_settings_lead_there(adam_client: Client, omar_client: Client, acme: Workspace) -> None:
    page = page_of(adam_client)
    assert f'href="{PAGE}" aria-current="page"' in page and 'href="/w/acme/ai/costs/"' in page
    assert PAGE in adam_client.get("/w/acme/settings/general/").content.decode()
    assert PAGE not in omar_client.get("/w/acme/settings/team/").content.decode()


# --- Paused -----------------------------------------------------------------------------------------------------------


def fail(link: ChainLink, error: Exception, times: int = 1) -> None:
    breaker = breaker_of(link)
    for _ in range(times):
        leave = breaker.admit()
        assert leave is not None
        breaker.failed(leave, error)  # type: ignore[arg-type]


def test_one_calm_line_says_who_is_paused(keyed: Membership, adam_client: Client) -> None:
    groq = actions.add_link(keyed, provider="groq", model=SMALL)
    actions.add_link(keyed, provider="openai", model="gpt-5-mini")
    assert all(not line.pause for line in standing.lines(keyed.workspace))
    fail(groq, RateLimited(retry_after=60))
    page = page_of(adam_client)
    assert re.search(r"Groq is paused, next try in (60|5\d) seconds\. OpenAI answers meanwhile\.", page)
    assert page.count("is paused") == 1


def test_three_failures_pause_for_half_a_minute(keyed: Membership) -> None:
    groq = actions.add_link(keyed, provider="groq", model=SMALL)
    fail(groq, Overloaded(), times=3)
    [line] = standing.lines(keyed.workspace)
    assert re.fullmatch(r"Groq is paused, next try in (30|2\d) seconds\. The built-in answers take over\.", line.pause)


def test_what_refuses_says_why_until_somebody_asks_again(keyed: Membership, adam_client: Client) -> None:
    groq = actions.add_link(keyed, provider="groq", model=SMALL)
    fail(groq, AuthFailed())
    assert "Groq is stopped: The provider refuses this key." in page_of(adam_client)
    assert adam_client.post(f"{PAGE}{groq.pk}/again/").url == PAGE
    assert "is stopped" not in page_of(adam_client)


def test_two_models_of_one_provider_are_told_apart(keyed: Membership) -> None:
    first = actions.add_link(keyed, provider="groq", model=SMALL)
    actions.add_link(keyed, provider="groq", model=LARGE)
    fail(first, AuthFailed())
    assert standing.lines(keyed.workspace)[0].pause.startswith(f"{SMALL} is stopped")
    assert LARGE in standing.lines(keyed.workspace)[0].pause


# --- A test question --------------------------------------------------------------------------------------------------


def test_a_test_question_is_answered_and_written_down(
    keyed: Membership, adam_client: Client, playing: AiServer
) -> None:
    for model in ("fault-402", SMALL):
        actions.add_link(keyed, provider="groq", model=model)
    page = adam_client.post(f"{PAGE}try/").content.decode()
    assert "Groq answered in" in page and "ร้านเปิด" in page
    assert "fault-402" in page and "no credit left" in page
    assert "fault-402 is stopped" in page
    rows = list(keyed.workspace.ai_calls.order_by("attempt").values_list("model", "status", "purpose"))
    assert rows == [("fault-402", "failed", "test"), (SMALL, "ok", "test")]
    assert not keyed.workspace.ai_held.exists()


def test_a_test_question_nobody_answers(keyed: Membership, adam_client: Client, playing: AiServer) -> None:
    actions.add_link(keyed, provider="groq", model="fault-401")
    page = adam_client.post(f"{PAGE}try/").content.decode()
    assert "No model answered." in page and "The provider refuses this key." in page
    page = adam_client.post(f"{PAGE}try/").content.decode()
    assert "paused or passed over" in page and len(playing.asked) == 1


def test_a_test_question_without_money(keyed: Membership, adam_client: Client, playing: AiServer) -> None:
    actions.add_link(keyed, provider="groq", model=SMALL)
    actions.set_caps(keyed, rate=Decimal(1), monthly_cap=Decimal(0))
    assert "The budget is used up" in adam_client.post(f"{PAGE}try/").content.decode()
    assert not playing.asked


def test_the_models_of_a_plan_are_read_at_once(
    keyed: Membership, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.AI_KEYS = {"anthropic": "sk-of-the-house"}
    for provider, model in (("anthropic", "claude-haiku-5-5"), ("groq", SMALL), ("groq", LARGE)):
        actions.add_link(keyed, provider=provider, model=model)
    acme = Workspace.objects.get(pk=keyed.workspace_id)
    with django_assert_max_num_queries(8):
        assert len(chain.chain_for(acme)) == 3
