"""Who the assistant is: a draft that nobody notices, a version that never changes, and the way back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ai import actions, gate
from ai.assistant import BlockedTopic, Hours, Particle, Persona, Tone, persona_of
from ai.differences import differences
from ai.knowledge.decide import Style
from ai.models import Assistant, AssistantVersion, Expectation
from ai.outcomes import Kind, outcome
from ai.persona import Act, Ready, Rule, kept, restored
from minichat.lib.errors import Conflict
from workspaces import config
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.sentences import sentence

pytestmark = pytest.mark.django_db
MALI = Persona(
    name="Mali",
    tone=Tone.BRIEF,
    particle=Particle.KHA,
    instructions="Help.\nBe kind.",
    custom="We roast.",
    style=Style.CAREFUL,
    hand_off_phrases=("complaint", "เคลม"),
    blocked_topics=(BlockedTopic(("election", "การเมือง"), "We sell coffee."),),
    hours=Hours.OUTSIDE,
    ready=(Ready.ABUSE, Ready.NUMBERS),
    rules=(Rule("Legal", ("lawsuit",), Act.HAND_OFF), Rule("Rivals", ("starbeans",), Act.REPLY, "No.")),
    asks_provider=True,
)


def lines(workspace: Workspace) -> list[str]:
    rows = AuditEntry.unscoped.filter(workspace=workspace, action__startswith="assistant.").order_by("pk")
    return [sentence(row) for row in rows]


def put(by: Membership, persona: Persona, note: str = "") -> AssistantVersion:
    """Into force; there are no test questions."""
    row = actions.save_draft(by, persona)
    return actions.publish(by, agreed=gate.against(row, []), note=note, unchecked=True)


# --- Values -----------------------------------------------------------------------------------------------------------


def test_a_persona_survives_being_kept() -> None:
    assert restored(json.loads(json.dumps(kept(MALI)))) == MALI
    assert restored(json.loads(json.dumps(kept(Persona())))) == Persona()


def test_what_is_missing_or_unknown_is_as_by_default() -> None:
    assert restored({}) == Persona()
    assert restored({"ready": ["threats", "all"]}) == Persona(ready=(Ready.THREATS,))
    assert restored({"tone": "rude", "style": None, "particle": "wa", "hours": 3, "name": "Mali"}) == Persona("Mali")


def test_defaults_until_something_is_published(acme: Workspace, ana_member: Membership) -> None:
    assert persona_of(acme) == Persona()
    actions.save_draft(ana_member, MALI)
    assert persona_of(acme) == Persona()


def test_it_is_asked_for_with_one_query(
    acme: Workspace, ana_member: Membership, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        persona_of(acme)
    put(ana_member, MALI)
    with django_assert_num_queries(1):
        assert persona_of(acme) == MALI


def test_two_workspaces_have_nothing_in_common(
    acme: Workspace, globex: Workspace, ana_member: Membership, gil_member: Membership
) -> None:
    put(ana_member, MALI)
    assert persona_of(globex) == Persona()
    assert put(gil_member, Persona(name="Tent")).number == 1
    assert persona_of(acme).name == "Mali"


# --- Draft, version, roll-back ----------------------------------------------------------------------------------------


def test_the_same_as_in_force_is_no_draft(acme: Workspace, ana_member: Membership) -> None:
    assert actions.save_draft(ana_member, Persona()).draft is None
    assert actions.save_draft(ana_member, MALI).draft is not None
    assert actions.save_draft(ana_member, Persona()).draft is None
    assert Assistant.unscoped.count() == 1


def test_publishing_makes_the_next_version(acme: Workspace, ana_member: Membership) -> None:
    first, second = put(ana_member, MALI, "Begin"), put(ana_member, Persona(name="Nok"))
    assert (first.number, second.number) == (1, 2)
    assert (first.note, first.created_by, restored(first.settings)) == ("Begin", ana_member, MALI)
    row = acme.assistants.get()
    assert row.draft is None and row.published == second


def test_without_questions_one_has_to_say_so(acme: Workspace, ana_member: Membership) -> None:
    agreed = gate.against(actions.save_draft(ana_member, MALI), [])
    with pytest.raises(actions.GateClosed):
        actions.publish(ana_member, agreed=agreed)
    assert not AssistantVersion.unscoped.exists()


def test_nobody_publishes_what_they_have_not_seen(acme: Workspace, ana_member: Membership) -> None:
    agreed = gate.against(actions.save_draft(ana_member, MALI), [])
    actions.save_draft(ana_member, Persona(name="Somebody else's"))
    with pytest.raises(Conflict):
        actions.publish(ana_member, agreed=agreed, unchecked=True)
    actions.discard_draft(ana_member)
    with pytest.raises(Conflict):
        actions.publish(ana_member, agreed=gate.against(acme.assistants.get(), []), unchecked=True)


def test_a_new_question_makes_what_was_agreed_worthless(acme: Workspace, ana_member: Membership) -> None:
    agreed = gate.against(actions.save_draft(ana_member, MALI), [])
    actions.add_golden(ana_member, question="Hello there?", expects=Expectation.HAND_OFF)
    with pytest.raises(Conflict):
        actions.publish(ana_member, agreed=agreed, unchecked=True)


def test_rolling_back_is_a_new_version(acme: Workspace, ana_member: Membership) -> None:
    first = put(ana_member, MALI)
    put(ana_member, Persona(name="Nok"))
    again = actions.roll_back(first, by=ana_member)
    assert (again.number, again.settings, again.checked) == (3, first.settings, {"again": 1})
    assert persona_of(acme) == MALI
    with pytest.raises(Conflict):
        actions.roll_back(again, by=ana_member)


def test_a_draft_survives_a_roll_back(acme: Workspace, ana_member: Membership) -> None:
    first = put(ana_member, MALI)
    put(ana_member, Persona(name="Nok"))
    actions.save_draft(ana_member, Persona(name="Nida"))
    again = actions.roll_back(first, by=ana_member)
    row = acme.assistants.get()
    assert gate.draft_of(row).name == "Nida" and row.published == again
    actions.save_draft(ana_member, Persona(name="Nok"))
    actions.roll_back(acme.assistant_versions.get(number=2), by=ana_member)
    assert acme.assistants.get().draft is None


def test_what_happens_is_in_the_audit_log(acme: Workspace, ana_member: Membership) -> None:
    first = put(ana_member, MALI)
    put(ana_member, Persona())
    actions.save_draft(ana_member, Persona(name="Nok"))
    actions.save_draft(ana_member, Persona(name="Nok"))
    actions.discard_draft(ana_member)
    actions.discard_draft(ana_member)
    actions.roll_back(first, by=ana_member)
    golden = actions.add_golden(ana_member, question="Human?", expects=Expectation.HAND_OFF)
    actions.change_golden(golden, by=ana_member, question="A human?", expects=Expectation.HAND_OFF)
    actions.change_golden(golden, by=ana_member, question="A human?", expects=Expectation.HAND_OFF)
    actions.delete_golden(golden, by=ana_member)
    assert lines(acme) == [
        "Ana Srisuk changed the draft of the assistant.",
        "Ana Srisuk published version 1 of the assistant without a check.",
        "Ana Srisuk changed the draft of the assistant.",
        "Ana Srisuk published version 2 of the assistant without a check.",
        "Ana Srisuk changed the draft of the assistant.",
        "Ana Srisuk discarded the draft of the assistant.",
        "Ana Srisuk put version 1 of the assistant in force again, as version 3.",
        "Ana Srisuk added the test question “Human?”.",
        "Ana Srisuk changed the test question “Human?”.".replace("Human?", "A human?"),
        "Ana Srisuk deleted the test question “A human?”.",
    ]


# --- What differs -----------------------------------------------------------------------------------------------------


def test_differences_are_readable() -> None:
    after = Persona(
        name="Mali",
        tone=Tone.PROFESSIONAL,
        instructions="Help.\nBe brief.\nNever guess.",
        hand_off_phrases=("complaint",),
        blocked_topics=(BlockedTopic(("vote", "election"), "No."),),
        ready=(Ready.ABUSE,),
        rules=(Rule("Legal", ("lawsuit", "court"), Act.MARK), Rule("Rivals", ("starbeans",), Act.REPLY, "Ours!")),
        asks_provider=True,
    )
    found = {
        str(one.label): (one.before, one.after) for one in differences(Persona(instructions="Help.\nBe kind."), after)
    }
    assert found == {
        "Name of the assistant": ("", "Mali"),
        "Tone": ("Friendly: warm and natural", "Professional: polite and matter-of-fact"),
        "Instructions": ("…\nBe kind.", "…\nBe brief.\nNever guess."),
        "Words with which it hands over": ("", "complaint"),
        "What it does not talk about": ("", "vote, election → No."),
        "Ready-made lists": (
            "Card numbers and Thai ID numbers: hidden from language models",
            "Insults: it asks politely to stay calm, and no model is used",
        ),
        "Moderation rules": (
            "",
            "Legal: lawsuit, court → Only mark the conversation for the team\nRivals: starbeans → Ours!",
        ),
        "Also ask the provider’s moderation": ("Off", "On"),
    }
    assert differences(MALI, MALI) == []


# --- What it does with a question -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "kind", "text"),
    [
        ("I have a complaint", Kind.PERSON, ""),
        ("a human please, about the election", Kind.PERSON, ""),
        ("hello, who wins the election?", Kind.BLOCKED, "We sell coffee."),
        ("hello", Kind.SMALL_TALK, "Hello. I'm Mali. How may I help you?"),
        ("unicorns", Kind.HAND_OFF, ""),
        ("a lawsuit about starbeans", Kind.MODERATED, ""),
        ("a human please, about starbeans", Kind.PERSON, ""),
        ("starbeans in the election", Kind.FIXED, "No."),
    ],
)
def test_the_order_in_which_it_looks(question: str, kind: Kind, text: str) -> None:
    found = outcome(question, MALI, [])
    assert (found.kind, found.text) == (kind, text)


# --- The file of settings ---------------------------------------------------------------------------------------------


def document(assistant: Any) -> str:
    return json.dumps({"format": "minichat-workspace", "version": 1, "assistant": assistant})


def test_what_goes_out_changes_nothing_when_it_comes_in(acme: Workspace, ana_member: Membership) -> None:
    put(ana_member, MALI)
    text = config.export(acme, by=ana_member)
    assert json.loads(text)["assistant"] == {**kept(MALI), "labels_conversations": False}
    plan = config.plan(acme, text)
    assert plan.problems == [] and plan.changes == []


def test_what_comes_in_is_a_draft(globex: Workspace, gil_member: Membership) -> None:
    text = document(kept(MALI))
    plan = config.plan(globex, text)
    assert plan.problems == []
    changes = [(change.path, change.after) for change in plan.changes]
    assert ("assistant.rules[0]", "Legal: lawsuit → hand_off") in changes
    assert ("assistant.rules[1]", "Rivals: starbeans → No.") in changes
    assert ("assistant.blocked_topics[0]", "election, การเมือง → We sell coffee.") in [
        (change.path, change.after) for change in plan.changes
    ]
    config.import_config(globex, text=text, agreed=plan.digest, by=gil_member)
    assert gate.draft_of(globex.assistants.get()) == MALI and persona_of(globex) == Persona()
    assert config.plan(globex, text).changes == []


def test_labelling_is_no_part_of_the_draft(globex: Workspace, gil_member: Membership) -> None:
    text = document({"labels_conversations": True})
    plan = config.plan(globex, text)
    assert [(change.path, change.after) for change in plan.changes] == [("assistant.labels_conversations", True)]
    config.import_config(globex, text=text, agreed=plan.digest, by=gil_member)
    row = globex.assistants.get()
    assert (row.labels_conversations, row.draft) == (True, None)
    assert json.loads(config.export(globex, by=gil_member))["assistant"]["labels_conversations"] is True
    assert config.plan(globex, text).changes == []


def test_a_part_of_it_leaves_the_rest(acme: Workspace, ana_member: Membership) -> None:
    put(ana_member, MALI)
    text = document({"name": "Nok", "blocked_topics": []})
    plan = config.plan(acme, text)
    assert [change.path for change in plan.changes] == ["assistant.name", "assistant.blocked_topics[0]"]
    config.import_config(acme, text=text, agreed=plan.digest, by=ana_member)
    draft = gate.draft_of(acme.assistants.get())
    assert (draft.name, draft.blocked_topics, draft.tone) == ("Nok", (), Tone.BRIEF)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ([], ""),
        ({"labels_conversations": "yes"}, ".labels_conversations"),
        ({"key": "x"}, ".key"),
        ({"name": 3}, ".name"),
        ({"name": "x" * 61}, ".name"),
        ({"tone": "rude"}, ".tone"),
        ({"instructions": "x" * 2_501}, ".instructions"),
        ({"custom": "x" * 5_001}, ".custom"),
        ({"hand_off_phrases": "x"}, ".hand_off_phrases"),
        ({"hand_off_phrases": ["x" * 81]}, ".hand_off_phrases"),
        ({"blocked_topics": {}}, ".blocked_topics"),
        ({"blocked_topics": [{"words": ["x"]}]}, ".blocked_topics[0].reply"),
        ({"blocked_topics": [{"words": "x", "reply": "y"}]}, ".blocked_topics[0].words"),
        ({"blocked_topics": [{"words": ["x"], "reply": 3}]}, ".blocked_topics[0].reply"),
        ({"blocked_topics": [{"words": ["x"], "reply": "y"}] * 13}, ".blocked_topics"),
        ({"ready": "abuse"}, ".ready"),
        ({"ready": ["all"]}, ".ready"),
        ({"asks_provider": "yes"}, ".asks_provider"),
        ({"rules": {}}, ".rules"),
        ({"rules": [3]}, ".rules[0]"),
        ({"rules": [{"name": "x", "words": ["y"], "act": "shout"}]}, ".rules[0].act"),
        ({"rules": [{"name": "x", "words": "y", "act": "mark"}]}, ".rules[0].words"),
        ({"rules": [{"name": 3, "words": ["y"], "act": "mark"}]}, ".rules[0].name"),
        ({"rules": [{"name": "x", "words": ["y"], "act": "reply"}]}, ".rules[0].reply"),
        ({"rules": [{"name": "x", "words": ["y"], "act": "mark"}] * 13}, ".rules"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(acme: Workspace, wrong: Any, path: str) -> None:
    assert f"assistant{path}" in [problem.path for problem in config.plan(acme, document(wrong)).problems]
