"""Every attempt is a row, every sum the sum of its rows, and nothing begins after a cap is met."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from ai import actions, budgets, ledger, notices, router, tasks
from ai.budgets import Scope
from ai.ledger import BudgetGone, Reservation
from ai.models import AICall, Held, Spending, VisitorAnswers
from ai.providers.base import Delta, NoCredit, Provider, StreamBroken
from ai.providers.openai_style import Groq, OpenRouter
from ai.router import Attempt, link_to
from ai.tests.speaking import KEY, listen, question
from ai.tests.test_prices import attempt
from chat.models import Conversation
from notifications.kinds import Kind
from tests.fakes.ai_server import ANSWER, CACHED, COST, TOKENS_IN, AiServer
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
MODEL = "llama-3.3-70b-versatile"
ONE = 669  # what `attempt()` costs


@pytest.fixture
def paying(ana_member: Membership) -> Workspace:
    """Acme asks Groq with a key of its own."""
    actions.set_key(ana_member, provider="groq", key="gsk-of-acme-0123456789")
    actions.add_link(ana_member, provider="groq", model=MODEL)
    return ana_member.workspace


@pytest.fixture
def guest(ana_member: Membership, settings: Any) -> Workspace:
    """Acme asks Groq with ours."""
    settings.AI_KEYS = {"groq": "gsk-of-the-house-0123456789"}
    actions.add_link(ana_member, provider="groq", model=MODEL)
    return ana_member.workspace


def cap(workspace: Workspace, **caps: Any) -> None:
    """Caps in micro-dollars."""
    owner = workspace.memberships.owners().get()
    budget = actions.set_caps(owner, rate=Decimal(1), answers_per_visitor=caps.pop("visitor", None))
    workspace.ai_budgets.filter(pk=budget.pk).update(**{f"{name}_microusd": value for name, value in caps.items()})


def sums(workspace: Workspace) -> dict[str, tuple[int, int]]:
    return {row.scope: (row.used, row.reserved) for row in workspace.ai_spendings.order_by("begins_at")}


def agree(workspace: Workspace) -> None:
    """The sums are those of the rows, and nothing is held."""
    total = workspace.ai_calls.aggregate(sum=Sum("cost_microusd"))["sum"] or 0
    ours = workspace.ai_calls.filter(is_platform=True).aggregate(sum=Sum("cost_microusd"))["sum"] or 0
    expected = {Scope.MONTH.value: (total, 0), Scope.DAY.value: (total, 0), Scope.PLAN.value: (ours, 0)}
    found = sums(workspace)
    assert found == {scope: expected[scope] for scope in found}
    assert not workspace.ai_held.exists()


def told(membership: Membership, kind: Kind) -> int:
    return membership.notifications.filter(kind=kind.name).count()


# --- One turn ---------------------------------------------------------------------------------------------------------


def test_a_turn_holds_writes_and_lets_go(paying: Workspace, conversation: Conversation) -> None:
    reservation = ledger.reserve(paying, purpose="answer", tokens=1000, conversation=conversation)
    # 1000 x .59 + 600 x .79
    assert sums(paying) == {"month": (0, 1064), "day": (0, 1064)}
    reservation.write(attempt(attempt=1, status="failed", error="overloaded", tokens_in=0, tokens_out=0))
    reservation.write(attempt(attempt=2, ttft_ms=7))
    assert sums(paying)["month"] == (ONE, 1064)
    reservation.settle()
    reservation.settle()
    agree(paying)
    failed, row = paying.ai_calls.order_by("attempt")
    assert (failed.status, failed.cost_microusd, failed.cost_source, failed.error) == (
        "failed",
        0,
        "zero",
        "overloaded",
    )
    assert (row.provider, row.model, row.tokens_in, row.tokens_out, row.cost_microusd) == (
        "groq",
        MODEL,
        1000,
        100,
        ONE,
    )
    assert (row.cost_source, row.price_version, row.conversation, row.purpose) == (
        "table",
        "2026-11-01",
        conversation,
        "answer",
    )
    assert not row.is_platform and row.ttft_ms == 7


def test_the_built_in_answers_need_no_money(acme: Workspace) -> None:
    cap(acme, monthly=0)
    reservation = ledger.reserve(acme)
    reservation.write(attempt("built_in", ""))
    reservation.settle()
    assert acme.ai_calls.get().cost_source == "zero"
    agree(acme)


def test_a_workspace_knows_nothing_of_anothers(paying: Workspace, globex: Workspace) -> None:
    ledger.reserve(paying).write(attempt())
    assert not globex.ai_calls.exists() and not globex.ai_spendings.exists()
    assert ledger.reserve(globex).held is None


def test_what_it_was_about_may_be_deleted(paying: Workspace, conversation: Conversation) -> None:
    ledger.reserve(paying, conversation=conversation, message=conversation.messages.get()).write(attempt())
    conversation.delete()
    row = paying.ai_calls.get()
    assert row.conversation is None and row.message is None and row.cost_microusd == ONE


@pytest.mark.django_db(transaction=True)
def test_what_it_was_about_was_deleted_meanwhile(paying: Workspace, conversation: Conversation) -> None:
    reservation = ledger.reserve(paying, conversation=conversation)
    conversation.delete()
    reservation.write(attempt())
    reservation.settle()
    assert paying.ai_calls.get().conversation is None
    agree(paying)


def test_a_turn_takes_few_questions(paying: Workspace, django_assert_max_num_queries: Any) -> None:
    cap(paying, monthly=10**9, daily=10**9)
    ledger.reserve(paying).settle()
    with django_assert_max_num_queries(20):
        reservation = ledger.reserve(paying)
    with django_assert_max_num_queries(15):
        reservation.write(attempt())
    with django_assert_max_num_queries(6):
        reservation.settle()


# --- Caps -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["monthly", "daily"])
def test_SR56_nothing_begins_after_a_cap_is_met(paying: Workspace, scope: str) -> None:
    cap(paying, **{scope: 2 * ONE})
    for _ in range(2):
        reservation = ledger.reserve(paying)
        reservation.write(attempt())
        reservation.settle()
    with pytest.raises(BudgetGone) as gone:
        ledger.reserve(paying)
    assert gone.value.reason == {"monthly": "month", "daily": "day"}[scope]
    agree(paying)


def test_what_is_under_way_counts(paying: Workspace) -> None:
    cap(paying, monthly=1)
    first = ledger.reserve(paying)
    with pytest.raises(BudgetGone):
        ledger.reserve(paying)
    first.settle()
    ledger.reserve(paying).settle()


def test_a_refused_turn_holds_nothing(paying: Workspace) -> None:
    cap(paying, daily=0)
    with pytest.raises(BudgetGone) as gone:
        ledger.reserve(paying, visitor_key="vic")
    assert gone.value.reason == "day"
    agree(paying)


def test_SR56_a_visitor_has_so_many_answers_a_day(paying: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    cap(paying, visitor=2)
    for _ in range(2):
        reservation = ledger.reserve(paying, visitor_key="vic")
        reservation.write(attempt())
        reservation.settle()
    with pytest.raises(BudgetGone) as gone:
        ledger.reserve(paying, visitor_key="vic")
    assert gone.value.reason == "visitor"
    ledger.reserve(paying, visitor_key="vera").settle()
    ledger.reserve(paying).settle()
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    ledger.reserve(paying, visitor_key="vic").settle()


def test_a_turn_in_which_nobody_was_asked_is_none(paying: Workspace) -> None:
    cap(paying, visitor=1)
    for _ in range(3):
        ledger.reserve(paying, visitor_key="vic").settle()
    assert VisitorAnswers.unscoped.get().answers == 0


def test_nothing_personal_is_kept_about_a_visitor(paying: Workspace) -> None:
    cap(paying, visitor=1)
    ledger.reserve(paying, visitor_key="somchai@example.com")
    row = VisitorAnswers.unscoped.get()
    assert "somchai" not in str(vars(row)) and len(row.visitor) == 64
    ledger.let_go_of_the_dead(timezone.now() + timedelta(days=4))
    assert not VisitorAnswers.unscoped.exists()


def test_our_keys_are_used_as_far_as_the_plan_goes(guest: Workspace) -> None:
    guest.entitlements.plan.ai_allowance.__class__.objects.update(microusd=ONE)
    reservation = ledger.reserve(guest)
    reservation.write(attempt())
    reservation.settle()
    assert guest.ai_calls.get().is_platform
    agree(guest)
    assert sums(guest)["plan"] == (ONE, 0)
    with pytest.raises(BudgetGone) as gone:
        ledger.reserve(guest)
    assert gone.value.reason == "plan"


def test_with_a_key_of_its_own_it_goes_on(guest: Workspace, ana_member: Membership) -> None:
    guest.entitlements.plan.ai_allowance.__class__.objects.update(microusd=0)
    actions.set_key(ana_member, provider="openai", key="sk-of-acme-0123456789")
    actions.add_link(ana_member, provider="openai", model="gpt-5-mini")
    reservation = ledger.reserve(guest)
    assert Held.unscoped.get().plan is None
    reservation.write(attempt("openai", "gpt-5-mini"))
    assert not guest.ai_calls.get().is_platform


def test_caps_are_kept_at_the_rate_they_were_typed_with(ana_member: Membership) -> None:
    actions.set_caps(ana_member, rate=Decimal("32.5"), monthly_cap=Decimal(650))
    budget = budgets.of(ana_member.workspace)
    assert budget and (budget.monthly_microusd, budget.currency, budget.daily_microusd) == (20_000_000, "THB", None)


# --- Periods ----------------------------------------------------------------------------------------------------------


def test_a_month_begins_where_the_workspace_is(acme: Workspace) -> None:
    late = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)  # already December in Bangkok
    assert budgets.begins(acme, Scope.MONTH, late) == datetime(2026, 11, 30, 17, tzinfo=UTC)
    acme.timezone = "UTC"
    assert budgets.begins(acme, Scope.MONTH, late) == datetime(2026, 11, 1, tzinfo=UTC)
    assert budgets.begins(acme, Scope.DAY, late) == datetime(2026, 11, 30, tzinfo=UTC)
    assert budgets.ends(acme, late) == datetime(2026, 12, 1, tzinfo=UTC)


def test_another_time_zone_is_no_fresh_budget(paying: Workspace) -> None:
    """The same month begins at another moment there; what was spent in it is taken along."""
    reservation = ledger.reserve(paying)
    reservation.write(attempt())
    reservation.settle()
    now = timezone.now()
    paying.timezone = "America/Los_Angeles"
    moved = budgets.sum_of(paying, Scope.MONTH, now)
    assert moved.begins_at == budgets.begins(paying, Scope.MONTH, now)
    assert moved.used == sum(
        paying.ai_calls.filter(created_at__gte=moved.begins_at).values_list("cost_microusd", flat=True)
    )
    assert Spending.unscoped.filter(scope=Scope.MONTH).count() == 2


# --- Those who die ----------------------------------------------------------------------------------------------------


def test_what_a_dead_process_held_is_let_go(paying: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    dead, alive = ledger.reserve(paying), ledger.reserve(paying)
    paying.ai_held.filter(pk=dead.held).update(expires_at=timezone.now() - timedelta(seconds=1))
    tasks.sweep_reservations()
    assert [row.pk for row in paying.ai_held.all()] == [alive.held]
    dead.settle()
    alive.settle()
    agree(paying)


def test_the_sweep_is_on_the_clock(settings: Any) -> None:
    assert "ai.tasks.sweep_reservations" in {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "ai.tasks.sweep_reservations" in settings.TASKS_AT_START


# --- Who is told ------------------------------------------------------------------------------------------------------


def test_owners_hear_of_ninety_percent_and_of_the_end(
    paying: Workspace, ana_member: Membership, adam_member: Membership
) -> None:
    cap(paying, monthly=10_000_000)
    heard = []
    for _ in range(11):
        Reservation(paying, "answer", 0, frozenset({"groq"})).write(attempt(cost_microusd=1_000_000))
        heard.append((told(ana_member, notices.BUDGET_NEAR), told(ana_member, notices.BUDGET_REACHED)))
    assert heard == [(0, 0)] * 8 + [(1, 0), (1, 1), (1, 1)]
    assert told(adam_member, notices.BUDGET_NEAR) == 0
    row = ana_member.notifications.get(kind=notices.BUDGET_NEAR.name)
    assert notices.BUDGET_NEAR.say(row.data) == "THB 9.00 of the THB 10.00 for AI answers of this month are spent."
    assert row.mail_due_at


def test_the_day_and_the_plan_have_their_own_words(guest: Workspace, ana_member: Membership) -> None:
    cap(guest, daily=ONE)
    guest.entitlements.plan.ai_allowance.__class__.objects.update(microusd=ONE)
    ledger.reserve(guest).write(attempt())
    assert told(ana_member, notices.DAY_REACHED) == told(ana_member, notices.ALLOWANCE_REACHED) == 1
    assert told(ana_member, notices.BUDGET_NEAR) == 0


def test_managers_hear_of_a_provider_that_refuses(
    paying: Workspace, ana_member: Membership, adam_member: Membership, omar_member: Membership
) -> None:
    refused = attempt(status="failed", error="no_credit", opened=True, until_changed=True)
    ledger.reserve(paying).write(refused)
    assert told(ana_member, notices.PROVIDER_STOPPED) == told(adam_member, notices.PROVIDER_STOPPED) == 1
    assert told(omar_member, notices.PROVIDER_STOPPED) == 0
    said = notices.PROVIDER_STOPPED.say(ana_member.notifications.get(kind=notices.PROVIDER_STOPPED.name).data)
    assert said.startswith("Groq is not asked any more") and "no credit left" in said


# --- Many at once -----------------------------------------------------------------------------------------------------


def some(dice: random.Random) -> Attempt:
    given: dict[str, Any] = {
        "provider": dice.choice(["groq", "anthropic", "openai", "ollama", "openrouter"]),
        "model": dice.choice([MODEL, "gpt-5-mini", "claude-haiku-4-5", "unknown"]),
        "status": dice.choice(["ok", "failed", "cancelled"]),
        "error": dice.choice(["", "auth_failed", "stream_broken", "timeout_first_token"]),
        "text": dice.choice(["", "สวัสดีค่ะ", "hello " * 20]),
        "attempt": dice.randint(1, 5),
    }
    for name, most in (("tokens_in", 9000), ("tokens_out", 900), ("cached_in", 3000), ("cost_microusd", 7000)):
        given[name] = dice.choice([None, 0, dice.randint(0, most)])
    return attempt(**given)


@pytest.mark.parametrize("seed", range(20))
def test_sums_are_those_of_the_rows_whatever_happens(guest: Workspace, seed: int) -> None:
    dice = random.Random(seed)
    guest.entitlements.plan.ai_allowance.__class__.objects.update(microusd=None)
    for _ in range(8):
        reservation = ledger.reserve(guest)
        for _ in range(dice.randint(0, 4)):
            reservation.write(some(dice))
        reservation.settle()
    agree(guest)


@pytest.mark.django_db(transaction=True)
def test_sums_are_those_of_the_rows_for_many_at_once(guest: Workspace) -> None:
    guest.entitlements.plan.ai_allowance.__class__.objects.update(microusd=None)

    def run(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(6):
            reservation = ledger.reserve(Workspace.objects.get(pk=guest.pk))
            for _ in range(dice.randint(1, 3)):
                reservation.write(some(dice))
            reservation.settle()

    together(run, 6)
    assert guest.ai_calls.count() >= 36
    agree(guest)


@pytest.mark.django_db(transaction=True)
def test_SR56_of_many_at_once_none_begins_beyond_the_cap(paying: Workspace) -> None:
    """Each holds all that is left, so one of them gets it."""
    cap(paying, monthly=1)
    begun: list[Reservation] = []

    def run(number: int) -> None:
        with suppress(BudgetGone):
            begun.append(ledger.reserve(Workspace.objects.get(pk=paying.pk)))

    together(run, 8)
    assert len(begun) == 1
    begun[0].settle()
    agree(paying)


@pytest.mark.django_db(transaction=True)
def test_SR56_one_visitor_at_once_in_many_tabs(paying: Workspace) -> None:
    cap(paying, visitor=3)
    begun: list[Reservation] = []

    def run(number: int) -> None:
        with suppress(BudgetGone):
            begun.append(ledger.reserve(Workspace.objects.get(pk=paying.pk), visitor_key="vic"))

    together(run, 8)
    assert len(begun) == 3


def together(run: Callable[[int], None], amount: int) -> None:
    failures: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            run(number)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=[number]) for number in range(amount)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


# --- With real streams ------------------------------------------------------------------------------------------------


@pytest.fixture
def wired(server: AiServer) -> Callable[[Workspace, str], list[router.Link]]:
    def links(workspace: Workspace, *faults: str) -> list[router.Link]:
        provider: Provider = Groq(key=KEY, address=f"{server.url}/groq/openai/v1")
        return [link_to(str(workspace.pk), provider, f"fault-{fault}") for fault in faults]

    return links


@pytest.mark.django_db(transaction=True)
async def test_every_attempt_of_a_turn_is_a_row(paying: Workspace, wired: Any) -> None:
    reservation = await ledger.areserve(paying)
    async with reservation:
        links = wired(paying, "500", "402", "ok")
        heard = await listen(router.stream(links, question(), on_attempt=reservation.record, pause=0))
    assert heard.text == "".join(ANSWER)
    rows = await sync_to_async(lambda: list(paying.ai_calls.order_by("attempt")))()
    assert [(row.attempt, row.model, row.status, row.error) for row in rows] == [
        (1, "fault-500", "failed", "overloaded"),
        (2, "fault-500", "failed", "overloaded"),
        (3, "fault-402", "failed", NoCredit.code),
        (4, "fault-ok", "ok", ""),
    ]
    assert (rows[3].tokens_in, rows[3].tokens_out, rows[3].cached_in) == (TOKENS_IN, len(ANSWER), CACHED)
    await sync_to_async(agree)(paying)


@pytest.mark.django_db(transaction=True)
async def test_what_the_provider_says_it_cost_counts(paying: Workspace, server: AiServer) -> None:
    provider = OpenRouter(key=KEY, address=f"{server.url}/openrouter/api/v1")
    async with await ledger.areserve(paying) as reservation:
        await listen(router.stream([link_to(str(paying.pk), provider, "x")], question(), on_attempt=reservation.record))
    row = await sync_to_async(paying.ai_calls.get)()
    assert (row.cost_microusd, row.cost_source) == (round(COST * 1_000_000), "reported")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["cut", "leave"])
async def test_an_answer_that_breaks_off_is_estimated(paying: Workspace, wired: Any, how: str) -> None:
    """Of what was heard by then, and of the prompt as its caller counted it."""
    async with await ledger.areserve(paying, tokens=1234) as reservation:
        links = wired(paying, "cut" if how == "cut" else "endless")
        events = router.stream(links, question(), on_attempt=reservation.record)
        heard = ""
        try:
            async for event in events:
                heard += event.text if isinstance(event, Delta) else ""
                if how == "leave":
                    break
        except StreamBroken:
            pass
        await events.aclose()
    row = await sync_to_async(paying.ai_calls.get)()
    assert heard and row.status == ("failed" if how == "cut" else "cancelled")
    assert row.tokens_in == 1234 and row.tokens_out > 0
    assert (row.cost_source, row.cost_microusd) == ("estimated", 0), "the price of this model is unknown"


def test_a_strangers_page_shows_no_call(paying: Workspace, gil_client: Client) -> None:
    ledger.reserve(paying).write(attempt())
    assert AICall.unscoped.count() == 1
    assert gil_client.get("/w/acme/ai/costs/").status_code == 404
    assert MODEL not in gil_client.get("/w/globex/ai/costs/").content.decode()
