"""A version that is tried beside the one in force."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ai import actions, gate, trials
from ai.actions import answering
from ai.assistant import Persona, persona_of
from ai.chance import Verdict
from ai.models import Answer, Assistant, AssistantVersion, Expectation, Outcome, Source
from ai.tests.conftest import Learn
from chat import actions as chat
from chat.models import Conversation, Handler, Inbox, Message, Visitor
from chat.widget.access import new_visitor
from minichat.lib.errors import Conflict
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.sentences import sentence

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/ai/versions/"


@pytest.fixture
def faq(ana_member: Membership) -> Source:
    return actions.add_faq(ana_member, question="Do you ship abroad?", answer="Yes, everywhere.")


@pytest.fixture
def golden(ana_member: Membership, faq: Source) -> None:
    actions.add_golden(ana_member, question="Do you ship abroad?", expects=Expectation.SOURCE, source=faq)


def publish(by: Membership, persona: Persona) -> AssistantVersion:
    """Through the gate, where there are test questions."""
    row = actions.save_draft(by, persona)
    questions = list(by.workspace.golden_questions.all())
    if questions:
        actions.finish_run(actions.begin_run(by))
    return actions.publish(by, agreed=gate.against(row, questions), unchecked=not questions)


@pytest.fixture
def two(ana_member: Membership, golden: None) -> tuple[AssistantVersion, AssistantVersion]:
    """The second one is in force."""
    return publish(ana_member, Persona(name="Mali")), publish(ana_member, Persona(name="Nok"))


def row_of(workspace: Workspace) -> Assistant:
    return workspace.assistants.select_related("published", "trial").get()


def text(response: Any) -> str:
    return str(response.content.decode())


def conversations(inbox: Inbox, number: int) -> list[Conversation]:
    found = []
    for _ in range(number):
        visitor, _token = new_visitor(inbox)
        found.append(says(visitor, "Do you ship abroad?").conversation)
    return found


def says(visitor: Visitor, body: str) -> Message:
    return chat.post_visitor_message(visitor, body=body, client_id=uuid.uuid4(), fresh=False).message


def answered(conversation: Conversation, version: AssistantVersion, outcome: Outcome = Outcome.ANSWERED) -> Answer:
    question = says(conversation.visitor, "And now?")
    row = Answer(
        workspace=question.workspace,
        conversation=question.conversation,
        question=question,
        outcome=outcome,
        version=version,
    )
    row.save()
    return row


# --- Who gets which ---------------------------------------------------------------------------------------------------


@pytest.mark.pure
def test_places_are_stable_and_even() -> None:
    ids = [uuid.UUID(int=number << 64 | 7) for number in range(5_000)]
    places = [trials.place(one) for one in ids]
    assert places == [trials.place(one) for one in ids] and set(places) == set(range(100))
    for share in trials.SHARES:
        assert abs(sum(place < share for place in places) / len(ids) - share / 100) < 0.03
    assert trials.place(uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057")) == 69, "also in the next release"


def test_a_conversation_never_changes_sides(
    two: tuple[AssistantVersion, AssistantVersion],
    ana_member: Membership,
    acme: Workspace,
    vic: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = two
    old = says(vic, "Do you ship abroad?").conversation
    actions.begin_trial(first, by=ana_member, share=10)
    visitor, _token = new_visitor(vic.inbox)
    new = says(visitor, "Do you ship abroad?").conversation
    monkeypatch.setattr(trials, "place", lambda pk: 9)
    assert trials.voice_of(new).version == first and trials.voice_of(new).persona.name == "Mali"
    assert trials.voice_of(old).version == second, "it was there before"
    monkeypatch.setattr(trials, "place", lambda pk: 10)
    assert trials.voice_of(new).version == second
    assert persona_of(acme).name == "Nok", "what is in force is in force"


def test_each_answer_knows_its_version(
    two: tuple[AssistantVersion, AssistantVersion],
    ana_member: Membership,
    acme: Workspace,
    vic: Visitor,
    learn_faq: Learn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = two
    vic.inbox.answered_by = Handler.AI
    vic.inbox.save()
    actions.begin_trial(first, by=ana_member, share=50)
    for place, version, name in ((0, first, "Mali"), (99, second, "Nok")):
        monkeypatch.setattr(trials, "place", lambda pk, place=place: place)
        visitor, _token = new_visitor(vic.inbox)
        message = says(visitor, "Do you ship abroad?")
        answering.answer(acme, message.pk)
        row = Answer.unscoped.get(question=message)
        assert row.version == version and row.message is not None and row.message.author_name == name


def test_without_anything_published_there_is_no_version(acme: Workspace, vic: Visitor) -> None:
    voice = trials.voice_of(says(vic, "Hello").conversation)
    assert (voice.persona, voice.version) == (Persona(), None)


# --- What can be tried ------------------------------------------------------------------------------------------------


def test_only_what_has_passed_its_check(ana_member: Membership, acme: Workspace, faq: Source) -> None:
    unchecked = publish(ana_member, Persona(name="Unchecked"))
    actions.add_golden(ana_member, question="Do you ship abroad?", expects=Expectation.SOURCE, source=faq)
    passed, now = publish(ana_member, Persona(name="Mali")), publish(ana_member, Persona(name="Nok"))
    again = actions.roll_back(unchecked, by=ana_member)
    back = actions.roll_back(now, by=ana_member)
    assert trials.candidates(acme, row_of(acme)) == [passed], "neither unchecked ones nor what is in force"
    for version in (unchecked, again, now, back):
        with pytest.raises(Conflict):
            actions.begin_trial(version, by=ana_member, share=50)
    repeated = actions.roll_back(passed, by=ana_member)
    actions.roll_back(now, by=ana_member)
    assert repeated in trials.candidates(acme, row_of(acme)), "it repeats one that passed"


def test_nothing_is_in_force_nothing_is_tried(acme: Workspace) -> None:
    assert trials.candidates(acme, None) == [] and trials.trial_of(None) is None


@pytest.mark.parametrize("share", [0, 5, 60, 100, 33])
def test_shares_have_their_limits(
    two: tuple[AssistantVersion, AssistantVersion], ana_member: Membership, share: int
) -> None:
    with pytest.raises(Conflict):
        actions.begin_trial(two[0], by=ana_member, share=share)


def test_one_at_a_time_and_all_of_it_is_written_down(
    two: tuple[AssistantVersion, AssistantVersion], ana_member: Membership, acme: Workspace
) -> None:
    actions.begin_trial(two[0], by=ana_member, share=30)
    with pytest.raises(Conflict):
        actions.begin_trial(two[0], by=ana_member, share=30)
    actions.end_trial(ana_member)
    actions.end_trial(ana_member)
    rows = AuditEntry.unscoped.filter(workspace=acme, action__startswith="assistant.trial").order_by("pk")
    assert [sentence(row) for row in rows] == [
        "Ana Srisuk began to try version 1 of the assistant in 30 of 100 conversations.",
        "Ana Srisuk ended the trial of version 1 of the assistant.",
    ]
    assert row_of(acme).trial is None


def test_publishing_ends_it(
    two: tuple[AssistantVersion, AssistantVersion], ana_member: Membership, acme: Workspace
) -> None:
    first, second = two
    actions.begin_trial(first, by=ana_member, share=50)
    publish(ana_member, Persona(name="Third"))
    row = row_of(acme)
    assert (row.trial, row.trial_share, row.trial_began_at) == (None, 0, None)
    actions.begin_trial(second, by=ana_member, share=50)
    actions.roll_back(second, by=ana_member)
    assert row_of(acme).trial is None and persona_of(acme).name == "Nok"


def test_a_strangers_version_is_not_tried(
    two: tuple[AssistantVersion, AssistantVersion], gil_member: Membership
) -> None:
    publish(gil_member, Persona(name="Gil's"))
    with pytest.raises(Conflict):
        actions.begin_trial(two[0], by=gil_member, share=50)


# --- How both do ------------------------------------------------------------------------------------------------------


def test_the_numbers(
    two: tuple[AssistantVersion, AssistantVersion], ana_member: Membership, acme: Workspace, vic: Visitor
) -> None:
    first, second = two
    before = says(vic, "Hello").conversation
    Conversation.unscoped.filter(pk=before.pk).update(created_at=timezone.now() - timedelta(days=1))
    answered(before, second)
    actions.begin_trial(first, by=ana_member, share=50)
    one, two_, three, four = conversations(vic.inbox, 4)
    answered(one, first)
    row = answered(one, first)
    answered(two_, first)
    answered(two_, first, Outcome.HANDED_OFF)
    answered(three, first, Outcome.LATE)
    answered(four, second, Outcome.REPLIED)
    Answer.unscoped.filter(pk=row.pk).update(was_helpful=True)
    Conversation.unscoped.filter(pk=one.pk).update(rating=5)
    Conversation.unscoped.filter(pk=two_.pk).update(rating=2)
    Conversation.unscoped.filter(pk=before.pk).update(rating=1)
    for purpose, cost in (("answer", 1_500), ("suggest", 9_000)):
        acme.ai_calls.create(
            purpose=purpose,
            provider="groq",
            attempt=1,
            status="ok",
            cost_microusd=cost,
            cost_source="table",
            conversation=one,
            message=row.question,
        )
    trial = trials.trial_of(row_of(acme))
    assert trial is not None and trial.is_judged
    now, tried = trial.sides
    assert (tried.conversations, tried.answered, tried.handed_off) == (2, 1, 1)
    assert (tried.good, tried.poor, tried.ratings, tried.rating, tried.microusd) == (1, 0, 2, 3.5, 1_500)
    assert (now.conversations, now.answered, now.handed_off, now.ratings, now.rating) == (1, 0, 0, 0, None)
    assert trial.verdict == Verdict.TOO_EARLY and tried.answered_percent == 50


# --- The page ---------------------------------------------------------------------------------------------------------


def test_begin_look_and_stop(
    two: tuple[AssistantVersion, AssistantVersion], ana_client: Client, acme: Workspace
) -> None:
    first, _second = two
    page = text(ana_client.get(PAGE))
    assert "Try beside the published version" in page and f'<option value="{first.pk}">Version 1</option>' in page
    begun = ana_client.post(f"{PAGE}trial/", {"version": str(first.pk), "share": "20"}, follow=True)
    page = text(begun)
    assert "Version 1 is tried in 20 % of the conversations that begin from now on." in page
    assert "Version 1 gets 20 % of the conversations" in page and "too early to tell" in page
    assert "Being tried" in page and "Publish version 1" in page and "judged" not in page
    assert row_of(acme).trial == first
    page = text(ana_client.post(f"{PAGE}trial/delete/", follow=True))
    assert "The trial is over." in page and "Begin the trial" in page and row_of(acme).trial is None


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((29, 29, 29, 0), "Fewer than 30 conversations each: too early to tell."),
        ((40, 20, 40, 22), "No difference that could not be chance."),
        ((100, 50, 100, 65), "Version 1 answers more, unlikely to be chance (p &lt; 0.05)."),
        ((100, 65, 100, 50), "Version 1 answers less, unlikely to be chance (p &lt; 0.05)."),
    ],
)
def test_it_says_what_the_numbers_say(
    two: tuple[AssistantVersion, AssistantVersion],
    ana_member: Membership,
    ana_client: Client,
    monkeypatch: pytest.MonkeyPatch,
    numbers: tuple[int, int, int, int],
    sentence: str,
) -> None:
    def side(assistant: Assistant, version: AssistantVersion) -> trials.Side:
        whole, part = numbers[2:] if version == assistant.trial else numbers[:2]
        return trials.Side(version, whole, part, whole - part, 3, 1, 2, 4.5, 1_200_000)

    monkeypatch.setattr(trials, "_side", side)
    actions.begin_trial(two[0], by=ana_member, share=50)
    page = text(ana_client.get(PAGE))
    assert sentence in page.replace("p < 0.05", "p &lt; 0.05")
    assert "4.5 of 5 (2 ratings)" in page and "Answers judged good" in page


def test_publish_it_from_there(
    two: tuple[AssistantVersion, AssistantVersion], ana_member: Membership, ana_client: Client, acme: Workspace
) -> None:
    actions.begin_trial(two[0], by=ana_member, share=50)
    assert f"versions/{two[0].pk}/publication/" in text(ana_client.get(PAGE))
    ana_client.post(f"{PAGE}{two[0].pk}/publication/")
    assert persona_of(acme).name == "Mali" and row_of(acme).trial is None


@pytest.mark.parametrize(
    "wrong", [{"version": "x", "share": "50"}, {"version": "", "share": "50"}, {"share": "60"}, {"share": "x"}]
)
def test_what_is_wrong_is_said(
    two: tuple[AssistantVersion, AssistantVersion], ana_client: Client, acme: Workspace, wrong: dict[str, str]
) -> None:
    response = ana_client.post(f"{PAGE}trial/", {"version": str(two[0].pk), **wrong})
    assert response.status_code == 422 and 'class="err"' in text(response) and row_of(acme).trial is None


def test_without_test_questions_it_says_why(ana_member: Membership, ana_client: Client) -> None:
    publish(ana_member, Persona(name="Mali"))
    publish(ana_member, Persona(name="Nok"))
    page = text(ana_client.get(PAGE))
    assert "no other version that has passed its check yet" in page and "Begin the trial" not in page


def test_who_may(
    two: tuple[AssistantVersion, AssistantVersion],
    omar_client: Client,
    vera_client: Client,
    adam_client: Client,
    gil_client: Client,
) -> None:
    wish = {"version": str(two[0].pk), "share": "50"}
    for place in ("trial/", "trial/delete/"):
        for client in (omar_client, vera_client):
            assert client.post(PAGE + place, wish).status_code == 403
        assert gil_client.post(PAGE + place, wish).status_code == 404
        assert adam_client.get(PAGE + place).status_code == 405
        assert adam_client.post(PAGE + place, wish).status_code == 302


def test_the_page_asks_few_queries(
    two: tuple[AssistantVersion, AssistantVersion],
    ana_member: Membership,
    ana_client: Client,
    vic: Visitor,
    django_assert_max_num_queries: Any,
) -> None:
    actions.begin_trial(two[0], by=ana_member, share=50)
    for conversation in conversations(vic.inbox, 3):
        answered(conversation, two[0])
    ana_client.get(PAGE)
    with django_assert_max_num_queries(18):
        ana_client.get(PAGE)
