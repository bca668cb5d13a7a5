"""A picture of a person or a shop: whatever was sent goes in, small pictures that we drew ourselves come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any, Literal

from django.conf import settings

from minichat.lib.files import limited, refusals
from minichat.lib.files.kinds import PICTURES, sniff

EXTENSION = ".webp"
CONTENT_TYPE = "image/webp"
REFUSALS = {
    refusal.code: refusal for refusal in (refusals.PictureDamaged, refusals.TooManyPixels, refusals.TooManyFrames)
}


@dataclass(frozen=True)
class Recipe:
    """What is drawn: square, in these sizes. `cover` cuts off what hangs over; `contain` shows all of it."""

    sizes: tuple[int, ...]
    fit: Literal["cover", "contain"]


@dataclass(frozen=True)
class Picture:
    """WebP by size, without a trace of the file they were drawn from."""

    drawn: dict[int, bytes]


def draw(upload: IO[bytes], recipe: Recipe) -> Picture:
    """Raises one of the `refusals`. Name and type that the sender gave are not looked at."""
    data = upload.read(settings.UPLOAD_LIMIT + 1)
    if not data:
        raise refusals.FileEmpty
    if len(data) > settings.UPLOAD_LIMIT:
        raise refusals.FileTooLarge(settings.UPLOAD_LIMIT)
    kind = sniff(data)
    if kind not in PICTURES:
        raise refusals.NotAPicture
    job = {"kind": str(kind), "sizes": recipe.sizes, "fit": recipe.fit}
    answer, rest = limited.run(limited.PICTURE_WORKER, job, data)
    if "refused" in answer:
        raise REFUSALS.get(answer["refused"], refusals.PictureFailed)
    return Picture(dict(zip(recipe.sizes, _cut(answer, rest, recipe), strict=True)))


def _cut(answer: dict[str, Any], rest: bytes, recipe: Recipe) -> list[bytes]:
    """The worker has read hostile bytes: what it says is looked at like any other stranger's word."""
    lengths = answer.get("lengths")
    if not isinstance(lengths, list) or len(lengths) != len(recipe.sizes) or not all(type(n) is int for n in lengths):
        raise refusals.PictureFailed
    drawn, at = [], 0
    for length in lengths:
        drawn.append(rest[at : at + length])
        at += length
    if at != len(rest) or not all(sniff(one) == "webp" for one in drawn):
        raise refusals.PictureFailed
    return drawn
