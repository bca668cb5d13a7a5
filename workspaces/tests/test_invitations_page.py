"""Inviting from the team's side: addresses, limits, the list, sending again and withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from accounts.models import User
from minichat.lib.errors import Conflict, Forbidden, PlanLimit, RateLimited
from workspaces import actions
from workspaces.actions import invitations
from workspaces.models import AuditEntry, Invitation, Membership, Workspace
from workspaces.roles import Role

PAGE = "/w/acme/settings/team/invitations/"


def invite(client: Client, emails: str, role: str = "operator") -> Any:
    return client.post(PAGE, {"emails": emails, "role": role})


def test_one_address_gets_one_mail_in_the_language_of_the_workspace(
    ana_client: Client, acme: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    assert invite(ana_client, "mai@shop.test").status_code == 302
    acme.locale = "th"
    acme.save()
    assert invite(ana_client, "nok@shop.test").status_code == 302
    english, thai = mailoutbox
    assert english.to == ["mai@shop.test"] and english.subject == "Ana Srisuk invites you to Acme"
    assert thai.to == ["nok@shop.test"] and thai.subject == "Ana Srisuk เชิญคุณเข้าร่วม Acme"
    assert "http" in str(thai.body) and "พ.ศ." not in thai.subject
    assert AuditEntry.unscoped.filter(action="invitation.created", target_label="mai@shop.test").exists()


def test_many_addresses_as_people_write_them(
    ana_client: Client, acme: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    typed = "Mai@Shop.test, nok@shop.test;\n Som Ying <som@shop.test>\n\nmai@shop.test , "
    assert invite(ana_client, typed).status_code == 302
    assert sorted(mail.to[0] for mail in mailoutbox) == ["mai@shop.test", "nok@shop.test", "som@shop.test"]
    assert set(acme.invitations.values_list("role", flat=True)) == {"operator"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "required"),
        ("  , ;\n", "required"),
        ("mai", "“mai” is not an email address."),
        ("ok@shop.test\nnot ok@shop.test", "“not ok@shop.test” is not an email address."),
        ("a@" + "b" * 300 + ".test", "is not an email address."),
        ("<script>@x.test", "is not an email address."),
        ("\n".join(f"p{number}@shop.test" for number in range(51)), "at most 50 addresses"),
        ("omar@acme.test", "omar@acme.test is on the team."),
    ],
)
def test_what_cannot_be_invited_is_said_and_nothing_typed_is_lost(
    ana_client: Client, acme: Workspace, omar_member: Membership, mailoutbox: list[EmailMessage], typed: str, said: str
) -> None:
    answer = invite(ana_client, typed, role="viewer")
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert typed.split("\n")[0][:20].strip().replace("<", "&lt;").replace(">", "&gt;") in page
    assert 'value="viewer" checked' in page
    assert mailoutbox == [] and not acme.invitations.exists()


def test_SR20_known_and_unknown_addresses_are_invited_alike(
    ana_client: Client, gil: User, globex: Workspace, mailoutbox: list[EmailMessage], django_assert_num_queries: Any
) -> None:
    """Gil has an account elsewhere; nobody lives at the other address. Same answer, same work, same mail."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answers, work = [], []
    for address in ("gil@globex.test", "ghost@globex.test"):
        with CaptureQueriesContext(connection) as captured:
            answers.append(invite(ana_client, address))
        work.append([query["sql"].split()[0] for query in captured.captured_queries])
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert work[0] == work[1] and len(work[0]) > 10
    bodies = [str(mail.body).split("/invitations/")[0] for mail in mailoutbox]
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(("role", "status"), [("owner", 422), ("boss", 422), ("", 422), ("admin", 302)])
def test_SR07_nobody_invites_an_owner_or_nonsense(adam_client: Client, acme: Workspace, role: str, status: int) -> None:
    assert invite(adam_client, "mai@shop.test", role).status_code == status


def test_SR07_the_verb_asks_for_the_right_itself(
    acme: Workspace, adam_member: Membership, omar_member: Membership, ana_member: Membership
) -> None:
    for by, role in ((omar_member, Role.VIEWER), (adam_member, Role.OWNER), (ana_member, Role.OWNER)):
        with pytest.raises(Forbidden):
            actions.invite(acme, addresses=["mai@shop.test"], role=role, by=by)


# --- Seats ------------------------------------------------------------------------------------------------------------


def test_the_free_plan_invites_nobody_and_says_what_would_help(
    gil_client: Client, globex: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    answer = gil_client.post("/w/globex/settings/team/invitations/", {"emails": "mai@shop.test", "role": "viewer"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert (
        "Your plan includes 0 seats besides the owner." in page
        and "The plan Starter includes 1." in page
        and "mai@shop.test" in page
    )
    assert mailoutbox == []


def test_open_invitations_keep_a_seat_and_withdrawn_or_expired_ones_do_not(
    acme: Workspace, ana_member: Membership, omar_member: Membership
) -> None:
    acme.entitlements.seats = 3
    acme.entitlements.save()
    first, second = actions.invite(acme, addresses=["a@x.test", "b@x.test"], role=Role.VIEWER, by=ana_member)
    with pytest.raises(PlanLimit):
        actions.invite(acme, addresses=["c@x.test"], role=Role.VIEWER, by=ana_member)
    actions.revoke(first, by=ana_member)
    [third] = actions.invite(acme, addresses=["c@x.test"], role=Role.VIEWER, by=ana_member)
    Invitation.unscoped.filter(pk=second.pk).update(expires_at=timezone.now())
    actions.invite(acme, addresses=["d@x.test"], role=Role.VIEWER, by=ana_member)
    with pytest.raises(PlanLimit):
        actions.resend(second, by=ana_member)
    assert actions.resend(third, by=ana_member).is_open


def test_all_or_none(acme: Workspace, ana_member: Membership, mailoutbox: list[EmailMessage]) -> None:
    acme.entitlements.seats = 1
    acme.entitlements.save()
    with pytest.raises(PlanLimit):
        actions.invite(acme, addresses=["a@x.test", "b@x.test"], role=Role.VIEWER, by=ana_member)
    assert not acme.invitations.exists() and mailoutbox == []


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_not_more_than_so_many_a_day(
    ana_client: Client, acme: Workspace, ana_member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_PER_DAY", 2)
    assert invite(ana_client, "a@x.test, b@x.test").status_code == 302
    refused = invite(ana_client, "c@x.test")
    assert refused.status_code == 429 and "go on tomorrow" in refused.content.decode()
    acme.invitations.update(sent_at=timezone.now() - timedelta(days=1, minutes=1))
    assert invite(ana_client, "c@x.test").status_code == 302


def test_one_address_is_not_flooded_by_whoever_withdraws_and_invites_again(
    acme: Workspace, ana_member: Membership
) -> None:
    with pytest.raises(RateLimited) as refusal:
        for _ in range(invitations.MAILS_PER_ADDRESS_AND_DAY + 1):
            [invitation] = actions.invite(acme, addresses=["a@x.test"], role=Role.VIEWER, by=ana_member)
            actions.revoke(invitation, by=ana_member)
    assert "a@x.test" in refusal.value.detail
    assert acme.invitations.count() == invitations.MAILS_PER_ADDRESS_AND_DAY


def test_sending_again_waits_a_minute(
    ana_client: Client, acme: Workspace, ana_member: Membership, mailoutbox: list[EmailMessage]
) -> None:
    invite(ana_client, "a@x.test")
    place = f"{PAGE}{acme.invitations.get().pk}/mail/"
    assert ana_client.post(place).status_code == 302
    before = acme.invitations.get().token_hash
    assert ana_client.post(place).status_code == 429
    assert len(mailoutbox) == 2 and acme.invitations.get().token_hash == before


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_says_what_became_of_each(
    ana_client: Client, acme: Workspace, ana_member: Membership, make_user: Callable[..., User]
) -> None:
    people = ["open@x.test", "expired@x.test", "revoked@x.test", "accepted@x.test"]
    rows = actions.invite(acme, addresses=people, role=Role.VIEWER, by=ana_member)
    Invitation.unscoped.filter(pk=rows[1].pk).update(expires_at=timezone.now())
    actions.revoke(rows[2], by=ana_member)
    actions.accept(rows[3], user=make_user("accepted@x.test", "A"))
    answer = ana_client.get(PAGE)
    assert {row.email: row.state.value for row in answer.context["page"].rows} == {
        email: email.partition("@")[0] for email in people
    }
    page = answer.content.decode()
    assert page.count("/mail/") == 2 and page.count("/delete/") == 2


def test_an_open_address_is_not_invited_twice_and_an_expired_one_is_renewed(
    ana_client: Client, acme: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    invite(ana_client, "a@x.test")
    assert "open invitation" in invite(ana_client, "a@x.test").content.decode()
    acme.invitations.update(expires_at=timezone.now())
    assert invite(ana_client, "a@x.test", "viewer").status_code == 302
    assert acme.invitations.get().role == Role.VIEWER and acme.invitations.get().is_open


def test_withdrawing_twice_is_once_and_what_was_accepted_stays(
    acme: Workspace, ana_member: Membership, make_user: Callable[..., User]
) -> None:
    first, second = actions.invite(acme, addresses=["a@x.test", "b@x.test"], role=Role.VIEWER, by=ana_member)
    for _ in range(2):
        actions.revoke(first, by=ana_member)
    assert AuditEntry.unscoped.filter(action="invitation.revoked").count() == 1
    actions.accept(second, user=make_user("b@x.test", "B"))
    for verb in (actions.revoke, actions.resend):
        with pytest.raises(Conflict):
            verb(second, by=ana_member)


def test_a_colleague_who_sends_it_again_vouches_for_it(
    acme: Workspace, ana_member: Membership, adam_member: Membership, make_user: Callable[..., User]
) -> None:
    [invitation] = actions.invite(acme, addresses=["a@x.test"], role=Role.VIEWER, by=adam_member)
    actions.deactivate_member(adam_member, by=ana_member)
    user = make_user("a@x.test", "A")
    with pytest.raises(Conflict):
        actions.accept(invitation, user=user)
    actions.resend(invitation, by=ana_member)
    assert actions.accept(invitation, user=user).user == user


def test_SR04_another_workspaces_invitation_is_nothing(
    gil_client: Client, ana_client: Client, acme: Workspace, ana_member: Membership
) -> None:
    [invitation] = actions.invite(acme, addresses=["a@x.test"], role=Role.VIEWER, by=ana_member)
    for tail in ("mail/", "delete/"):
        assert gil_client.post(f"/w/globex/settings/team/invitations/{invitation.pk}/{tail}").status_code == 404
    invitation.refresh_from_db()
    assert invitation.revoked_at is None


def test_a_long_list_is_turned_with_few_statements(
    ana_client: Client, acme: Workspace, ana_member: Membership, django_assert_max_num_queries: Any
) -> None:
    rows = [
        Invitation(
            workspace=acme,
            email=f"p{n}@x.test",
            role=Role.VIEWER,
            token_hash=f"{n:064}",
            invited_by=ana_member,
            expires_at=timezone.now() + timedelta(days=1),
        )
        for n in range(120)
    ]
    Invitation.unscoped.bulk_create(rows)
    seen, place = set(), PAGE
    for size in (50, 50, 20):
        with django_assert_max_num_queries(16):
            page = ana_client.get(place).context["page"]
        assert len(page.rows) == size
        seen |= {row.email for row in page.rows}
        place = f"{PAGE}?after={page.next}"
    assert len(seen) == 120 and page.next == ""
