"""The supervisor PIN: kept as a hash, asked for on the server, and not to be guessed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chat.tests.test_visitor_messages import at_once
from workspaces import actions
from workspaces.actions.pin import PinLocked, PinWrong
from workspaces.models import Membership, SupervisorPin, Workspace

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/settings/pin/"
REMOVE, FORGOTTEN = f"{PAGE}delete/", f"{PAGE}forgotten/"
CLOSE = "/w/acme/settings/danger/close/"


@pytest.fixture
def pin(acme: Workspace, ana_member: Membership) -> SupervisorPin:
    return actions.set_pin(acme, digits="2580", by=ana_member)


def audited(workspace: Workspace) -> list[str]:
    return list(
        workspace.audit_entries.filter(action__startswith="pin.").order_by("pk").values_list("action", flat=True)
    )


def test_the_owner_sets_changes_and_removes_it(ana_client: Client, acme: Workspace) -> None:
    assert ana_client.post(PAGE, {"new": "2580", "again": "2580"}).url == PAGE
    kept = SupervisorPin.unscoped.get(workspace=acme)
    assert "2580" not in kept.hash and check_password("2580", kept.hash) and kept.length == 4
    assert ana_client.post(PAGE, {"pin": "2580", "new": "193755", "again": "193755"}).url == PAGE
    assert ana_client.post(REMOVE, {"remove-pin": "193755"}).url == PAGE
    assert not actions.has_pin(acme)
    assert audited(acme) == ["pin.set", "pin.changed", "pin.removed"]
    assert len([message for message in mail.outbox if "supervisor PIN" in message.subject]) == 3


def test_SR65_neither_log_nor_mail_nor_page_shows_it(ana_client: Client, acme: Workspace, pin: SupervisorPin) -> None:
    page = ana_client.get(PAGE).content.decode()
    wrong = ana_client.post(PAGE, {"pin": "9513", "new": "193755", "again": "7"}).content.decode()
    told = str(list(acme.audit_entries.values_list("data", flat=True))) + str(
        [(message.body, message.alternatives) for message in mail.outbox]
    )
    for secret in ("2580", pin.hash, "9513", "193755"):
        assert secret not in page + wrong + told


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        ("", "", "This field is required."),
        ("12", "12", "4 or 6 digits"),
        ("25805", "25805", "4 or 6 digits"),
        ("12a4", "12a4", "4 or 6 digits"),
        ("-123", "-123", "4 or 6 digits"),
        ("1234", "1234", "anybody would try"),
        ("000000", "000000", "anybody would try"),
        ("9876", "9876", "anybody would try"),
        ("2580", "2581", "differ"),
    ],
)
def test_a_pin_that_will_not_do(ana_client: Client, acme: Workspace, new: str, again: str, sentence: str) -> None:
    answer = ana_client.post(PAGE, {"new": new, "again": again})
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not actions.has_pin(acme)


def test_thai_digits_are_digits(ana_client: Client, ana_member: Membership, acme: Workspace) -> None:
    ana_client.post(PAGE, {"new": "๒๕๘๐", "again": "2580"})
    actions.check_pin(ana_member, entered="2580")


@pytest.mark.parametrize("who", ["adam_client", "omar_client", "vera_client"])
def test_only_the_owner_has_this_page(who: str, request: pytest.FixtureRequest, acme: Workspace) -> None:
    client = request.getfixturevalue(who)
    assert client.get(PAGE).status_code == client.post(PAGE, {"new": "2580", "again": "2580"}).status_code == 403
    assert not actions.has_pin(acme)


def test_closing_asks_for_it(ana_client: Client, acme: Workspace, pin: SupervisorPin) -> None:
    for sent, sentence in [({}, "This field is required."), ({"pin": "0852"}, "That is not the PIN. 4 more tries.")]:
        answer = ana_client.post(CLOSE, {"name": "Acme", **sent})
        assert answer.status_code == 422 and sentence in answer.content.decode()
        assert 'value="Acme"' in answer.content.decode()
    acme.refresh_from_db()
    assert acme.is_active
    assert ana_client.post(CLOSE, {"name": "Acme", "pin": "2580"}).status_code == 302


def test_a_mistake_elsewhere_costs_no_try(ana_client: Client, acme: Workspace, pin: SupervisorPin) -> None:
    ana_client.post(CLOSE, {"name": "Acne", "pin": "0000"})
    assert not acme.pin_tries.exists()


def test_without_one_nothing_is_asked(ana_client: Client, ana_member: Membership) -> None:
    assert "id_pin" not in ana_client.get("/w/acme/settings/danger/").content.decode()
    actions.check_pin(ana_member, entered="")


# --- Guessing ---------------------------------------------------------------------------------------------------------


def guess(member: Membership, times: int) -> None:
    for _ in range(times):
        with pytest.raises(PinWrong):
            actions.check_pin(member, entered="0000")


def later(member: Membership, wait: timedelta) -> None:
    """As if so much time had gone by."""
    tries = member.workspace.pin_tries.get(membership=member)
    assert tries.locked_until is not None
    tries.locked_until -= wait
    tries.save()


def test_five_tries_then_a_wait_that_is_named(ana_client: Client, ana_member: Membership, pin: SupervisorPin) -> None:
    guess(ana_member, 5)
    with pytest.raises(PinLocked) as refused:
        actions.check_pin(ana_member, entered="2580")
    assert 14 * 60 < (refused.value.retry_after or 0) <= 15 * 60 + 1
    answer = ana_client.post(CLOSE, {"name": "Acme", "pin": "2580"})
    assert answer.status_code == 422 and "Try again in 15 minutes." in answer.content.decode()
    assert audited(ana_member.workspace) == ["pin.set", "pin.locked"]


def test_each_further_guess_costs_twice_the_time(ana_member: Membership, pin: SupervisorPin) -> None:
    guess(ana_member, 5)
    wait = timedelta(minutes=15)
    for _ in range(12):
        later(ana_member, wait)
        guess(ana_member, 1)
        wait = min(wait * 2, timedelta(hours=24))
        locked = ana_member.workspace.pin_tries.get().locked_until - timezone.now()
        assert wait - timedelta(minutes=1) < locked <= wait
    with pytest.raises(PinLocked, match="pin_locked") as refused:
        actions.check_pin(ana_member, entered="0000")
    assert "24 hours" in refused.value.detail
    later(ana_member, wait)
    actions.check_pin(ana_member, entered="2580")
    guess(ana_member, 5)


def test_the_count_survives_a_restart(ana_member: Membership, pin: SupervisorPin) -> None:
    guess(ana_member, 5)
    cache.clear()
    with pytest.raises(PinLocked):
        actions.check_pin(Membership.unscoped.get(pk=ana_member.pk), entered="2580")


def test_one_persons_guesses_are_not_anothers(
    ana_member: Membership, adam_member: Membership, pin: SupervisorPin
) -> None:
    guess(adam_member, 5)
    actions.check_pin(ana_member, entered="2580")
    with pytest.raises(PinLocked):
        actions.check_pin(adam_member, entered="2580")


def test_nor_those_in_another_workspace(ana: User, ana_member: Membership, pin: SupervisorPin) -> None:
    guess(ana_member, 5)
    second = actions.create_workspace(ana, name="Second")
    member = second.memberships.get()
    actions.set_pin(second, digits="7391", by=member)
    actions.check_pin(member, entered="7391")


def test_the_right_one_clears_the_count(ana_member: Membership, pin: SupervisorPin) -> None:
    guess(ana_member, 4)
    actions.check_pin(ana_member, entered="2580")
    guess(ana_member, 4)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_guesses_at_once_five_are_heard(acme: Workspace, ana_member: Membership) -> None:
    actions.set_pin(acme, digits="2580", by=ana_member)

    def guess_at_once(number: int) -> list[str]:
        member = Membership.unscoped.select_related("workspace", "user").get(pk=ana_member.pk)
        return [_guess(member) for _ in range(3)]

    answers = [answer for answers in at_once(guess_at_once) for answer in answers]
    assert sorted(answers) == ["pin_locked"] * 7 + ["pin_wrong"] * 5


def _guess(member: Membership) -> str:
    try:
        actions.check_pin(member, entered="0000")
    except (PinWrong, PinLocked) as error:
        return error.code
    return "right"


# --- Forgotten --------------------------------------------------------------------------------------------------------


def test_SR17_who_forgot_it_signs_in_anew_and_removes_it(
    ana_client: Client, acme: Workspace, pin: SupervisorPin
) -> None:
    answer = ana_client.get(FORGOTTEN)
    assert answer.url.startswith("/accounts/reauthenticate/")
    page = ana_client.post(answer.url, {"password": "correct horse battery staple"})
    assert page.url == FORGOTTEN
    assert ana_client.get(FORGOTTEN).status_code == 200
    assert ana_client.post(FORGOTTEN).url == PAGE
    assert not actions.has_pin(acme)


def test_SR17_a_form_alone_removes_nothing(ana_client: Client, acme: Workspace, pin: SupervisorPin) -> None:
    assert ana_client.post(FORGOTTEN).url.startswith("/accounts/reauthenticate/")
    assert actions.has_pin(acme)


def test_a_new_pin_gives_everybody_new_tries(
    adam_member: Membership, ana_member: Membership, pin: SupervisorPin
) -> None:
    guess(adam_member, 5)
    actions.set_pin(ana_member.workspace, digits="7391", by=ana_member)
    actions.check_pin(adam_member, entered="7391")


def test_gil_gets_404(gil_client: Client, acme: Workspace) -> None:
    for path in (PAGE, REMOVE, FORGOTTEN):
        assert gil_client.post(path).status_code == 404
