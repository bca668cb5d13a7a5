"""A file that somebody sends along with words: a picture, drawn anew, or a PDF, looked at and passed on as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from minichat.lib.files import limited, pictures, refusals
from minichat.lib.files.kinds import PICTURES, Kind, sniff
from minichat.lib.files.pictures import Recipe

# What is opened, and what stands in the thread (twice as many pixels as it is wide there).
FULL, THUMB = 2560, 640
RECIPE = Recipe((FULL, THUMB), "within")
PDF = "application/pdf"
PDF_SECONDS = 20
# For the dialog in which a file is chosen. A phone turns its own formats into one of these.
ACCEPTED = ",".join(sorted([*(f"image/{kind}" for kind in PICTURES), PDF]))
MOST_PAGES = 2**31 - 1


@dataclass(frozen=True)
class Taken:
    """What we keep of it. `files` are the objects by the names they get; `main` is the one that is handed out."""

    kind: str
    content_type: str
    extension: str
    files: dict[str, bytes]
    main: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None

    @property
    def size(self) -> int:
        return len(self.files[self.main])

    @property
    def kept(self) -> int:
        """What it takes up, with its smaller copies."""
        return sum(map(len, self.files.values()))


def take(upload: IO[bytes]) -> Taken:
    """Raises one of the `refusals`. Name and type that the sender gave are not looked at (SR-44)."""
    data = pictures.whole(upload)
    kind = sniff(data)
    if kind is None:
        raise refusals.NotAccepted
    return _picture(data, kind) if kind in PICTURES else _document(data)


def _picture(data: bytes, kind: Kind) -> Taken:
    picture = pictures.drawn(data, kind, RECIPE)
    return Taken(
        kind="image",
        content_type=pictures.CONTENT_TYPE,
        extension=pictures.EXTENSION,
        files={"full.webp": picture.drawn[FULL], "thumb.webp": picture.drawn[THUMB]},
        main="full.webp",
        width=picture.width,
        height=picture.height,
    )


def _document(data: bytes) -> Taken:
    """Passed on byte for byte: a PDF that is drawn anew is another document. It is only ever handed out to be saved."""
    try:
        answer, _ = limited.run(limited.PICTURE_WORKER, {"kind": "pdf"}, data, seconds=PDF_SECONDS)
    except refusals.PictureFailed as failure:
        raise refusals.DocumentDamaged from failure
    pages = answer.get("pages", 0)
    is_count = pages is None or (type(pages) is int and 0 < pages <= MOST_PAGES)
    if not is_count:
        raise refusals.DocumentDamaged
    return Taken(kind="pdf", content_type=PDF, extension=".pdf", files={"file.pdf": data}, main="file.pdf", pages=pages)
