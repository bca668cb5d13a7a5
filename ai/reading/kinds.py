"""Which sort of file it is. The first bytes say so; only among plain texts, which have none, the name does (SR-44)."""

from __future__ import annotations

from ai.reading import troubles
from ai.reading.troubles import Unreadable

PDF, DOCX, TXT, MD, CSV = "pdf", "docx", "txt", "md", "csv"
CONTENT_TYPES = {
    PDF: "application/pdf",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    TXT: "text/plain; charset=utf-8",
    MD: "text/markdown; charset=utf-8",
    CSV: "text/csv; charset=utf-8",
}
ENDINGS = {"pdf": PDF, "docx": DOCX, "txt": TXT, "text": TXT, "md": MD, "markdown": MD, "csv": CSV}
ACCEPTED = ",".join(f".{ending}" for ending in ("pdf", "docx", "txt", "md", "csv"))
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def kind_of(data: bytes, name: str) -> str:
    """Raises `Unreadable` for what is no file of these, or says in its name that it is another one."""
    if not data.strip():
        raise Unreadable(troubles.EMPTY)
    _, dot, ending = name.rpartition(".")
    named = ENDINGS.get(ending.lower()) if dot else None
    if named is None:
        raise Unreadable(troubles.UNKNOWN_KIND)
    if data.startswith(b"%PDF-"):
        found = PDF
    elif data.startswith(b"PK\x03\x04"):
        found = DOCX
    elif b"\x00" in data[:4096] and not data.startswith(UTF16):
        raise Unreadable(troubles.OTHER_KIND)
    else:
        found = named if named in (TXT, MD, CSV) else TXT
    if named != found:
        raise Unreadable(troubles.OTHER_KIND)
    return found
