"""Reads one file or page of a stranger's in a process of its own (SR-46): no network, a ceiling on time and memory.

Run as a file and not as a module, like `minichat/lib/files/worker.py`: nothing of ours, no Django and no settings are
loaded. The job is JSON in the only argument, the bytes come on standard input, one line of JSON goes out.
"""

from __future__ import annotations

import csv
import json
import os
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any, NoReturn
from urllib.parse import urljoin
from zipfile import BadZipFile, ZipFile

# As SR-46 has them. The shortest of them meets a bomb first.
MOST_PAGES = 500
MOST_CHARACTERS = 2_000_000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_MEMBERS = 1_000
MOST_LINKS = 1_000
LONGEST_LINK = 1_000
# A PDF stops so long before it would be killed: what was read until then counts.
SPARE_SECONDS = 4
CHUNK = 64 * 1024
DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Refused(Exception):
    """Its only argument is one of `ai/reading/troubles.py`."""


def limit(memory: int, seconds: int, output: int) -> None:
    """Before any byte is looked at. The parent watches the wall clock."""
    for what, ceiling in [
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(what, (ceiling, ceiling))
    os.nice(5)  # conversations first
    sys.addaudithook(_stay_inside)


def _stay_inside(event: str, arguments: tuple[Any, ...]) -> None:
    """All readers here are Python: what one of them is talked into is asked for here first."""
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.")):
        raise PermissionError(event)
    if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        raise PermissionError(event)


# --- PDF --------------------------------------------------------------------------------------------------------------


def read_pdf(data: bytes, job: dict[str, Any]) -> dict[str, Any]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    ends = time.monotonic() + job["seconds"] - SPARE_SECONDS
    try:
        reader = PdfReader(BytesIO(data))
        # Many have an empty password: they may be read by everybody.
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("encrypted")
        count = len(reader.pages)
    except (Refused, MemoryError):
        raise
    except (PyPdfError, Exception) as error:  # readers of hostile bytes raise whatever they like
        raise Refused("encrypted" if "encrypt" in type(error).__name__.lower() else "damaged") from error
    if count > MOST_PAGES:
        raise Refused("too_many_pages")
    pages: list[list[Any]] = []
    unread: list[int] = []
    size = 0
    for number in range(1, count + 1):
        if time.monotonic() > ends:
            return {"pages": pages, "unread": unread, "count": count, "stopped_at": number}
        try:
            text = reader.pages[number - 1].extract_text() or ""
        except MemoryError:
            raise
        except Exception:  # as above
            unread.append(number)
            continue
        size += len(text)
        _short_enough(size)
        pages.append([number, text])
    return {"pages": pages, "unread": unread, "count": count}


# --- DOCX -------------------------------------------------------------------------------------------------------------


def read_docx(data: bytes, job: dict[str, Any]) -> dict[str, Any]:
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = _looked_over(archive)
            levels = _Styles().fed(_member(archive, STYLES)).levels if STYLES in names else {}
            return {"pages": [[None, _Document(levels).fed(_member(archive, DOCUMENT)).text]]}
    except (BadZipFile, NotImplementedError, EOFError, KeyError, ValueError, OSError, RuntimeError) as error:
        # Nothing is read with a password; whoever sets one wants it to be secret.
        raise Refused("encrypted" if "password" in str(error) else "damaged") from error


def _looked_over(archive: ZipFile) -> set[str]:
    """Its table of contents, before anything of it is unpacked. No member yields more than is written there."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise Refused("bomb")
    names = {one.filename for one in members}
    if DOCUMENT not in names:
        raise Refused("other_kind")
    return names


def _member(archive: ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as file:
        while part := file.read(CHUNK):
            yield part


class Xml:
    """Events of a document without a DTD: no entity is ever declared, so none can grow or fetch."""

    def fed(self, parts: Iterator[bytes]) -> Any:
        from xml.parsers import expat

        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = lambda name, given: self.start("{" + name if "}" in name else name, given)
        parser.EndElementHandler = lambda name: self.end("{" + name if "}" in name else name)
        parser.CharacterDataHandler = self.data
        try:
            for part in parts:
                parser.Parse(part, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Refused("damaged") from error
        return self

    def start(self, name: str, given: dict[str, str]) -> None:
        pass

    def end(self, name: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


def _refuse_doctype(*arguments: object) -> NoReturn:
    raise Refused("damaged")


def _value(given: dict[str, str], name: str = "val") -> str:
    return given.get(WORD[1:] + name, "")


class _Styles(Xml):
    """Which styles are headings, and of what level: their ids differ by language, their names do not."""

    def __init__(self) -> None:
        self.levels: dict[str, int] = {}
        self._id = ""

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == WORD + "style":
            self._id = _value(given, "styleId")
        elif name == WORD + "name":
            found = re.fullmatch(r"heading ([1-6])", _value(given).lower())
            if found:
                self.levels[self._id] = int(found[1])
            elif _value(given).lower() == "title":
                self.levels[self._id] = 1


class _Document(Xml):
    def __init__(self, levels: dict[str, int]) -> None:
        self._levels = levels
        self._lines: list[str] = []
        self._paragraph: list[str] = []
        self._rows: list[list[str]] = []
        self._prefix, self._is_text, self._skipped, self._size = "", False, 0, 0

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def start(self, name: str, given: dict[str, str]) -> None:
        if self._skipped or name.endswith("}Fallback"):  # the same text box once more, for older readers
            self._skipped += 1
        elif name == WORD + "p":
            self._paragraph, self._prefix = [], ""
        elif name == WORD + "pStyle" and _value(given) in self._levels:
            self._prefix = "#" * self._levels[_value(given)] + " "
        elif name == WORD + "numPr" and not self._prefix:
            self._prefix = "- "
        elif name == WORD + "t":
            self._is_text = True
        elif name in (WORD + "tab", WORD + "br", WORD + "cr"):
            self._paragraph.append(" ")
        elif name == WORD + "tr":
            self._rows.append([])
        elif name == WORD + "tc" and self._rows:
            self._rows[-1].append("")

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name == WORD + "t":
            self._is_text = False
        elif name == WORD + "p":
            self._say(" ".join("".join(self._paragraph).split()))
            self._paragraph = []
        elif name == WORD + "tr" and self._rows:
            self._end_row(" | ".join(filter(None, self._rows.pop())))
        elif name == WORD + "tbl" and not self._rows:
            self._lines.append("")

    def data(self, text: str) -> None:
        if self._is_text and not self._skipped:
            self._size += len(text)
            _short_enough(self._size)
            self._paragraph.append(text)

    def _say(self, line: str) -> None:
        if self._rows:
            self._into_cell(line)
        elif line:
            # A list stays together; all other paragraphs stand alone.
            self._lines += [self._prefix + line] if self._prefix == "- " else ["", self._prefix + line]

    def _into_cell(self, line: str) -> None:
        if self._rows[-1]:
            self._rows[-1][-1] = f"{self._rows[-1][-1]} {line}".strip()

    def _end_row(self, line: str) -> None:
        if self._rows:  # a table in a cell
            self._into_cell(line)
        elif line:
            self._lines.append(line)


# --- Text, Markdown, CSV ----------------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("not_utf8") from error


def read_text(data: bytes, job: dict[str, Any]) -> dict[str, Any]:
    return {"pages": [[None, _decoded(data)]]}


_FENCE = re.compile(r"^\s*(```|~~~)")
_IMAGE = re.compile(r"!\[([^\[\]\n]{0,300})\]\([^)\n]{0,1000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^)\s]{1,1000})[^)\n]{0,300}\)")
_STRONG = re.compile(r"(\*\*|__|\*|`)(?=\S)([^*_`\n]{1,1000})(?<=\S)\1")


def read_markdown(data: bytes, job: dict[str, Any]) -> dict[str, Any]:
    """Headings stay; of links and emphasis the words do."""
    lines: list[str] = []
    is_code = False
    for line in _decoded(data).splitlines():
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code and re.fullmatch(r"\s{0,3}(=+|-+)\s*", line) and lines and lines[-1].strip():
            lines[-1] = ("# " if "=" in line else "## ") + lines[-1].strip()
        elif is_code:
            lines.append(line)
        else:
            plain = _LINK.sub(r"\1 (\2)", _IMAGE.sub(r"\1", line))
            lines.append(re.sub(r"^\s{0,3}>\s?", "", _STRONG.sub(r"\2", plain)))
    return {"pages": [[None, "\n".join(lines)]]}


def read_csv(data: bytes, job: dict[str, Any]) -> dict[str, Any]:
    """Each row by itself, with the names of its columns: a piece of a table says nothing without them."""
    text = _decoded(data)
    csv.field_size_limit(MOST_CHARACTERS)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = [[" ".join(cell.split()) for cell in row] for row in csv.reader(StringIO(text), delimiter=separator)]
    except csv.Error as error:
        raise Refused("damaged") from error
    rows = [row for row in rows if any(row)]
    if not rows:
        raise Refused("no_text")
    head, *body = rows
    if not body or not all(head) or any(re.fullmatch(r"[\d.,%-]+", cell) for cell in head):
        head, body = [], rows
    lines, size = [], 0
    for row in body:
        named = [f"{head[at]}: {cell}" if at < len(head) else cell for at, cell in enumerate(row) if cell]
        lines.append("; ".join(named))
        size += len(lines[-1]) + 2
        _short_enough(size)
    return {"pages": [[None, "\n\n".join(lines)]]}


# --- Web pages --------------------------------------------------------------------------------------------------------

UNSEEN = {"script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "math", "title"}
AROUND = {"nav", "aside", "form", "header", "footer", "button", "select", "dialog"}
BLOCKS = {
    *("p", "div", "section", "article", "main", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "table", "figure"),
    *("figcaption", "address", "details", "summary", "hr", "body", "fieldset", "center"),
}
# Nobody closes these, and none of them stands in its own kind.
ALONE = {"p", "li", "td", "th", "tr", "dt", "dd", "option"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?\s*([A-Za-z0-9_-]{1,40})", re.I)
THAI = {"windows-874": "cp874", "tis-620": "cp874", "iso-8859-11": "cp874", "x-windows-874": "cp874"}


def read_html(data: bytes, job: dict[str, Any]) -> dict[str, Any]:
    text = _as_declared(data, job.get("charset", ""))
    _short_enough(len(text))
    page = _parsed(text, job, AROUND)
    if not page.text:  # somebody has put all of it into a form, or a menu that never ends
        page = _parsed(text, job, set())
    links = [] if page.is_nofollow else list(dict.fromkeys(page.links))[:MOST_LINKS]
    return {"pages": [[None, page.text]], "title": page.title, "links": links, "canonical": page.canonical}


def _as_declared(data: bytes, charset: str) -> str:
    found = _CHARSET.search(data[:4096])
    for name in (charset, found[1].decode() if found else "", "utf-8"):
        with suppress(LookupError, UnicodeDecodeError):
            if name:
                return data.decode(THAI.get(name.lower(), name))
    return data.decode("utf-8", errors="replace")


def _parsed(text: str, job: dict[str, Any], dropped: set[str]) -> _Page:
    page = _Page(job.get("address", ""), dropped)
    page.feed(text)
    page.close()
    page.finish()
    return page


class _Page(HTMLParser):
    """What a reader would read of it: headings, paragraphs, lists, rows of tables. Menus and forms are left out."""

    def __init__(self, address: str, dropped: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.title, self.canonical = "", ""
        self.links: list[str] = []
        self.is_nofollow = False
        self._address, self._dropped = address, dropped
        self._lines: list[str] = []
        self._words: list[str] = []
        self._prefix = ""
        self._open: list[tuple[str, bool]] = []
        """Elements that are open, and whether what is in them is left out."""
        self._cells = 0

    @property
    def text(self) -> str:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()

    @property
    def _is_left_out(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and given.get("href"):
            self._address = _joined(self._address, given["href"]) or self._address
        elif tag == "a":
            self._link(given)
        elif tag == "link" and "canonical" in given.get("rel", "").lower():
            self.canonical = _joined(self._address, given.get("href", ""))
        elif tag == "meta" and given.get("name", "").lower() == "robots":
            self.is_nofollow = "nofollow" in given.get("content", "").lower()
        if tag in ALONE and self._open and self._open[-1][0] == tag:
            self._open.pop()
        if tag not in VOID:
            self._open.append((tag, self._is_left_out or self._is_unwanted(tag, given)))
            if len(self._open) > 2_000:
                raise Refused("damaged")
        if not self._is_left_out:
            self._begin(tag)

    def handle_endtag(self, tag: str) -> None:
        if not any(one == tag for one, _ in self._open):
            return
        was_left_out = self._is_left_out
        while self._open.pop()[0] != tag:
            pass
        if not was_left_out:
            self._begin(tag, is_end=True)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "title" and not any(one == "svg" for one, _ in self._open):
            self.title = " ".join(f"{self.title}{data}".split())[:300]
        elif not self._is_left_out:
            self._words.append(data)

    def finish(self) -> None:
        self._end_line()

    def _is_unwanted(self, tag: str, given: dict[str, str]) -> bool:
        if tag in UNSEEN or "hidden" in given or given.get("aria-hidden") == "true":
            return True
        # The header of an article has its heading in it.
        is_inside = tag in ("header", "footer") and any(one in ("main", "article") for one, _ in self._open)
        return tag in self._dropped and not is_inside

    def _link(self, given: dict[str, str]) -> None:
        href = given.get("href", "").strip()
        if href and not href.startswith("#") and "nofollow" not in given.get("rel", "").lower():
            found = _joined(self._address, href)
            if len(self.links) < 5 * MOST_LINKS and found.startswith(("http://", "https://")):
                self.links.append(found)

    def _begin(self, tag: str, *, is_end: bool = False) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self._end_line(is_paragraph=True)
            self._prefix = "" if is_end else "#" * int(tag[1]) + " "
        elif tag == "li":
            self._end_line()
            self._prefix = "" if is_end else "- "
        elif tag == "br":
            self._end_line()
        elif tag == "tr":
            self._end_line()
            self._cells = 0
        elif tag in ("td", "th") and not is_end:
            if self._cells:
                self._words.append(" | ")
            self._cells += 1
        elif tag in BLOCKS and not (self._cells and tag in ("p", "div")):
            self._end_line(is_paragraph=self._prefix != "- ")
        if tag == "table":
            self._cells = 0

    def _end_line(self, *, is_paragraph: bool = False) -> None:
        line = " ".join("".join(self._words).split()).strip(" |")
        self._words = []
        if line:
            self._lines.append(self._prefix + line)
            self._prefix = ""
        if is_paragraph and self._lines and self._lines[-1]:
            self._lines.append("")


def _joined(address: str, href: str) -> str:
    try:
        found = urljoin(address, href.strip())
    except ValueError:
        return ""
    return found if len(found) <= LONGEST_LINK else ""


# --- Sitemaps ---------------------------------------------------------------------------------------------------------


def read_sitemap(data: bytes, job: dict[str, Any]) -> dict[str, Any]:
    found = _Sitemap().fed(iter([data]))
    if not found.is_one:
        raise Refused("no_sitemap")
    return {"pages": [], "links": list(dict.fromkeys(found.pages)), "maps": list(dict.fromkeys(found.maps))}


class _Sitemap(Xml):
    def __init__(self) -> None:
        self.pages: list[str] = []
        self.maps: list[str] = []
        self.is_one = False
        self._open: list[str] = []
        self._words: list[str] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        self._open.append(name.rpartition("}")[2])
        self._words = []
        self.is_one = self.is_one or self._open[0] in ("urlset", "sitemapindex")

    def end(self, name: str) -> None:
        address = "".join(self._words).strip()
        if self._open[-1] == "loc" and address.startswith(("http://", "https://")) and len(address) <= LONGEST_LINK:
            kept = self.maps if "sitemap" in self._open else self.pages
            if len(kept) < MOST_LINKS:
                kept.append(address)
        self._open.pop()
        self._words = []

    def data(self, text: str) -> None:
        self._words.append(text)


# --- The job ----------------------------------------------------------------------------------------------------------

READERS: dict[str, Callable[[bytes, dict[str, Any]], dict[str, Any]]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "txt": read_text,
    "md": read_markdown,
    "csv": read_csv,
    "html": read_html,
    "sitemap": read_sitemap,
}


def _short_enough(size: int) -> None:
    if size > MOST_CHARACTERS:
        raise Refused("too_long")


def work(job: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        answer = READERS[job["kind"]](data, job)
        _short_enough(sum(len(text) for _, text in answer["pages"]))
    except Refused as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        return {"refused": "bomb"}
    except Exception:  # readers of hostile bytes raise whatever they like
        return {"refused": "damaged"}
    return answer


def main() -> None:
    job = json.loads(sys.argv[1])
    limit(job["memory"], job["seconds"], job["output"])
    answer = json.dumps(work(job, sys.stdin.buffer.read()), ensure_ascii=False)
    # A PDF may say half of a letter.
    sys.stdout.buffer.write(answer.encode(errors="replace") + b"\n")


if __name__ == "__main__":
    main()
