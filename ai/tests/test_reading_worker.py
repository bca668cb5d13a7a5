"""SR-46: what is read of each sort of file, and what becomes of one that is hostile, broken or too large."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ai.reading import kinds, parsing, thai, troubles
from ai.reading.parsing import Trouble, parsed
from ai.reading.troubles import Unreadable
from ai.tests import made
from minichat.lib.files import limited

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def folders(media: Path) -> Path:
    return media


def refusal(kind: str, data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        parsed(kind, data)
    return caught.value.word


def text(kind: str, data: bytes | str) -> str:
    return parsed(kind, data.encode() if isinstance(data, str) else data).text


# --- PDF --------------------------------------------------------------------------------------------------------------


def test_the_pages_of_a_pdf_with_their_numbers() -> None:
    reading = parsed("pdf", made.pdf("Shipping\nWe ship.", "", made.THAI_RETURNS))
    assert reading.pages == [(1, "Shipping\nWe ship."), (3, made.THAI_RETURNS)] and reading.troubles == []


def test_a_page_that_cannot_be_read_is_named_and_the_rest_is_read() -> None:
    reading = parsed("pdf", made.pdf("one", "two", "three", unreadable=[2]))
    assert [number for number, _ in reading.pages] == [1, 3]
    assert reading.troubles == [Trouble(troubles.UNREAD_PAGE, 2)]


def test_lines_of_a_paragraph_are_put_together_again() -> None:
    lines = [
        "We ship to every province in Thailand within three",
        "working days after the payment. Or-",
        "ders are free.",
    ]
    assert parsing.flowing("\n".join(lines)) == f"{lines[0]} working days after the payment. Orders are free."
    thai_lines = ["ลูกค้าสามารถคืนสินค้าได้ภายใน 14 วันนับจากวันที่ได้รับสินค้า กรุณา", "ติดต่อฝ่ายบริการ"]
    assert parsing.flowing("\n".join(thai_lines)) == "".join(thai_lines)
    listed = "A list of all the things that we have in our shop\n- one\n- two"
    assert parsing.flowing(listed) == listed


def test_marks_that_a_pdf_has_lost_are_told_by_the_dictionary() -> None:
    broken = "วันที\x00ได้รับ ติดต่อฝ\x00ายบริการทุกครั\x00ง เพื\x00อ นํ\x00าหนัก ทําไม abc\x00d"
    assert thai.mended(broken) == "วันที่ได้รับ ติดต่อฝ่ายบริการทุกครั้ง เพื่อ น้ำหนัก ทำไม abcd"


def test_a_password_an_empty_one_and_none() -> None:
    assert refusal("pdf", made.encrypted(made.pdf("one"), "secret")) == troubles.ENCRYPTED
    assert text("pdf", made.encrypted(made.pdf("one"), "")) == "one"


def test_500_pages_and_one_more() -> None:
    assert refusal("pdf", made.blank_pdf(501)) == troubles.TOO_MANY_PAGES
    assert refusal("pdf", made.blank_pdf(500)) == troubles.NO_TEXT


@pytest.mark.parametrize("data", [b"%PDF-1.7", made.pdf("one")[:200], b"%PDF-" + bytes(9000)])
def test_half_a_pdf(data: bytes) -> None:
    assert refusal("pdf", data) == troubles.DAMAGED


def test_a_pdf_of_nothing_that_can_be_read() -> None:
    assert refusal("pdf", made.pdf("one", unreadable=[1])) == troubles.DAMAGED


# --- DOCX -------------------------------------------------------------------------------------------------------------


def test_headings_lists_and_tables_of_a_docx() -> None:
    body = (
        made.paragraph("การคืนสินค้า", style="berschrift1")
        + made.paragraph(made.THAI_RETURNS)
        + made.paragraph("beans", is_item=True)
        + made.paragraph("mugs", is_item=True)
        + made.table(["Size", "Price"], ["L", "40 ฿"])
    )
    lines = [line for line in text("docx", made.docx(body, styles=made.HEADING_STYLES)).split("\n") if line]
    assert lines == ["# การคืนสินค้า", made.THAI_RETURNS, "- beans", "- mugs", "Size | Price", "L | 40 ฿"]


def test_only_what_stands_there_is_read() -> None:
    body = "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>"
    more = {"word/comments.xml": b"<a>secret</a>", "../../evil.xml": b"x", "docProps/core.xml": b"<a>Ana</a>"}
    assert text("docx", made.docx(body, more=more)) == "kept"


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({f"word/{number}.xml": b"" for number in range(1_000)}, troubles.BOMB),
        ({"word/media/zeros": bytes(101 * 1024 * 1024)}, troubles.BOMB),
        ({"word/nested.zip": b"PK\x03\x04"}, troubles.NO_TEXT),
    ],
    ids=["members", "bytes", "nested"],
)
def test_SR46_a_docx_that_unpacks_to_more_than_it_seems(more: dict[str, bytes], word: str) -> None:
    assert refusal("docx", made.docx("", more=more)) == word


def test_SR46_entities_are_not_declared() -> None:
    doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    assert refusal("docx", made.docx(made.paragraph("x"), doctype=doctype)) == troubles.DAMAGED


def test_another_archive_is_no_docx() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert refusal("docx", out.getvalue()) == troubles.OTHER_KIND
    assert refusal("docx", b"PK\x03\x04 nonsense") == troubles.DAMAGED


# --- Text, Markdown, CSV ----------------------------------------------------------------------------------------------


def test_plain_text_in_utf8_and_in_utf16() -> None:
    assert text("txt", "\ufeffสวัสดี\r\nครับ") == "สวัสดี\nครับ"
    assert text("txt", "สวัสดี".encode("utf-16")) == "สวัสดี"
    assert refusal("txt", "ราคา".encode("cp874")) == troubles.NOT_UTF8


def test_markdown_keeps_headings_and_words() -> None:
    source = "Returns\n=======\n**Bold** and `code`, [a link](https://x.test) ![a picture](a.png)\n\n"
    source += "## Abroad\n> said\n- one"
    assert text("md", source) == (
        "# Returns\nBold and code, a link (https://x.test) a picture\n\n## Abroad\nsaid\n- one"
    )


def test_each_row_of_a_csv_says_what_its_cells_are() -> None:
    assert text("csv", "ชื่อ;ราคา\nกาแฟ;120\nชา;\n") == "ชื่อ: กาแฟ; ราคา: 120\n\nชื่อ: ชา"
    assert text("csv", '1,2\n3,"4\n5"\n') == "1; 2\n\n3; 4 5"
    assert refusal("csv", b",,\n,\n") == troubles.NO_TEXT


def test_two_million_characters_and_one_more() -> None:
    assert len(text("txt", "x" * 2_000_000)) == 2_000_000
    assert refusal("txt", b"x" * 2_000_001) == troubles.TOO_LONG


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_page_without_what_is_around_it() -> None:
    html = """<!doctype html><title>Help &amp; more</title><link rel="canonical" href="/help">
    <header><nav><a href="/a#top">A</a> <a href="b?x=1">B</a> <a href="/no" rel="nofollow">no</a></nav></header>
    <script>var a = "<p>script</p>"</script><main><header><h1>Help</h1></header><p>First<br>line</p>
    <ul><li>one<li>two <b>bold</b></ul><table><tr><th>Size<th>Price<tr><td><p>L</p><td>40</table>
    <p hidden>hidden</p><form><p>form</p></form><aside>aside</aside></main><footer>footer</footer>"""
    reading = parsed("html", html.encode(), address="http://shop.test/docs/")
    assert [line for line in reading.text.split("\n") if line] == [
        *("# Help", "First", "line", "- one", "- two bold", "Size | Price", "L | 40")
    ]
    assert (reading.title, reading.canonical) == ("Help & more", "http://shop.test/help")
    assert reading.links == ["http://shop.test/a#top", "http://shop.test/docs/b?x=1"]


def test_a_page_that_is_one_form_is_read_all_the_same() -> None:
    assert text("html", "<form><h2>Prices</h2><p>40 baht</p></form>") == "## Prices\n\n40 baht"


def test_letters_as_the_page_declares_them() -> None:
    assert text("html", "<meta charset=windows-874><p>ราคา".encode("cp874")) == "ราคา"
    assert parsed("html", "<p>ราคา".encode("cp874"), charset="tis-620").text == "ราคา"
    assert text("html", "<meta charset=nonsense><p>ราคา") == "ราคา"


@pytest.mark.parametrize("html", ["<div>" * 3_000, "<p><script>x</script>", "<!-- comment -->", ""])
def test_pages_with_nothing_in_them(html: str) -> None:
    assert refusal("html", html.encode()) in (troubles.DAMAGED, troubles.NO_TEXT)


def test_sitemaps() -> None:
    about = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    pages = f"<urlset {about}><url><loc> http://a.test/1 </loc><image><loc>ftp://x</loc></image></url></urlset>"
    assert parsed("sitemap", pages.encode()).links == ["http://a.test/1"]
    maps = f"<sitemapindex {about}><sitemap><loc>http://a.test/s.xml</loc></sitemap></sitemapindex>"
    assert parsed("sitemap", maps.encode()).maps == ["http://a.test/s.xml"]
    assert refusal("sitemap", b"<rss/>") == troubles.NO_SITEMAP
    assert refusal("sitemap", b"<!DOCTYPE a [<!ENTITY b 'c'>]><urlset/>") == troubles.DAMAGED


# --- Which sort it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (b"%PDF-1.7", "a.PDF", "pdf"),
        (b"PK\x03\x04", "a.docx", "docx"),
        (b"a,b", "a.csv", "csv"),
        (b"# a", "a.markdown", "md"),
        ("ก".encode("utf-16"), "a.txt", "txt"),
    ],
)
def test_SR44_the_first_bytes_say_what_it_is(data: bytes, name: str, found: str) -> None:
    assert kinds.kind_of(data, name) == found


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7", "a.docx"),
        (b"PK\x03\x04", "a.pdf"),
        (b"<html>", "a.pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "a.txt"),
    ],
)
def test_SR44_and_the_name_must_not_say_something_else(data: bytes, name: str) -> None:
    with pytest.raises(Unreadable) as caught:
        kinds.kind_of(data, name)
    assert caught.value.word == troubles.OTHER_KIND


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (b"", "a.txt", troubles.EMPTY),
        (b" \n\t", "a.txt", troubles.EMPTY),
        (b"MZ\x00\x00", "a.exe", troubles.UNKNOWN_KIND),
        (b"PK\x03\x04", "a.xlsx", troubles.UNKNOWN_KIND),
        (b"text", "text", troubles.UNKNOWN_KIND),
    ],
)
def test_what_is_no_file_to_read(data: bytes, name: str, word: str) -> None:
    with pytest.raises(Unreadable) as caught:
        kinds.kind_of(data, name)
    assert caught.value.word == word


# --- The process ------------------------------------------------------------------------------------------------------


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Another program in the worker's place, with the real one's limits on it."""
    real = parsing.WORKER

    def replace(program: str) -> None:
        path = tmp_path / "broken.py"
        path.write_text(
            "import json, os, runpy, signal, sys\n"
            f"real = runpy.run_path({str(real)!r})\n"
            "job = json.loads(sys.argv[1])\n"
            "real['limit'](job['memory'], job['seconds'], job['output'])\n" + program
        )
        monkeypatch.setattr(parsing, "WORKER", path)

    return replace


ENDS = {
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "crashed": "os.kill(os.getpid(), signal.SIGSEGV)",
    "over its memory": "bytearray(600 * 1024 * 1024)",
    "over its output": "sys.stdout.buffer.write(bytes(17 * 1024 * 1024))",
    "silent": "pass",
    "nonsense": "print('{\"pages\": 1}')",
    "an unknown refusal": "print(json.dumps({'refused': '<b>'}))",
}


@pytest.mark.parametrize("program", ENDS.values(), ids=list(ENDS))
def test_SR46_whatever_becomes_of_the_worker_the_next_file_is_read(
    program: str, replaced: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    replaced(program)
    assert refusal("txt", b"x") == troubles.DAMAGED
    monkeypatch.undo()
    assert text("txt", b"x") == "x"


@pytest.mark.parametrize("program", ["import time; time.sleep(60)", "while True: pass"], ids=["sleeping", "busy"])
def test_SR46_a_worker_that_never_ends_is_killed(
    program: str, replaced: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(program)
    monkeypatch.setattr(parsing, "SECONDS", 1)
    threads = [threading.Thread(target=lambda: pytest.raises(Unreadable, parsed, "txt", b"x")) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert refusal("txt", b"x") == troubles.SLOW_FILE
    monkeypatch.undo()
    assert text("txt", b"x") == "x"


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('example.com', 80)",
        "import subprocess; subprocess.run(['true'])",
        "os.system('true')",
        "os.fork()",
        "open('/tmp/minichat-evil', 'w')",
        "os.open('/tmp/minichat-evil', os.O_CREAT | os.O_WRONLY)",
    ],
)
def test_SR46_a_worker_reaches_neither_the_network_nor_the_disk(attempt: str, replaced: Callable[[str], None]) -> None:
    replaced(f"try:\n    {attempt}\nexcept PermissionError:\n    print(json.dumps({{'pages': [[None, 'kept in']]}}))\n")
    assert text("txt", b"x") == "kept in"


def test_SR46_the_limits_are_set(replaced: Callable[[str], None]) -> None:
    replaced(
        "import resource\n"
        "limits = [resource.getrlimit(one)[0] for one in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]\n"
        "print(json.dumps({'pages': [[None, json.dumps([limits, sorted(os.environ)])]]}))"
    )
    limits, environment = json.loads(text("txt", b"x"))
    assert limits == [limited.MEMORY, 20] == [512 * 1024 * 1024, 20] and set(environment) <= {"LC_CTYPE"}
