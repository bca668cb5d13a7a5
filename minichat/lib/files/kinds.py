"""What a file is, told by its first bytes. Whether that is true shows when it is decoded (SR-44)."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    PDF = "pdf"


PICTURES = frozenset(Kind) - {Kind.PDF}
MAGIC: list[tuple[Kind, dict[int, bytes]]] = [
    (Kind.JPEG, {0: b"\xff\xd8\xff"}),
    (Kind.PNG, {0: b"\x89PNG\r\n\x1a\n"}),
    (Kind.GIF, {0: b"GIF87a"}),
    (Kind.GIF, {0: b"GIF89a"}),
    (Kind.WEBP, {0: b"RIFF", 8: b"WEBPVP8"}),
    # At the very beginning, though readers of PDF look further: what begins as something else is something else.
    (Kind.PDF, {0: b"%PDF-"}),
]


def sniff(data: bytes) -> Kind | None:
    for kind, marks in MAGIC:
        if all(data[at : at + len(mark)] == mark for at, mark in marks.items()):
            return kind
    return None
