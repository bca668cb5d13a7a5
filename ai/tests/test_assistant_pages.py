"""The pages of the assistant: settings, test questions, the gate, versions."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from ai import actions, gate
from ai.assistant import BlockedTopic, Hours, Particle, Persona, Tone, persona_of
from ai.forms_assistant import initial_of
from ai.knowledge.decide import Style
from ai.models import Expectation, GateRun, Source
from ai.persona import Act, Ready, Rule
from ai.presets import PRESETS
from chat import actions as chat_actions
from chat.widget.access import new_visitor
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/ai/"
SETTINGS: dict[str, Any] = {
    **initial_of(Persona()),
    "asks_provider": "",
    "rule-TOTAL_FORMS": "1",
    "rule-INITIAL_FORMS": "0",
    "rule-0-act": "hand_off",
    "topic-TOTAL_FORMS": "1",
    "topic-INITIAL_FORMS": "0",
    "topic-0-words": "",
    "topic-0-reply": "",
}


@pytest.fixture
def faq(ana_member: Membership) -> Source:
    return actions.add_faq(ana_member, question="Do you ship abroad?", answer="Yes, everywhere.")


def text(response: Any) -> str:
    return str(response.content.decode())


def check(by: Membership, persona: Persona) -> str:
    """Saved and checked; what the page would send along as agreed."""
    row = actions.save_draft(by, persona)
    actions.finish_run(actions.begin_run(by))
    return gate.against(row, by.workspace.golden_questions.all())


def publish(by: Membership, persona: Persona) -> None:
    row = actions.save_draft(by, persona)
    actions.publish(by, agreed=gate.against(row, []), unchecked=True)


# --- Who comes in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["", "check/", "questions/", "questions/new/", "questions/past/", "versions/"])
def test_admins_and_owners_alone(
    acme: Workspace, omar_client: Client, adam_client: Client, ana_client: Client, gil_client: Client, place: str
) -> None:
    assert omar_client.get(PAGE + place).status_code == 403
    assert gil_client.get(PAGE + place).status_code == 404
    for client in (adam_client, ana_client):
        page = client.get(PAGE + place)
        assert page.status_code == 200 and f'<a href="{PAGE}" aria-current="page">' in text(page)


def test_a_strangers_row_is_no_row(ana_member: Membership, gil_client: Client) -> None:
    publish(ana_member, Persona(name="Mali"))
    first = ana_member.workspace.assistant_versions.get().pk
    golden = actions.add_golden(ana_member, question="A human?", expects=Expectation.HAND_OFF)
    actions.save_draft(ana_member, Persona(name="Nok"))
    for place in (f"questions/{golden.pk}/", f"questions/{uuid.uuid4()}/", f"versions/{first}/"):
        assert gil_client.get(f"/w/globex/ai/{place}").status_code == 404
    for place in (f"questions/{golden.pk}/delete/", f"versions/{first}/publication/"):
        assert gil_client.post(f"/w/globex/ai/{place}").status_code == 404


def test_the_menu_is_for_those_who_may(acme: Workspace, omar_client: Client, adam_client: Client) -> None:
    where = "/w/acme/knowledge/"
    assert f'href="{PAGE}"' not in text(omar_client.get(where)) and f'href="{PAGE}"' in text(adam_client.get(where))


# --- Settings ---------------------------------------------------------------------------------------------------------


def test_all_of_it_is_saved_and_shown_again(ana_client: Client, acme: Workspace) -> None:
    sent = {
        "name": " Mali ",
        "tone": "lively",
        "particle": "kha",
        "instructions": "Help.\r\nBe kind.",
        "custom": "We roast.",
        "style": "careful",
        "hours": "outside",
        "hand_off_phrases": "complaint\r\n\r\nเคลม\r\ncomplaint",
        "topic-TOTAL_FORMS": "2",
        "topic-INITIAL_FORMS": "0",
        "topic-0-words": "election\r\nการเมือง",
        "topic-0-reply": "We sell coffee.",
        "topic-1-words": "",
        "topic-1-reply": "",
        "ready": ["abuse", "threats"],
        "asks_provider": "on",
        "rule-TOTAL_FORMS": "3",
        "rule-INITIAL_FORMS": "0",
        "rule-0-name": " Legal ",
        "rule-0-words": "lawsuit\r\nฟ้องร้อง",
        "rule-0-act": "hand_off",
        "rule-0-reply": "said by nobody",
        "rule-1-name": "Rivals",
        "rule-1-words": "starbeans",
        "rule-1-act": "reply",
        "rule-1-reply": "We speak of our own coffee.",
        "rule-2-act": "hand_off",
    }
    assert ana_client.post(PAGE, sent).url == PAGE
    draft = gate.draft_of(acme.assistants.get())
    assert draft == Persona(
        name="Mali",
        tone=Tone.LIVELY,
        particle=Particle.KHA,
        instructions="Help.\nBe kind.",
        custom="We roast.",
        style=Style.CAREFUL,
        hand_off_phrases=("complaint", "เคลม"),
        blocked_topics=(BlockedTopic(("election", "การเมือง"), "We sell coffee."),),
        hours=Hours.OUTSIDE,
        ready=(Ready.THREATS, Ready.ABUSE),
        rules=(
            Rule("Legal", ("lawsuit", "ฟ้องร้อง"), Act.HAND_OFF),
            Rule("Rivals", ("starbeans",), Act.REPLY, "We speak of our own coffee."),
        ),
        asks_provider=True,
    )
    assert persona_of(acme) == Persona()
    page = text(ana_client.get(PAGE))
    for kept in (
        'value="Mali"',
        "We roast.",
        "เคลม",
        "การเมือง",
        "We sell coffee.",
        "ฟ้องร้อง",
        "A draft with 12 changes",
    ):
        assert kept in page


def test_a_topic_is_deleted_by_its_tick(ana_client: Client, ana_member: Membership, acme: Workspace) -> None:
    topics = (BlockedTopic(("a",), "b"), BlockedTopic(("c",), "d"))
    actions.save_draft(ana_member, Persona(blocked_topics=topics))
    sent = {"topic-TOTAL_FORMS": "3", "topic-INITIAL_FORMS": "2", "topic-0-DELETE": "on", "topic-2-words": ""}
    rows = {"topic-0-words": "a", "topic-0-reply": "b", "topic-1-words": "c", "topic-1-reply": "d"}
    ana_client.post(PAGE, {**SETTINGS, **rows, **sent})
    assert gate.draft_of(acme.assistants.get()).blocked_topics == topics[1:]


def test_a_rule_is_deleted_by_its_tick(ana_client: Client, ana_member: Membership, acme: Workspace) -> None:
    rules = (Rule("a", ("b",), Act.MARK), Rule("c", ("d",), Act.REPLY, "e"))
    actions.save_draft(ana_member, Persona(rules=rules))
    sent = {"rule-TOTAL_FORMS": "3", "rule-INITIAL_FORMS": "2", "rule-0-DELETE": "on"}
    rows = {"rule-0-name": "a", "rule-0-words": "b", "rule-0-act": "mark"}
    rows |= {"rule-1-name": "c", "rule-1-words": "d", "rule-1-act": "reply", "rule-1-reply": "e"}
    ana_client.post(PAGE, {**SETTINGS, **rows, **sent})
    assert gate.draft_of(acme.assistants.get()).rules == rules[1:]


def test_the_page_says_what_is_in_the_lists_and_what_is_missing(ana_client: Client, ana_member: Membership) -> None:
    page = text(ana_client.get(PAGE))
    assert "kill myself" in page and "There is no key of your own for OpenAI yet" in page
    actions.set_key(ana_member, provider="openai", key="sk-0123456789-of-acme")
    assert "There is no key of your own for OpenAI yet" not in text(ana_client.get(PAGE))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "x" * 61}, "61 characters"),
        ({"instructions": "x" * 2_501}, "2501 characters"),
        ({"custom": "x" * 5_001}, "5001 characters"),
        ({"tone": "rude"}, "rude"),
        ({"style": ""}, "required"),
        ({"hand_off_phrases": "\n".join(map(str, range(51)))}, "At most 50 lines."),
        ({"hand_off_phrases": "a\n" + "x" * 81}, "Line 2 is longer than 80 characters."),
        ({"topic-0-words": "x"}, "Write what it should reply."),
        ({"topic-0-reply": "x"}, "Write the words that call for this reply."),
        ({"topic-0-words": "x", "topic-0-reply": "y" * 501}, "501 characters"),
        ({"rule-0-name": "x"}, "Write the words that the rule looks for."),
        ({"rule-0-words": "x"}, "Give the rule a name."),
        ({"rule-0-name": "x", "rule-0-words": "y", "rule-0-act": "reply"}, "Write the sentence that is said."),
        ({"rule-0-name": "x", "rule-0-words": "y", "rule-0-act": "shout"}, "shout"),
        ({"rule-0-words": "\n".join(map(str, range(31)))}, "At most 30 lines."),
        ({"ready": ["all"]}, "all"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(
    ana_client: Client, acme: Workspace, wrong: dict[str, str], sentence: str
) -> None:
    response = ana_client.post(PAGE, {**SETTINGS, "custom": "typed with care", **wrong})
    page = text(response)
    assert response.status_code == 422 and sentence in page and 'class="err"' in page
    assert "custom" in wrong or "typed with care" in page
    assert not acme.assistants.filter(draft__isnull=False).exists()


def test_the_longest_instructions_fit(ana_client: Client, acme: Workspace) -> None:
    ana_client.post(PAGE, {**SETTINGS, "instructions": "ก" * 2_500, "custom": "ข" * 5_000})
    draft = gate.draft_of(acme.assistants.get())
    assert (len(draft.instructions), len(draft.custom)) == (2_500, 5_000)


def test_saving_what_is_in_force_says_so(ana_client: Client) -> None:
    page = text(ana_client.post(PAGE, SETTINGS, follow=True))
    assert "This is in force already." in page and "The standard settings are in force." in page


def test_discard(ana_client: Client, ana_member: Membership, acme: Workspace) -> None:
    actions.save_draft(ana_member, Persona(name="Mali"))
    assert "Discard the draft?" in text(ana_client.get(PAGE))
    assert ana_client.post(f"{PAGE}draft/delete/").url == PAGE
    assert acme.assistants.get().draft is None and "Discard the draft?" not in text(ana_client.get(PAGE))


def test_what_somebody_typed_is_no_markup(ana_client: Client, ana_member: Membership, faq: Source) -> None:
    evil = "<script>alert(1)</script>"
    actions.add_golden(ana_member, question=evil, expects=Expectation.WORDS, words=[evil])
    persona = Persona(name=evil, instructions=evil, blocked_topics=(BlockedTopic(("ship",), evil),))
    check(ana_member, persona)
    for place in ("", "check/", "questions/"):
        page = text(ana_client.get(PAGE + place))
        assert "&lt;script&gt;" in page and evil not in page


# --- Presets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_fills_the_form_and_saves_nothing(ana_client: Client, acme: Workspace, key: str) -> None:
    preset = PRESETS[key]
    response: Any = ana_client.post(PAGE, {**SETTINGS, "name": "typed", "preset": key})
    form = response.context["form"]
    assert response.status_code == 200 and 'class="err"' not in text(response)
    assert form["instructions"].value() == str(preset.instructions) and len(str(preset.instructions)) <= 2_500
    assert (form["tone"].value(), form["style"].value(), form["name"].value()) == (preset.tone, preset.style, "typed")
    assert not acme.assistants.exists()


def test_own_words_are_replaced_after_a_question_alone(ana_client: Client) -> None:
    sent = {**SETTINGS, "instructions": "Written by myself.", "custom": "Typed too.", "preset": "sales"}
    asked: Any = ana_client.post(PAGE, sent)
    page = text(asked)
    assert "Replace your instructions with “Sales assistant”?" in page
    assert asked.context["form"]["instructions"].value() == "Written by myself."
    done: Any = ana_client.post(PAGE, {**sent, "replace": "1"})
    assert done.context["form"]["instructions"].value() == str(PRESETS["sales"].instructions)
    assert done.context["form"]["custom"].value() == "Typed too."


def test_a_preset_is_replaced_without_a_question_in_any_language(ana_client: Client) -> None:
    with translation.override("th"):
        written = str(PRESETS["faq"].instructions)
    response: Any = ana_client.post(PAGE, {**SETTINGS, "instructions": written, "preset": "sales"})
    assert response.context["form"]["instructions"].value() == str(PRESETS["sales"].instructions)


# --- Test questions ---------------------------------------------------------------------------------------------------


def test_write_change_delete(ana_client: Client, acme: Workspace, faq: Source) -> None:
    place = f"{PAGE}questions/"
    sent = {"question": " Ship  it? ", "expects": "source", "source": str(faq.pk), "words": "left over"}
    assert ana_client.post(f"{place}new/", sent).url == place
    golden = acme.golden_questions.get()
    assert (golden.question, golden.expects, golden.source, golden.words) == ("Ship it?", "source", faq, "")
    assert "An answer from “Do you ship abroad?”" in text(ana_client.get(place))
    change = {"question": "Ship it?", "expects": "words", "words": "everywhere\r\nyes", "source": str(faq.pk)}
    assert ana_client.post(f"{place}{golden.pk}/", change).url == place
    golden.refresh_from_db()
    assert (golden.expects, golden.source, golden.words) == ("words", None, "everywhere\nyes")
    assert ana_client.post(f"{place}{golden.pk}/delete/").url == place
    assert not acme.golden_questions.exists() and "Write the first question" in text(ana_client.get(place))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"question": ""}, "required"),
        ({"question": "x" * 501}, "501 characters"),
        ({"expects": "magic"}, "magic"),
        ({"expects": "source"}, "Choose the FAQ or text with the right answer."),
        ({"expects": "source", "source": str(uuid.uuid4())}, "not one of the available choices"),
        ({"expects": "words"}, "Write what has to be in the answer."),
        ({"expects": "words", "words": "\n".join(map(str, range(11)))}, "At most 10 lines."),
    ],
)
def test_what_is_no_question(ana_client: Client, acme: Workspace, wrong: dict[str, str], sentence: str) -> None:
    response = ana_client.post(f"{PAGE}questions/new/", {"question": "kept", "expects": "hand_off", **wrong})
    assert response.status_code == 422 and sentence in text(response)
    assert not acme.golden_questions.exists()


def test_a_source_of_others_is_no_choice(ana_client: Client, gil_member: Membership) -> None:
    theirs = actions.add_faq(gil_member, question="Tents?", answer="Yes.")
    sent = {"question": "x", "expects": "source", "source": str(theirs.pk)}
    response = ana_client.post(f"{PAGE}questions/new/", sent)
    assert response.status_code == 422 and "Tents?" not in text(response)


def test_twice_is_said_beside_it(ana_client: Client, ana_member: Membership) -> None:
    actions.add_golden(ana_member, question="A human?", expects=Expectation.HAND_OFF)
    response = ana_client.post(f"{PAGE}questions/new/", {"question": "a human?", "expects": "hand_off"})
    assert response.status_code == 422 and "among them already" in text(response)


@pytest.mark.parametrize(
    ("question", "expects"),
    [("Do you ship abroad?", "source"), ("unicorns", "hand_off"), ("talk to a human", "hand_off"), ("hello", "words")],
)
def test_from_the_panel_with_what_comes_today(
    ana_client: Client, acme: Workspace, faq: Source, question: str, expects: str
) -> None:
    panel = text(ana_client.get("/w/acme/knowledge/test/", {"q": question}))
    address = panel.partition(f'href="{PAGE}questions/new/')[2].partition('"')[0]
    response: Any = ana_client.get(f"{PAGE}questions/new/{address}")
    form = response.context["form"]
    assert (form["question"].value(), form["expects"].value()) == (question, expects)
    sent = {name: form[name].value() or "" for name in ("question", "expects", "source", "words")}
    assert ana_client.post(f"{PAGE}questions/new/", sent).status_code == 302
    actions.save_draft(acme.memberships.get(role="owner"), Persona(instructions="Help."))
    run = actions.finish_run(actions.begin_run(acme.memberships.get(role="owner")))
    assert gate.tally(run).draft == 1


def test_the_panel_offers_it_to_admins(omar_client: Client, faq: Source) -> None:
    assert "questions/new/" not in text(omar_client.get("/w/acme/knowledge/test/", {"q": "shipping"}))


def test_from_conversations(ana_client: Client, inbox: Any, ana_member: Membership, faq: Source) -> None:
    place = f"{PAGE}questions/past/"
    assert "Nothing to choose from yet" in text(ana_client.get(place))
    for words in ("Do you ship abroad?", "what about unicorns", "hello"):
        visitor, _token = new_visitor(inbox)
        chat_actions.post_visitor_message(visitor, body=words, client_id=uuid.uuid4())
    response: Any = ana_client.get(place)
    offered = {one.question: one for one in response.context["offered"]}
    assert set(offered) == {"Do you ship abroad?", "what about unicorns"}
    assert "Answers from “Do you ship abroad?”" in text(response)
    assert ana_client.post(place, {}).url == place
    chosen = [one.key for one in offered.values()]
    assert ana_client.post(place, {"chosen": [*chosen, "x", str(uuid.uuid4())]}).url == f"{PAGE}questions/"
    rows = dict(ana_member.workspace.golden_questions.values_list("question", "expects"))
    assert rows == {"Do you ship abroad?": "source", "what about unicorns": "hand_off"}
    assert "Nothing to choose from yet" in text(ana_client.get(place))


# --- The gate ---------------------------------------------------------------------------------------------------------


def test_without_a_draft_there_is_nothing_to_publish(ana_client: Client, acme: Workspace) -> None:
    page = text(ana_client.get(f"{PAGE}check/"))
    assert "Start the check" in page and "publication/" not in page


def test_without_questions_after_a_tick(ana_client: Client, ana_member: Membership, acme: Workspace) -> None:
    row = actions.save_draft(ana_member, Persona(name="Mali"))
    page = text(ana_client.get(f"{PAGE}check/"))
    assert "There are no test questions yet." in page and "nobody has written test questions yet" in page
    sent = {"agreed": gate.against(row, []), "note": "Begin"}
    refused = ana_client.post(f"{PAGE}publication/", sent)
    assert refused.status_code == 422 and "Tick this" in text(refused) and 'value="Begin"' in text(refused)
    assert ana_client.post(f"{PAGE}publication/", {**sent, "unchecked": "on"}).url == f"{PAGE}versions/"
    assert persona_of(acme).name == "Mali"


def test_the_bar_moves_and_ends(ana_client: Client, ana_member: Membership, acme: Workspace, faq: Source) -> None:
    actions.add_golden(ana_member, question="shipping", expects=Expectation.SOURCE, source=faq)
    actions.save_draft(ana_member, Persona(name="Mali"))
    assert ana_client.post(f"{PAGE}check/runs/").url == f"{PAGE}check/"
    page = text(ana_client.get(f"{PAGE}check/"))
    assert 'hx-trigger="every 1s"' in page and "0 of 1 questions" in page
    bar = ana_client.get(f"{PAGE}check/progress/")
    assert 'hx-trigger="every 1s"' in text(bar) and "HX-Refresh" not in bar
    actions.finish_run(GateRun.unscoped.select_related("workspace").get())
    bar = ana_client.get(f"{PAGE}check/progress/")
    assert "hx-trigger" not in text(bar) and bar["HX-Refresh"] == "true"
    page = text(ana_client.get(f"{PAGE}check/"))
    assert "The draft gets 1 of 1 right (100 %)" in page and "publication/" in page


def test_a_refusal_lists_the_cases(ana_client: Client, ana_member: Membership, acme: Workspace, faq: Source) -> None:
    actions.add_golden(ana_member, question="Do you ship abroad?", expects=Expectation.SOURCE, source=faq)
    agreed = check(ana_member, Persona(blocked_topics=(BlockedTopic(("ship",), "No."),)))
    page = text(ana_client.get(f"{PAGE}check/"))
    assert "Not passed" in page and "publication/" not in page
    refused = ana_client.post(f"{PAGE}publication/", {"agreed": agreed, "note": "Kept"})
    page = text(refused)
    assert refused.status_code == 409
    for said in ("Not published", "1 test question goes wrong", "An answer from “Do you ship abroad?”", "Right today"):
        assert said in page
    answer = ana_client.post(f"{PAGE}publication/", {"agreed": agreed}, headers={"Accept": "application/json"})
    assert answer.status_code == 409 and answer.json()["failing"][0]["question"] == "Do you ship abroad?"
    assert persona_of(acme) == Persona()


def test_a_check_of_something_else_is_said_to_be_one(ana_client: Client, ana_member: Membership, faq: Source) -> None:
    actions.add_golden(ana_member, question="shipping", expects=Expectation.SOURCE, source=faq)
    check(ana_member, Persona(name="Mali"))
    actions.save_draft(ana_member, Persona(name="Nok"))
    page = text(ana_client.get(f"{PAGE}check/"))
    assert "This check is about something else" in page and "publication/" not in page


def test_changed_meanwhile_is_said_and_the_note_is_kept(ana_client: Client, ana_member: Membership) -> None:
    row = actions.save_draft(ana_member, Persona(name="Mali"))
    agreed = gate.against(row, [])
    actions.save_draft(ana_member, Persona(name="Nok"))
    refused = ana_client.post(f"{PAGE}publication/", {"agreed": agreed, "note": "Kept", "unchecked": "on"})
    assert refused.status_code == 409 and "changed meanwhile" in text(refused) and 'value="Kept"' in text(refused)


def test_what_could_not_be_finished_is_said(ana_client: Client, ana_member: Membership, faq: Source) -> None:
    actions.add_golden(ana_member, question="shipping", expects=Expectation.SOURCE, source=faq)
    actions.begin_run(ana_member)
    GateRun.unscoped.update(state=GateRun.State.FAILED)
    assert "The check could not be finished." in text(ana_client.get(f"{PAGE}check/"))


def test_the_gate_asks_few_queries(
    ana_client: Client, ana_member: Membership, faq: Source, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        actions.add_golden(ana_member, question=f"shipping {number}", expects=Expectation.SOURCE, source=faq)
    check(ana_member, Persona(blocked_topics=(BlockedTopic(("shipping",), "No."),)))
    ana_client.get(f"{PAGE}check/")
    for place in ("check/", "questions/"):
        with django_assert_max_num_queries(16):
            ana_client.get(PAGE + place)


# --- Versions ---------------------------------------------------------------------------------------------------------


def test_versions_what_changed_and_one_click_back(ana_client: Client, ana_member: Membership, acme: Workspace) -> None:
    assert "No version yet" in text(ana_client.get(f"{PAGE}versions/"))
    publish(ana_member, Persona(name="Mali"))
    publish(ana_member, Persona(name="Mali", tone=Tone.BRIEF))
    first, second = (acme.assistant_versions.get(number=number).pk for number in (1, 2))
    page = text(ana_client.get(f"{PAGE}versions/"))
    assert page.index("Version 2") < page.index("Version 1") and page.count("In force") == 1
    assert (
        f"versions/{first}/publication/" in page
        and f"versions/{second}/publication/" not in page
        and "Changed: Tone" in page
    )
    page = text(ana_client.get(f"{PAGE}versions/{first}/"))
    assert "What differs from the standard settings" in page and "What would change if it were put back" in page
    page = text(ana_client.get(f"{PAGE}versions/{second}/"))
    assert "Friendly: warm and natural" in page and "Brief: no word too many" in page and "publication/" not in page
    assert ana_client.post(f"{PAGE}versions/{first}/publication/").url == f"{PAGE}versions/"
    assert persona_of(acme) == Persona(name="Mali") and "Version 1 once more" in text(
        ana_client.get(f"{PAGE}versions/")
    )
    assert ana_client.get(f"{PAGE}versions/{uuid.uuid4()}/").status_code == 404


def test_versions_have_pages(ana_client: Client, ana_member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    from ai.views import versions

    monkeypatch.setattr(versions, "PAGE", 2)
    for name in ("Mali", "Nok", "Nida"):
        publish(ana_member, Persona(name=name))
    first: Any = ana_client.get(f"{PAGE}versions/")
    assert [version.number for version, _changed in first.context["lines"]] == [3, 2]
    assert all(len(changed) == 1 for _version, changed in first.context["lines"])
    second: Any = ana_client.get(f"{PAGE}versions/", {"after": first.context["next"]})
    assert [version.number for version, _changed in second.context["lines"]] == [1]


# --- The panel follows what is in force -------------------------------------------------------------------------------


def test_the_panel_says_what_would_be_said(ana_client: Client, ana_member: Membership, faq: Source) -> None:
    topics = (BlockedTopic(("politics",), "We sell coffee."),)
    rules = (Rule("Rivals", ("starbeans",), Act.REPLY, "Ours is fine."), Rule("Legal", ("lawsuit",), Act.HAND_OFF))
    publish(ana_member, Persona(style=Style.CAREFUL, blocked_topics=topics, rules=rules))
    page = "/w/acme/knowledge/test/"
    assert "We sell coffee." in text(ana_client.get(page, {"q": "politics?"}))
    assert (
        "Ours is fine." in (said := text(ana_client.get(page, {"q": "starbeans?"}))) and "this sentence for it" in said
    )
    said = text(ana_client.get(page, {"q": "a lawsuit!"}))
    assert "A moderation rule calls for one" in said and "leave this to your team" in said
    assert "It was asked for one" in text(ana_client.get(page, {"q": "talk to a human"}))
    assert "Hello! How can I help you?" in text(ana_client.get(page, {"q": "hi"}))
    assert "it answers from 65 % on" in text(ana_client.get(page, {"q": "ship to the moon"}))
