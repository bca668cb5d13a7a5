"""FAQs go out as a file and come back as the same FAQs; a wrong line is shown, and nothing is lost."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ai import actions, tasks
from ai.knowledge.search import search
from ai.models import Source
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/knowledge/"
HEAD = "question,answer,other_ways,category,active\n"


def upload(client: Client, content: str | bytes) -> Any:
    content = content.encode() if isinstance(content, str) else content
    return client.post(f"{PAGE}faqs/import/", {"file": SimpleUploadedFile("faqs.csv", content)})


def everything(workspace: Workspace) -> set[tuple[object, ...]]:
    return set(workspace.knowledge_sources.values_list("title", "text", "other_ways", "category", "is_active"))


def test_round_trip(ana_client: Client, ana_member: Membership, acme: Workspace) -> None:
    actions.add_faq(ana_member, question="=1+1 is?", answer='"Two",\nsays he; ok', other_ways=["+1", "สอง", "a, b"])
    actions.add_faq(ana_member, question="เปิดกี่โมง", answer="@9 โมง", category="-ร้าน", is_active=False)
    before = everything(acme)
    file = ana_client.get(f"{PAGE}faqs/export/")
    assert file["Content-Disposition"] == 'attachment; filename="acme-faqs.csv"'
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert {"'=1+1 is?", "'@9 โมง", "'-ร้าน"} <= {cell for row in rows for cell in row}
    for faq in acme.knowledge_sources.all():
        actions.delete_source(faq, by=ana_member)
    assert upload(ana_client, file.content).url == PAGE
    assert everything(acme) == before
    assert upload(ana_client, file.content).url == PAGE
    assert everything(acme) == before


def test_what_comes_in_is_found(ana_client: Client, acme: Workspace, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload(ana_client, HEAD + 'Do you ship?,Yes.,"ส่งไหม\nShipping",Orders,yes\nSecret?,Yes.,,,no\n')
    assert [hit.chunk.titles[0] for hit in search(acme, "shipping")] == ["Do you ship?"]
    assert search(acme, "secret") == []


def test_a_known_question_gets_the_new_answer_and_keeps_the_rest(
    ana_client: Client, ana_member: Membership, acme: Workspace
) -> None:
    actions.add_faq(ana_member, question="Do you ship?", answer="No.", other_ways=["Shipping"], category="Orders")
    upload(ana_client, "Question,Answer\ndo you SHIP?,Yes.\nNew?,Yes.\n")
    faq = acme.knowledge_sources.get(category="Orders")
    assert (faq.title, faq.text, faq.other_questions) == ("do you SHIP?", "Yes.", ["Shipping"])
    tasks.sweep_waiting()
    assert search(acme, "shipping")[0].chunk.text == "Yes."


def test_a_wrong_line_is_shown_and_nothing_is_taken(ana_client: Client) -> None:
    lines = [
        "Good?,Yes.,,,",
        "No answer?,,,,",
        "Off?,Yes.,,,maybe",
        "good?,Twice.,,,",
        "More?,Yes.,,,yes,too much",
        '"Last words?",' + "x" * 10_001 + ",,,",
    ]
    response = upload(ana_client, HEAD + "\n".join(lines))
    page = response.content.decode()
    assert response.status_code == 422 and not Source.unscoped.exists()
    problems = response.context["sheet"].problems
    assert [problem.line for problem in problems] == [3, 4, 5, 6, 7]
    assert problems[0].cells == {"question": "No answer?"} and "“answer”" in problems[0].sentence
    for said in ("5 lines cannot be taken", "No answer?", "maybe", "Write yes or no.", "This question is there twice."):
        assert said in page


@pytest.mark.parametrize(
    "content", [b"", b"question\nx\n", HEAD.encode(), b"\xff\xfe", b'question,answer\n"x,y\n', b"a,b\n1,2\n"]
)
def test_what_is_no_table_of_ours(ana_client: Client, content: bytes) -> None:
    assert upload(ana_client, content).status_code == 422
    assert not Source.unscoped.exists()


def test_who_may_export(vera_client: Client, omar_client: Client) -> None:
    assert vera_client.get(f"{PAGE}faqs/export/").status_code == 403
    assert omar_client.get(f"{PAGE}faqs/export/").status_code == 200
