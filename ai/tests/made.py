"""Small files of each sort, made here: real ones, with Thai in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from pypdf import PdfWriter

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
THAI_RETURNS = "ลูกค้าคืนสินค้าได้ภายใน 14 วัน"


def pdf(*pages: str, unreadable: Sequence[int] = ()) -> bytes:
    """A page per text, a line per line. `unreadable`: pages (from 1) in a packing that nobody knows."""
    letters = sorted({letter for text in pages for letter in text if letter != "\n"})
    codes = {letter: number for number, letter in enumerate(letters, 1)}
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{6 + 2 * at} 0 R' for at in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H"
        " /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /DW 500"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(_letters_of(codes)),
    ]
    for number, text in enumerate(pages, 1):
        at = len(objects) + 1
        resources = "/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 600 800]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {at + 1} 0 R >>")
        objects.append(_stream(_drawn(text, codes), "/Filter /NobodyKnows" if number in unreadable else ""))
    return _written(objects)


def encrypted(data: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    return _saved(writer)


def blank_pdf(pages: int) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    return _saved(writer)


def docx(body: str, *, styles: str = "", doctype: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """`body` and `styles`: what stands inside the two elements."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"{doctype}<w:document {WORD}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/styles.xml", f"<w:styles {WORD}>{styles}</w:styles>")
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def paragraph(text: str, *, style: str = "", is_item: bool = False) -> str:
    number = '<w:numPr><w:ilvl w:val="0"/></w:numPr>' if is_item else ""
    about = f'<w:pPr><w:pStyle w:val="{style}"/>{number}</w:pPr>' if style else f"<w:pPr>{number}</w:pPr>"
    return f"<w:p>{about}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def table(*rows: Sequence[str]) -> str:
    lines = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl>{lines}</w:tbl>"


HEADING_STYLES = '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'


# --- Inside -----------------------------------------------------------------------------------------------------------


def _stream(text: str, more: str = "") -> str:
    return f"<< /Length {len(text.encode())} {more} >>\nstream\n{text}\nendstream"


def _letters_of(codes: dict[str, int]) -> str:
    rows = "\n".join(f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for letter, code in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Made def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{rows}\nendbfchar\nendcmap end end"
    )


def _drawn(text: str, codes: dict[str, int]) -> str:
    lines = [f"<{''.join(f'{codes[letter]:04X}' for letter in line)}> Tj 0 -20 Td" for line in text.split("\n")]
    return "BT /F1 12 Tf 40 760 Td\n" + "\n".join(lines) + "\nET"


def _written(objects: list[str]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table_at = len(out)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode()
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table_at}\n%%EOF".encode()
    return bytes(out)


def _saved(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
