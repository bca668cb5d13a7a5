"""An owner uploads files: they are kept, read by a task, answered from with the page, and gone at once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ai import actions, listing, shelf, tasks
from ai.actions import learning
from ai.knowledge.citing import cited
from ai.knowledge.search import search
from ai.models import Chunk, Document, KnowledgeStats, Source, SourceStatus
from ai.reading import parsing, troubles
from ai.reading.troubles import Unreadable
from ai.tests import made
from minichat.lib.errors import PlanLimit
from minichat.lib.files import sweep
from minichat.lib.files.refusals import TooBusy
from workspaces import purge
from workspaces.models import AuditEntry, Entitlements, Membership, Workspace
from workspaces.sentences import sentence

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/knowledge/"
MANUAL = made.pdf("About the grinder", "Clean it every week.", f"{made.THAI_RETURNS}\nReturns are free.")


@pytest.fixture(autouse=True)
def folders(media: Path) -> Path:
    return media


def add(by: Membership, data: bytes = MANUAL, name: str = "manual.pdf") -> Source:
    return actions.add_file(by, file=io.BytesIO(data), name=name)


def read(source: Source) -> Source:
    tasks.sweep_waiting()
    source.refresh_from_db()
    return source


def upload(client: Client, *files: tuple[str, bytes]) -> Any:
    return client.post(f"{PAGE}files/new/", {"chosen": [SimpleUploadedFile(name, data) for name, data in files]})


def answers(workspace: Workspace, question: str) -> list[str]:
    return [cited(hit.chunk) for hit in search(workspace, question)]


def test_a_pdf_is_answered_from_with_its_page(acme: Workspace, ana_member: Membership) -> None:
    source = read(add(ana_member))
    assert (source.status, source.passages, source.title) == (SourceStatus.READY, 3, "manual.pdf")
    assert answers(acme, "How do I clean it?")[0] == "manual.pdf, page 2"
    hit = search(acme, "คืนสินค้า")[0]
    assert hit.chunk.page == 3 and made.THAI_RETURNS in hit.chunk.text and hit.chunk.titles == ["manual"]


@pytest.mark.parametrize(
    ("name", "data", "question"),
    [
        ("terms.docx", made.docx(made.paragraph("We deliver to Chiang Mai.")), "deliver"),
        ("terms.txt", b"We deliver to Chiang Mai.", "deliver"),
        ("terms.md", b"# Delivery\n\nWe deliver to **Chiang Mai**.", "deliver"),
        ("prices.csv", "สินค้า,ราคา\nกาแฟดอยช้าง,320\n".encode(), "กาแฟดอยช้าง"),
    ],
)
def test_every_sort_is_read(acme: Workspace, ana_member: Membership, name: str, data: bytes, question: str) -> None:
    assert read(add(ana_member, data, name)).status == SourceStatus.READY
    assert answers(acme, question) == [name]


def test_the_task_is_hurried(ana_client: Client, acme: Workspace, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload(ana_client, ("a.txt", b"We ship by train."), ("b.txt", b"We roast on Mondays."))
    assert answers(acme, "train") == ["a.txt"] and answers(acme, "roast") == ["b.txt"]


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("locked.pdf", made.encrypted(made.pdf("x"), "secret"), troubles.ENCRYPTED),
        ("long.pdf", made.blank_pdf(501), troubles.TOO_MANY_PAGES),
        ("scan.pdf", made.blank_pdf(2), troubles.NO_TEXT),
        ("half.pdf", MANUAL[:300], troubles.DAMAGED),
        ("bomb.docx", made.docx("", more={"word/zeros": bytes(101 * 1024 * 1024)}), troubles.BOMB),
        ("old.txt", "ราคา".encode("cp874"), troubles.NOT_UTF8),
    ],
)
def test_what_cannot_be_read_is_said(
    acme: Workspace, ana_member: Membership, ana_client: Client, name: str, data: bytes, word: str
) -> None:
    source = read(add(ana_member, data, name))
    assert (source.status, source.error, source.passages) == (SourceStatus.FAILED, word, 0)
    assert not Document.unscoped.exists()
    for place in (f"{PAGE}files/", f"{PAGE}{source.pk}/"):
        assert str(listing.PROBLEMS[word]) in ana_client.get(place).content.decode()


def test_a_page_that_cannot_be_read_is_named(acme: Workspace, ana_member: Membership, ana_client: Client) -> None:
    source = read(add(ana_member, made.pdf("one", "two grinders", "three", unreadable=[1, 3])))
    assert source.status == SourceStatus.READY and answers(acme, "grinders") == ["manual.pdf, page 2"]
    assert "Pages 1, 3 could not be read; the rest is known." in ana_client.get(f"{PAGE}files/").content.decode()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "This file is empty"),
        ("spaces.txt", b" \n ", "This file is empty"),
        ("photo.pdf", b"\x89PNG\r\n\x1a\n\x00", "This is not what its name says"),
        ("run.exe", b"MZ\x00", "This kind of file cannot be read."),
        ("large.txt", b"x" * (10 * 1024 * 1024 + 1), "This file is larger than 10 MB"),
    ],
)
def test_what_is_not_taken_is_named_and_the_rest_is_taken(
    ana_client: Client, name: str, data: bytes, said: str
) -> None:
    response = upload(ana_client, ("good.txt", b"We ship."), (name, data))
    page = response.content.decode()
    assert response.status_code == 422 and f"“{name}”: {said}" in page and "1 file added" in page
    assert list(Source.unscoped.values_list("title", flat=True)) == ["good.txt"]


def test_no_file_and_too_many(ana_client: Client) -> None:
    assert "Choose a file first." in upload(ana_client).content.decode()
    many = upload(ana_client, *((f"{number}.txt", b"x") for number in range(6)))
    assert many.status_code == 422 and "At most 5 files at once." in many.content.decode()
    assert not Source.unscoped.exists()


def test_SR43_a_name_loses_its_folders_and_what_cannot_be_seen(ana_member: Membership) -> None:
    assert add(ana_member, b"x", "../../etc/\u202eราคา<1>.txt").title == "ราคา1.txt"


def test_the_plan_has_room_for_no_more(ana_member: Membership, ana_client: Client) -> None:
    Entitlements.unscoped.update(passages=2)
    source = read(add(ana_member))
    assert (source.status, source.error, source.passages) == (SourceStatus.FAILED, troubles.FULL, 0)
    assert not Chunk.unscoped.exists()
    assert read(add(ana_member, b"short", "a.txt")).status == SourceStatus.READY
    read(add(ana_member, b"shorter", "b.txt"))
    with pytest.raises(PlanLimit):
        add(ana_member, b"x", "c.txt")
    assert upload(ana_client, ("c.txt", b"x")).status_code == 403


def test_SR48_files_count_for_the_quota_and_give_it_back(
    acme: Workspace, ana_member: Membership, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.STORAGE_PER_WORKSPACE = 100
    source = add(ana_member, b"x" * 60, "a.txt")
    with pytest.raises(Exception, match="no_room_for_files"):
        add(ana_member, b"x" * 60, "b.txt")
    assert stored() == [source.key]
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_source(source, by=ana_member)
    assert stored() == []
    add(ana_member, b"x" * 60, "b.txt")


def stored() -> list[str]:
    letters = default_storage.listdir("knowledge")[0] if default_storage.exists("knowledge") else []
    return [key for two in letters for key in default_storage.listdir(f"knowledge/{two}")[0]]


def test_deleted_it_leaves_nothing(
    acme: Workspace, ana_member: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    source = read(add(ana_member))
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_source(source, by=ana_member)
    assert answers(acme, "clean") == [] and stored() == []
    stats = KnowledgeStats.unscoped.get()
    assert (stats.n_chunks, stats.n_terms) == (0, 0)


def test_it_goes_with_its_workspace(
    acme: Workspace,
    globex: Workspace,
    ana_member: Membership,
    gil_member: Membership,
    django_capture_on_commit_callbacks: Any,
) -> None:
    read(add(ana_member))
    kept = add(gil_member, b"x", "kept.txt")
    with django_capture_on_commit_callbacks(execute=True):
        while purge.delete_some(acme):
            pass
    assert stored() == [kept.key]


def test_the_sweep_leaves_what_a_row_speaks_of(ana_member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    source = add(ana_member)
    orphan = shelf.stored("txt", b"x")
    monkeypatch.setattr(sweep, "_is_older", lambda *_: True)
    sweep.sweep()
    assert stored() == [source.key] and orphan != source.key


def test_switched_off_and_on_again(acme: Workspace, ana_member: Membership) -> None:
    source = read(add(ana_member))
    actions.change_file(source, by=ana_member, title=source.title, is_active=False)
    assert answers(acme, "clean") == []
    actions.change_file(source, by=ana_member, title="Grinder", is_active=True)
    assert read(source).title == "Grinder.pdf" and answers(acme, "clean")[0] == "Grinder.pdf, page 2"


def test_read_again_it_answers_meanwhile(acme: Workspace, ana_member: Membership) -> None:
    source = read(add(ana_member))
    actions.read_again(source, by=ana_member)
    source.refresh_from_db()
    assert source.status == SourceStatus.WAITING and answers(acme, "clean")
    assert read(source).status == SourceStatus.READY and Document.unscoped.count() == 1


@pytest.mark.parametrize("what", ["off", "deleted"])
def test_who_was_faster_than_the_task_has_won(
    acme: Workspace, ana_member: Membership, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    source = add(ana_member)
    parsed = parsing.parsed

    def slowly(kind: str, data: bytes) -> Any:
        reading = parsed(kind, data)
        if what == "off":
            actions.change_file(source, by=ana_member, title=source.title, is_active=False)
        else:
            actions.delete_source(source, by=ana_member)
        return reading

    monkeypatch.setattr(parsing, "parsed", slowly)
    learning.learn_waiting(acme)
    assert answers(acme, "clean") == [] and not Document.unscoped.exists()


def test_who_finds_nobody_free_waits(acme: Workspace, ana_member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    source = add(ana_member)
    with monkeypatch.context() as patch:
        patch.setattr(parsing, "parsed", lambda *_: (_ for _ in ()).throw(TooBusy()))
        assert read(source).status == SourceStatus.WAITING and not Document.unscoped.exists()
    assert read(source).status == SourceStatus.READY


def test_a_file_that_has_gone_from_the_disk(ana_member: Membership) -> None:
    source = add(ana_member)
    shelf.FILES.remove(source.key)
    assert read(source).error == troubles.GONE_FILE


def test_what_happens_is_in_the_audit_log(acme: Workspace, ana_member: Membership) -> None:
    source = read(add(ana_member))
    actions.read_again(source, by=ana_member)
    actions.read_again(source, by=ana_member)
    actions.change_file(source, by=ana_member, title="Grinder", is_active=True)
    actions.delete_source(source, by=ana_member)
    rows = AuditEntry.unscoped.filter(workspace=acme, action__startswith="knowledge.").order_by("pk")
    assert [sentence(row) for row in rows] == [
        "Ana Srisuk added the file “manual.pdf”.",
        "Ana Srisuk had “manual.pdf” read again.",
        "Ana Srisuk changed the file “Grinder.pdf”.",
        "Ana Srisuk deleted the file “Grinder.pdf”.",
    ]


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_the_file_comes_back_as_it_was(ana_member: Membership, vera_client: Client, gil_client: Client) -> None:
    source = add(ana_member)
    link = vera_client.get(f"{PAGE}{source.pk}/file/")
    file = Client().get(link["Location"])
    assert file.content == MANUAL and file["Content-Disposition"] == 'attachment; filename="manual.pdf"'
    assert "sandbox" in file["Content-Security-Policy"] and file["X-Content-Type-Options"] == "nosniff"
    assert gil_client.get(f"/w/globex/knowledge/{source.pk}/file/").status_code == 404


def test_everybody_reads_and_admins_change(ana_member: Membership, omar_client: Client, adam_client: Client) -> None:
    source = read(add(ana_member))
    for place in ("files/", "files/?q=manual", f"{source.pk}/"):
        page = omar_client.get(PAGE + place).content.decode()
        assert "manual.pdf" in page and f"{source.pk}/edit/" not in page and "files/new/" not in page
    assert "Page 2" in omar_client.get(f"{PAGE}{source.pk}/").content.decode()
    for place in ("files/new/", f"{source.pk}/edit/", f"{source.pk}/read/", f"{source.pk}/delete/"):
        assert omar_client.post(PAGE + place).status_code == 403
        assert adam_client.post(PAGE + place).status_code in (302, 422)


def test_a_page_that_waits_asks_again_and_stops(ana_member: Membership, ana_client: Client) -> None:
    source = add(ana_member)
    for place in (f"{PAGE}files/", f"{PAGE}{source.pk}/"):
        assert f'hx-get="{place}"' in ana_client.get(place).content.decode()
        part = ana_client.get(place, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part and f'hx-get="{place}"' in part
    read(source)
    for place in (f"{PAGE}files/", f"{PAGE}{source.pk}/"):
        assert "hx-get=" not in ana_client.get(place, headers={"HX-Request": "true"}).content.decode()


def test_a_changed_name_is_kept_when_it_is_refused(ana_member: Membership, ana_client: Client) -> None:
    source = add(ana_member)
    assert ana_client.post(f"{PAGE}{source.pk}/edit/", {"title": " ", "is_active": "on"}).status_code == 422
    assert ana_client.post(f"{PAGE}{source.pk}/edit/", {"title": "Grinder", "is_active": "on"}).url == f"{PAGE}files/"
    source.refresh_from_db()
    assert source.title == "Grinder.pdf" and source.is_active


def test_only_what_was_read_can_be_read_again(ana_member: Membership, ana_client: Client) -> None:
    faq = actions.add_faq(ana_member, question="Do you ship?", answer="Yes.")
    assert ana_client.post(f"{PAGE}{faq.pk}/read/").status_code == 404
    source = add(ana_member)
    actions.change_file(source, by=ana_member, title=source.title, is_active=False)
    assert "It is switched off." in ana_client.post(f"{PAGE}{source.pk}/read/", follow=True).content.decode()


def test_the_panel_names_the_page(ana_member: Membership, ana_client: Client) -> None:
    read(add(ana_member))
    page = ana_client.get(f"{PAGE}test/", {"q": "clean it every week"}).content.decode()
    assert "manual.pdf, page 2" in page and "Sentences from one of your files" in page


def test_the_list_asks_the_same_however_long_it_is(
    ana_member: Membership, ana_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        add(ana_member, b"We ship.", f"{number}.txt")
    tasks.sweep_waiting()
    with django_assert_max_num_queries(14):
        ana_client.get(f"{PAGE}files/")


def test_what_a_file_says_is_no_markup(ana_member: Membership, ana_client: Client) -> None:
    source = read(add(ana_member, b"<script>alert(1)</script>", "<b>x.txt"))
    page = ana_client.get(f"{PAGE}{source.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page


def test_what_is_refused_is_not_kept(ana_member: Membership) -> None:
    with pytest.raises(Unreadable):
        add(ana_member, b" ", "a.txt")
    assert stored() == []
