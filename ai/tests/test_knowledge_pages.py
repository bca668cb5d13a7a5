"""The pages of the knowledge: who reads, who changes, and what is said when something is wrong."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from ai import actions, listing, tasks
from ai.models import Source, SourceStatus
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/knowledge/"
FAQ = {"question": "Do you ship?", "answer": "Yes, **everywhere**.", "is_active": "on"}


@pytest.fixture
def faq(ana_member: Membership) -> Source:
    return actions.add_faq(ana_member, question="Do you ship?", answer="Yes, **everywhere**.", category="Orders")


def test_everybody_on_the_team_reads(faq: Source, vera_client: Client, omar_client: Client) -> None:
    for client in (vera_client, omar_client):
        listed = client.get(PAGE)
        assert listed.status_code == 200 and "Do you ship?" in listed.content.decode()
        assert f"{faq.pk}/edit/" not in listed.content.decode() and "faqs/new/" not in listed.content.decode()
        assert "<strong>everywhere</strong>" in client.get(f"{PAGE}{faq.pk}/").content.decode()
        assert client.get(f"{PAGE}texts/").status_code == client.get(f"{PAGE}test/").status_code == 200


@pytest.mark.parametrize("place", ["faqs/new/", "texts/new/", "faqs/import/", "{pk}/edit/", "{pk}/delete/"])
def test_admins_alone_change(faq: Source, omar_client: Client, adam_client: Client, place: str) -> None:
    where = PAGE + place.format(pk=faq.pk)
    assert omar_client.post(where, FAQ).status_code == 403
    assert adam_client.post(where, FAQ).status_code in (302, 422)


def test_a_strangers_row_is_no_row(faq: Source, gil_client: Client) -> None:
    for pk in (faq.pk, uuid.uuid4()):
        for tail in ("", "edit/"):
            assert gil_client.get(f"/w/globex/knowledge/{pk}/{tail}").status_code == 404
        assert gil_client.post(f"/w/globex/knowledge/{pk}/delete/").status_code == 404
    assert gil_client.get(PAGE).status_code == 404
    assert Source.unscoped.count() == 1


def test_write_change_delete(ana_client: Client, acme: Workspace) -> None:
    ways = "Shipping?\r\n\r\n  ส่งของไหม \r\nShipping?"
    assert ana_client.post(f"{PAGE}faqs/new/", {**FAQ, "other_ways": ways, "category": " Orders "}).url == PAGE
    faq = acme.knowledge_sources.get()
    assert (faq.title, faq.other_questions, faq.category) == ("Do you ship?", ["Shipping?", "ส่งของไหม"], "Orders")
    form = ana_client.get(f"{PAGE}{faq.pk}/edit/").content.decode()
    assert "ส่งของไหม" in form and '<option value="Orders">' in form
    assert ana_client.post(f"{PAGE}{faq.pk}/edit/", {**FAQ, "answer": "No.", "is_active": ""}).url == PAGE
    faq.refresh_from_db()
    assert (faq.text, faq.is_active) == ("No.", False)
    assert ">Off<" in ana_client.get(PAGE).content.decode().replace("</svg>", ">")
    assert ana_client.post(f"{PAGE}{faq.pk}/delete/").url == PAGE
    assert not acme.knowledge_sources.exists()


def test_a_text_and_its_states(ana_client: Client, acme: Workspace) -> None:
    place = f"{PAGE}texts/"
    assert ana_client.post(f"{place}new/", {"title": "About", "text": "We roast.", "is_active": "on"}).url == place
    assert "Is being read" in ana_client.get(place).content.decode()
    tasks.sweep_waiting()
    assert "Is being read" not in ana_client.get(place).content.decode()
    acme.knowledge_sources.update(status=SourceStatus.FAILED, error="broken")
    text = acme.knowledge_sources.get()
    for where in (place, f"{PAGE}{text.pk}/"):
        assert str(listing.PROBLEMS["broken"]) in ana_client.get(where).content.decode()
    assert ana_client.post(f"{PAGE}{text.pk}/delete/").url == place


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": ""},
        {"question": "\u200b"},
        {"question": "x" * 301},
        {"answer": " "},
        {"answer": "x" * 10_001},
        {"other_ways": "\n".join(map(str, range(21)))},
        {"other_ways": "x" * 301},
        {"category": "x" * 61},
    ],
)
def test_what_is_no_faq_is_kept_in_the_form(ana_client: Client, wrong: dict[str, str]) -> None:
    response = ana_client.post(f"{PAGE}faqs/new/", {**FAQ, "category": "kept words", **wrong})
    assert response.status_code == 422 and 'class="err"' in response.content.decode()
    assert not Source.unscoped.exists()


@pytest.mark.parametrize("wrong", [{"title": ""}, {"text": "\n"}, {"text": "x" * 200_001}])
def test_what_is_no_text(ana_client: Client, wrong: dict[str, str]) -> None:
    assert ana_client.post(f"{PAGE}texts/new/", {"title": "a", "text": "b", **wrong}).status_code == 422


def test_the_longest_text_fits(ana_client: Client, settings: Any) -> None:
    text = "ก" * 200_000
    response = ana_client.post(f"{PAGE}texts/new/", {"title": "Long", "text": text, "is_active": "on"})
    assert response.status_code == 302 and Source.unscoped.get().text == text
    assert len(text.encode()) < settings.BODY_LIMIT


def test_a_question_twice_is_said_beside_it(ana_client: Client, faq: Source) -> None:
    response = ana_client.post(f"{PAGE}faqs/new/", {**FAQ, "answer": "typed with care"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is an FAQ with this question already." in page and "typed with care" in page


def test_one_too_many_is_the_plans_page(gil_client: Client, gil_member: Membership) -> None:
    for number in range(10):
        actions.add_faq(gil_member, question=str(number), answer="x")
    response = gil_client.post("/w/globex/knowledge/faqs/new/", FAQ)
    assert response.status_code == 403 and "Your plan includes 10 FAQs." in response.content.decode()
    response = gil_client.post("/w/globex/knowledge/faqs/new/", FAQ, headers={"Accept": "application/json"})
    assert response.json()["code"] == "plan_limit" and response.json()["limit"] == 10


def test_search_categories_and_pages(
    ana_client: Client, ana_member: Membership, faq: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.add_faq(ana_member, question="เปิดกี่โมง", answer="9 โมง", other_ways=["Opening hours"])
    page = ana_client.get(PAGE).content.decode()
    assert page.index("Without a category") < page.index("เปิดกี่โมง") < page.index("Orders") < page.index("Do you ship?")
    for words in ("opening HOURS", "กี่โมง"):
        page = ana_client.get(PAGE, {"q": words}).content.decode()
        assert "เปิดกี่โมง" in page and "Do you ship?" not in page
    assert "No match" in ana_client.get(PAGE, {"q": "<b>"}).content.decode()
    monkeypatch.setattr(listing, "PAGE", 1)
    first = ana_client.get(PAGE)
    assert "Do you ship?" not in first.content.decode()
    assert "Do you ship?" in ana_client.get(f"{PAGE}?{first.context['next']}").content.decode()


def test_an_empty_list_says_what_to_do(ana_client: Client, vera_client: Client) -> None:
    page = ana_client.get(PAGE).content.decode()
    assert "Write the first FAQ" in page and "faqs/import/" in page
    page = vera_client.get(PAGE).content.decode()
    assert "Teach your assistant" in page and "Write the first FAQ" not in page
    assert "Add the first text" in ana_client.get(f"{PAGE}texts/").content.decode()


def test_the_menu_leads_there(vera_client: Client, acme: Workspace) -> None:
    page = vera_client.get(PAGE).content.decode()
    assert f'<a href="{PAGE}" aria-current="page">' in page


def test_what_somebody_typed_is_no_markup(ana_client: Client, ana_member: Membership) -> None:
    evil = "<script>alert(1)</script>"
    faq = actions.add_faq(ana_member, question=evil, answer=f"{evil} javascript:alert(2)", category=evil)
    for place in (PAGE, f"{PAGE}{faq.pk}/", f"{PAGE}{faq.pk}/edit/", f"{PAGE}test/?q=alert"):
        page = ana_client.get(place).content.decode()
        assert "&lt;script&gt;" in page and evil not in page and 'href="javascript:' not in page


def test_who_knows_and_is_silent_says_so(faq: Source, ana_client: Client, acme: Workspace, omar_client: Client) -> None:
    """New inboxes begin with people: an assistant that knows nothing would hand everything over."""
    assert "Let it answer visitors" in ana_client.get(PAGE).content.decode()
    assert "Let it answer visitors" not in omar_client.get(PAGE).content.decode(), "not theirs to change"
    inbox = acme.inboxes.get()
    form = {"name": inbox.name, "answered_by": "ai"}
    assert ana_client.post(f"/w/acme/settings/inboxes/{inbox.pk}/general/", form).status_code == 302
    inbox.refresh_from_db()
    assert inbox.answered_by == "ai"
    assert "Let it answer visitors" not in ana_client.get(PAGE).content.decode()
