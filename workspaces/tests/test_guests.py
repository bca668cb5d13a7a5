"""Invitations from the guest's side (SR-19): the link says which place, the proven address says who."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.steps import GOOD_PASSWORD, code_of, enter_code, sign_in, sign_up
from conftest import signed_in
from minichat.lib.errors import Conflict, PlanLimit
from workspaces import actions
from workspaces.actions.invitations import Refused, hashed
from workspaces.models import AuditEntry, Invitation, Membership, Workspace
from workspaces.roles import Role

ADDRESS = "mai@shop.test"


def path_in(mail: EmailMessage) -> str:
    return re.search(r"^https?://[^/]+(/invitations/\S+)$", str(mail.body), re.MULTILINE)[1]  # type: ignore[index]


@pytest.fixture
def invitation(acme: Workspace, ana_member: Membership, mailoutbox: list[EmailMessage]) -> Invitation:
    return actions.invite(acme, addresses=[ADDRESS], role=Role.OPERATOR, by=ana_member)[0]


@pytest.fixture
def link(invitation: Invitation, mailoutbox: list[EmailMessage]) -> str:
    return path_in(next(mail for mail in mailoutbox if mail.to == [ADDRESS]))


@pytest.fixture
def mai(make_user: Callable[..., User]) -> User:
    return make_user(ADDRESS, "Mai")


@pytest.fixture
def mai_client(mai: User, link: str) -> Client:
    """Signed in with the invited address, and has followed the link."""
    client = signed_in(mai)
    assert client.get(link).headers["Location"] == "/invitation/"
    return client


def join(client: Client) -> Any:
    return client.post("/invitation/acceptance/")


# --- The straight way -------------------------------------------------------------------------------------------------


def test_SR19_the_invited_person_reads_who_and_joins(mai_client: Client, mai: User, acme: Workspace) -> None:
    page = mai_client.get("/invitation/")
    assert page.status_code == 200 and "Ana Srisuk invites mai@shop.test" in page.content.decode()
    assert join(mai_client).headers["Location"] == "/w/acme/"
    member = acme.memberships.get(user=mai)
    assert (member.role, member.deactivated_at) == ("operator", None)
    assert AuditEntry.unscoped.filter(action="invitation.accepted", actor=member).count() == 1
    assert mai_client.get("/w/acme/conversations/").status_code == 200


def test_SR19_an_unknown_address_signs_up_proves_itself_and_lands_in_the_workspace(
    link: str, acme: Workspace, mailoutbox: list[EmailMessage], browser: Callable[[], Client]
) -> None:
    guest = browser()
    guest.get(link)
    page = guest.get("/invitation/").content.decode()
    assert "/accounts/signup/?next=/invitation/" in page and "/accounts/login/?next=/invitation/" in page
    form = guest.get("/accounts/signup/?next=/invitation/").content.decode()
    assert f'value="{ADDRESS}"' in form
    body = {"email": ADDRESS, "password1": GOOD_PASSWORD, "name": "Mai", "next": "/invitation/"}
    guest.post("/accounts/signup/", body)
    assert not acme.memberships.filter(user__email=ADDRESS).exists()
    landed = enter_code(guest, code_of(mailoutbox[-1]))
    member = acme.memberships.get(user__email=ADDRESS)
    assert guest.get(landed.headers["Location"], follow=True).redirect_chain[-1][0] == "/w/acme/conversations/"
    assert [row.workspace for row in member.user.memberships.all()] == [acme]


def test_SR19_whoever_signs_in_first_comes_back_to_the_invitation(
    link: str, mai: User, browser: Callable[[], Client]
) -> None:
    guest = browser()
    guest.get(link)
    answer = guest.post(
        "/accounts/login/", {"login": ADDRESS, "password": "correct horse battery staple", "next": "/invitation/"}
    )
    assert answer.headers["Location"] == "/invitation/"
    assert b"/invitation/acceptance/" in guest.get("/invitation/").content


# --- Forwarded, stolen, typed -----------------------------------------------------------------------------------------


def test_SR19_a_forwarded_link_lets_nobody_in(link: str, gil_client: Client, gil: User, acme: Workspace) -> None:
    gil_client.get(link)
    page = gil_client.get("/invitation/")
    assert "gil@globex.test" in page.content.decode() and b"/invitation/acceptance/" not in page.content
    assert join(gil_client).status_code == 409
    assert not acme.memberships.filter(user=gil).exists()


def test_SR19_signing_out_goes_on_with_the_invitation(link: str, gil_client: Client) -> None:
    gil_client.get(link)
    assert gil_client.post("/invitation/sign-out/").headers["Location"] == "/invitation/"
    page = gil_client.get("/invitation/").content.decode()
    assert "/accounts/signup/" in page and "Join Acme" in page
    assert "_auth_user_id" not in gil_client.session


def test_SR19_an_address_that_was_typed_and_not_proven_is_nobodys(
    link: str, mai: User, acme: Workspace, mai_client: Client
) -> None:
    EmailAddress.objects.filter(user=mai).update(verified=False)
    assert join(mai_client).status_code == 409
    assert not acme.memberships.filter(user=mai).exists()


def test_SR19_a_sign_up_with_another_address_joins_nothing(
    link: str, acme: Workspace, mailoutbox: list[EmailMessage], browser: Callable[[], Client]
) -> None:
    thief = browser()
    thief.get(link)
    sign_up(thief, "thief@else.test")
    enter_code(thief, code_of(mailoutbox[-1]))
    assert not acme.memberships.filter(user__email="thief@else.test").exists()
    assert User.objects.get(email="thief@else.test").memberships.get().workspace != acme


@pytest.mark.parametrize("token", ["x", "a" * 43, "%2e%2e", "ข้อความ", "a" * 2_000])
def test_SR19_a_token_nobody_sent_opens_nothing(token: str, ana_client: Client, invitation: Invitation) -> None:
    answer = ana_client.get(f"/invitations/{token}/")
    assert answer.status_code == 404 and b"leads nowhere" in answer.content
    assert ana_client.get("/invitation/").status_code == 404


def test_SR19_only_the_hash_is_kept_and_the_token_is_in_the_mail_alone(
    link: str, invitation: Invitation, ana_client: Client, mai_client: Client
) -> None:
    token = link.split("/")[2]
    assert len(token) >= 43 and invitation.token_hash == hashed(token)
    assert token not in str(mai_client.session.items())
    for page in ("/w/acme/settings/team/invitations/", "/w/acme/settings/team/"):
        assert token not in ana_client.get(page).content.decode()
    assert not AuditEntry.unscoped.filter(data__icontains=token).exists()


def test_SR41_the_token_leaves_the_address_and_the_referrer(link: str, anonymous_client: Client) -> None:
    answer = anonymous_client.get(link)
    assert (answer.status_code, answer.headers["Referrer-Policy"]) == (302, "no-referrer")
    assert "no-store" in anonymous_client.get("/invitation/").headers["Cache-Control"]


def test_SR16_the_token_of_an_invitation_is_no_other_token(link: str, browser: Callable[[], Client]) -> None:
    token, client = link.split("/")[2], browser()
    assert client.get(f"/accounts/password/reset/key/1-{token}/").status_code in (200, 302, 404)
    assert b"password1" not in client.get(f"/accounts/password/reset/key/1-{token}/", follow=True).content
    assert client.get(f"/files/{token}/").status_code == 404


# --- What ends it -----------------------------------------------------------------------------------------------------


def void(invitation: Invitation, how: str, ana_member: Membership) -> None:
    match how:
        case "revoked":
            actions.revoke(invitation, by=ana_member)
        case "expired":
            Invitation.unscoped.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        case "closed":
            Workspace.objects.filter(pk=invitation.workspace_id).update(status=Workspace.Status.CLOSED)
        case "suspended":
            Workspace.objects.filter(pk=invitation.workspace_id).update(status=Workspace.Status.SUSPENDED)
        case "inviter_gone":
            Membership.unscoped.filter(pk=ana_member.pk).update(deactivated_at=timezone.now())
        case "inviter_demoted":
            Membership.unscoped.filter(pk=ana_member.pk).update(role=Role.OPERATOR)
        case "inviter_inactive":
            User.objects.filter(pk=ana_member.user_id).update(is_active=False)


HOWS = ["revoked", "expired", "closed", "suspended", "inviter_gone", "inviter_demoted", "inviter_inactive"]


@pytest.mark.parametrize("how", HOWS)
def test_SR19_a_void_invitation_says_so_and_lets_nobody_in(
    how: str, invitation: Invitation, mai_client: Client, mai: User, acme: Workspace, ana_member: Membership
) -> None:
    assert b"/invitation/acceptance/" in mai_client.get("/invitation/").content
    void(invitation, how, ana_member)
    assert join(mai_client).status_code == 409
    page = mai_client.get("/invitation/")
    assert page.status_code == 410 and b"/invitation/acceptance/" not in page.content
    assert not acme.memberships.filter(user=mai).exists()


@pytest.mark.parametrize("how", HOWS)
def test_whoever_signs_up_with_a_void_one_has_a_workspace_of_their_own(
    how: str,
    invitation: Invitation,
    link: str,
    ana_member: Membership,
    mailoutbox: list[EmailMessage],
    browser: Callable[[], Client],
) -> None:
    guest = browser()
    guest.get(link)
    sign_up(guest, ADDRESS)
    void(invitation, how, ana_member)
    enter_code(guest, code_of(mailoutbox[-1]))
    assert User.objects.get(email=ADDRESS).memberships.get().role == Role.OWNER


def test_SR19_no_seat_at_acceptance_keeps_the_invitation(
    mai_client: Client, mai: User, acme: Workspace, omar_member: Membership, ana_member: Membership
) -> None:
    acme.entitlements.seats = 1
    acme.entitlements.save()
    page = mai_client.get("/invitation/")
    assert "no free seat" in page.content.decode() and "Ana Srisuk" in page.content.decode()
    assert join(mai_client).status_code == 409
    actions.deactivate_member(omar_member, by=ana_member)
    assert join(mai_client).status_code == 302
    assert acme.memberships.active().filter(user=mai).exists()


# --- Again ------------------------------------------------------------------------------------------------------------


def test_SR19_accepting_twice_is_harmless_and_the_link_leads_home(
    mai_client: Client, link: str, mai: User, acme: Workspace, ana_member: Membership
) -> None:
    join(mai_client)
    mai_client.get(link)
    assert mai_client.get("/invitation/").headers["Location"] == "/w/acme/"
    actions.change_role(acme.memberships.get(user=mai), role=Role.VIEWER, by=ana_member)
    mai_client.get(link)
    join(mai_client)
    assert acme.memberships.get(user=mai).role == Role.VIEWER
    assert AuditEntry.unscoped.filter(action="invitation.accepted").count() == 1


def test_SR08_a_used_link_lets_a_removed_member_not_back_in(
    mai_client: Client, link: str, mai: User, acme: Workspace, ana_member: Membership
) -> None:
    join(mai_client)
    actions.remove_member(acme.memberships.get(user=mai), by=ana_member)
    mai_client.get(link)
    assert mai_client.get("/invitation/").status_code == 410
    assert join(mai_client).status_code == 409
    assert not acme.memberships.active().filter(user=mai).exists()


def test_a_member_who_is_invited_anyway_stays_what_they_are(
    acme: Workspace, omar_member: Membership, ana_member: Membership, mailoutbox: list[EmailMessage]
) -> None:
    """The address was invited before its owner joined by another way."""
    [invitation] = actions.invite(acme, addresses=[omar_member.user.email], role=Role.VIEWER, by=ana_member)
    assert actions.accept(invitation, user=omar_member.user).role == Role.OPERATOR
    invitation.refresh_from_db()
    assert invitation.accepted_by == omar_member


def test_SR19_a_link_that_was_sent_again_replaces_the_first(
    invitation: Invitation, link: str, mai: User, ana_member: Membership, mailoutbox: list[EmailMessage]
) -> None:
    actions.resend(invitation, by=ana_member)
    newest = path_in(mailoutbox[-1])
    client = signed_in(mai)
    assert client.get(link).status_code == 404
    assert client.get(newest).status_code == 302
    assert join(client).status_code == 302


def test_SR19_an_invitation_lives_for_seven_days(invitation: Invitation) -> None:
    assert timedelta(days=6, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=7)


# --- At once ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_SR19_two_clicks_at_once_join_once(invitation: Invitation, mai: User, acme: Workspace) -> None:
    answers = at_once(lambda number: actions.accept(invitation, user=mai), 4)
    assert len({answer.pk for answer in answers}) == 1
    assert AuditEntry.unscoped.filter(action="member.added").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_SR19_the_last_seat_is_given_once(
    acme: Workspace, ana_member: Membership, make_user: Callable[..., User], mailoutbox: list[EmailMessage]
) -> None:
    people = [make_user(f"guest{number}@shop.test", "G") for number in range(5)]
    invitations = actions.invite(acme, addresses=[user.email for user in people], role=Role.VIEWER, by=ana_member)
    acme.entitlements.seats = 2
    acme.entitlements.save()
    answers = at_once(lambda number: actions.accept(invitations[number], user=people[number]), 5)
    assert sum(isinstance(answer, Membership) for answer in answers) == 2
    assert sum(isinstance(answer, PlanLimit) for answer in answers) == 3
    assert acme.memberships.active().count() == 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_SR19_withdrawn_while_it_is_accepted_is_one_or_the_other(
    invitation: Invitation, mai: User, acme: Workspace, ana_member: Membership
) -> None:
    verbs = [lambda: actions.accept(invitation, user=mai), lambda: actions.revoke(invitation, by=ana_member)]
    answers = at_once(lambda number: verbs[number](), 2)
    invitation.refresh_from_db()
    joined = acme.memberships.filter(user=mai).exists()
    assert (invitation.accepted_at is not None, invitation.revoked_at is not None) == (joined, not joined)
    assert sum(isinstance(answer, Exception) for answer in answers) == 1


def at_once(work: Callable[[int], Any], workers: int) -> list[Any]:
    """Each in a thread with a connection of its own; refusals are answers too."""
    start, answers = threading.Barrier(workers), []

    def run(number: int) -> None:
        start.wait(timeout=10)
        try:
            answers.append(work(number))
        except (Refused, PlanLimit, Conflict) as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


# --- A house for invited people ---------------------------------------------------------------------------------------


def test_SR19_a_closed_house_lets_the_invited_address_sign_up_and_no_other(
    settings: Any, link: str, acme: Workspace, mailoutbox: list[EmailMessage], browser: Callable[[], Client]
) -> None:
    settings.SIGNUPS = "invited"
    stranger, guest = browser(), browser()
    sign_up(stranger, ADDRESS)
    assert not User.objects.filter(email=ADDRESS).exists()
    guest.get(link)
    refused = sign_up(guest, "friend@shop.test")
    assert refused.status_code == 422 and not User.objects.filter(email="friend@shop.test").exists()
    sign_up(guest, ADDRESS)
    enter_code(guest, code_of(mailoutbox[-1]))
    assert acme.memberships.filter(user__email=ADDRESS).exists()


def test_an_invitation_in_the_session_does_not_outlive_its_answer(mai_client: Client) -> None:
    join(mai_client)
    assert "invitation" not in mai_client.session


def test_sign_in_elsewhere_is_as_ever(mai_client: Client, browser: Callable[[], Client]) -> None:
    assert sign_in(browser(), ADDRESS).status_code == 302
