"""Good or poor, in a colleague's eyes: a poor answer is a question that somebody should answer."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ai import actions
from ai.models import Answer, Source
from ai.tests.test_why import seen
from chat import actions as chat
from chat.models import Message
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
MARK = "Answered, but judged poor"


def judged(client: Client, message: Message, verdict: str) -> Any:
    url = reverse("judge-answer", args=["acme", message.pk])
    body = json.dumps({"verdict": verdict})
    return client.post(url, body, content_type="application/json", headers={"Accept": "application/json"})


def listed(client: Client) -> str:
    return " ".join(client.get(reverse("knowledge-gaps", args=["acme"])).content.decode().split())


def pressed(text: str) -> list[str]:
    return [name for name in ("good", "poor") if f'data-judge="{name}" aria-pressed="true"' in text]


def test_a_poor_answer_is_listed_with_what_was_said(answered: Message, omar_client: Client, ana_client: Client) -> None:
    assert judged(omar_client, answered, "poor").json() == {"helpful": False}
    row = Answer.unscoped.get()
    assert (row.was_helpful, row.is_gap) == (False, True)
    assert row.judged_by is not None and row.judged_by.user.email == "omar@acme.test" and row.judged_at is not None
    text = listed(ana_client)
    assert MARK in text and "When will it arrive?" in text and "Two days in Bangkok, three elsewhere." in text
    assert "Judged in the last 30 days: 0 good, 1 poor" in text


def test_whoever_may_is_led_to_what_it_came_from(
    answered: Message,
    faq: Source,
    omar_client: Client,
    ana_client: Client,
) -> None:
    judged(omar_client, answered, "poor")
    edit = reverse("edit-source", args=["acme", faq.pk])
    assert edit in listed(ana_client) and edit not in listed(omar_client)
    faq.delete()
    assert MARK in listed(ana_client) and edit not in listed(ana_client)


def test_taken_back_it_is_off_the_list(answered: Message, omar_client: Client, ana_client: Client) -> None:
    judged(omar_client, answered, "poor")
    assert judged(omar_client, answered, "").json() == {"helpful": None}
    row = Answer.unscoped.get()
    assert (row.was_helpful, row.is_gap, row.judged_by, row.judged_at) == (None, False, None, None)
    assert MARK not in listed(ana_client) and "Nobody has judged an answer" in listed(ana_client)


def test_a_good_one_makes_no_gap_and_takes_none_of_its_own_away(answered: Message, omar_member: Membership) -> None:
    row = answered.workspace.ai_answers.get()
    assert not actions.judge(row, by=omar_member, helpful=True).is_gap
    assert actions.judge(row, by=omar_member, helpful=False).is_gap
    assert not actions.judge(row, by=omar_member, helpful=True).is_gap, "somebody thought again"


@pytest.mark.parametrize("then", [True, None])
def test_what_was_a_gap_already_stays_one(answered: Message, omar_member: Membership, then: bool | None) -> None:
    Answer.unscoped.update(is_gap=True)
    row = answered.workspace.ai_answers.get()
    actions.judge(row, by=omar_member, helpful=False)
    actions.judge(row, by=omar_member, helpful=False)
    assert actions.judge(row, by=omar_member, helpful=then).is_gap


def test_what_was_dismissed_is_not_brought_back(answered: Message, omar_member: Membership) -> None:
    Answer.unscoped.update(is_gap=True)
    row = answered.workspace.ai_answers.get()
    actions.dismiss_gap(actions.judge(row, by=omar_member, helpful=False))
    assert not actions.judge(row, by=omar_member, helpful=False).is_gap, "the same again is no change"
    assert not actions.judge(row, by=omar_member, helpful=None).is_gap


def test_an_faq_for_it_closes_it(answered: Message, omar_member: Membership, ana_member: Membership) -> None:
    row = answered.workspace.ai_answers.get()
    actions.judge(row, by=omar_member, helpful=False)
    actions.add_faq(ana_member, question="When will IT arrive?", answer="On Friday.")
    row.refresh_from_db()
    assert (row.is_gap, row.was_helpful) == (False, False)


def test_the_panel_shows_who_judged_unless_it_was_you(
    answered: Message,
    omar_client: Client,
    adam_client: Client,
    vera_client: Client,
) -> None:
    assert pressed(seen(omar_client, answered)) == []
    judged(omar_client, answered, "good")
    assert pressed(seen(omar_client, answered)) == ["good"] and "Judged by" not in seen(omar_client, answered)
    assert pressed(seen(adam_client, answered)) == ["good"] and "Judged by Omar" in seen(adam_client, answered)
    judged(adam_client, answered, "poor")
    assert pressed(seen(omar_client, answered)) == ["poor"] and "Judged by Adam" in seen(omar_client, answered)
    assert "Listed under “Unanswered questions”" in seen(omar_client, answered)
    text = seen(vera_client, answered)
    assert "data-judge" not in text and "Poor answer" in text and "Judged by Adam" in text


def test_only_who_may_answer_and_sees_it(
    answered: Message,
    omar_client: Client,
    vera_client: Client,
    gil_client: Client,
    anonymous_client: Client,
) -> None:
    for client, status in ((vera_client, 403), (gil_client, 404), (anonymous_client, 401)):
        assert judged(client, answered, "poor").status_code == status
    answered.workspace.inboxes.update(is_private=True)
    assert judged(omar_client, answered, "poor").status_code == 404
    assert Answer.unscoped.get().was_helpful is None
    answered.workspace.inboxes.update(is_private=False)
    assert judged(omar_client, answered, "poor").status_code == 200


def test_SR10_what_one_does_not_see_is_not_counted(
    answered: Message,
    omar_member: Membership,
    omar_client: Client,
    ana_client: Client,
) -> None:
    actions.judge(answered.workspace.ai_answers.get(), by=omar_member, helpful=True)
    answered.workspace.inboxes.update(is_private=True)
    assert "1 good, 0 poor" in listed(ana_client) and "1 good" not in listed(omar_client)


@pytest.mark.parametrize("body", ["excellent", "GOOD", None, 1])
def test_nothing_else_is_understood(answered: Message, omar_client: Client, body: Any) -> None:
    judged(omar_client, answered, "good")
    reply = judged(omar_client, answered, body)
    assert reply.status_code == (200 if body is None else 422)
    assert Answer.unscoped.get().was_helpful is (None if body is None else True)


def test_of_what_is_gone_nobody_judges(answered: Message, omar_client: Client, omar_member: Membership) -> None:
    note = chat.post_operator_message(
        answered.conversation, by=omar_member, body="Hm", client_id=answered.pk, note=True
    ).message
    assert judged(omar_client, note, "poor").status_code == 404
    Message.unscoped.filter(pk=answered.pk).update(deleted_at=timezone.now(), body="")
    assert judged(omar_client, answered, "poor").status_code == 404


def test_only_the_last_thirty_days_count(answered: Message, omar_client: Client, ana_client: Client) -> None:
    judged(omar_client, answered, "good")
    assert "1 good, 0 poor" in listed(ana_client)
    Answer.unscoped.update(judged_at=timezone.now() - timedelta(days=31))
    assert "1 good" not in listed(ana_client)


def test_a_suspended_workspace_looks_on(answered: Message, acme: Workspace, omar_client: Client) -> None:
    acme.status = Workspace.Status.SUSPENDED
    acme.save()
    assert "data-judge" not in seen(omar_client, answered)
    assert judged(omar_client, answered, "good").status_code == 403
