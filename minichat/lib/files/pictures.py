"""A picture of a person or a shop: whatever was sent goes in, small pictures that we drew ourselves come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any, Literal

from django.conf import settings

from minichat.lib.files import limited, refusals
from minichat.lib.files.kinds import PICTURES, Kind, sniff

EXTENSION = ".webp"
CONTENT_TYPE = "image/webp"
REFUSALS = {
    refusal.code: refusal for refusal in (refusals.PictureDamaged, refusals.TooManyPixels, refusals.TooManyFrames)
}


@dataclass(frozen=True)
class Recipe:
    """What is drawn, in these sizes: squares that `cover` fills and `contain` shows all of, or, with `within`, pictures
    of their own shape whose longer side is at most so long.
    """

    sizes: tuple[int, ...]
    fit: Literal["cover", "contain", "within"]


@dataclass(frozen=True)
class Picture:
    """WebP by size, without a trace of the file they were drawn from. `width` and `height` are the largest one's."""

    drawn: dict[int, bytes]
    width: int = 0
    height: int = 0


def draw(upload: IO[bytes], recipe: Recipe) -> Picture:
    """Raises one of the `refusals`. Name and type that the sender gave are not looked at."""
    data = whole(upload)
    kind = sniff(data)
    if kind not in PICTURES:
        raise refusals.NotAPicture
    return drawn(data, kind, recipe)


def whole(upload: IO[bytes]) -> bytes:
    """All of it, or a refusal: what the sender says about its length is not asked."""
    data = upload.read(settings.UPLOAD_LIMIT + 1)
    if not data:
        raise refusals.FileEmpty
    if len(data) > settings.UPLOAD_LIMIT:
        raise refusals.FileTooLarge(settings.UPLOAD_LIMIT)
    return data


def drawn(data: bytes, kind: Kind, recipe: Recipe) -> Picture:
    job = {"kind": str(kind), "sizes": recipe.sizes, "fit": recipe.fit}
    answer, rest = limited.run(limited.PICTURE_WORKER, job, data)
    if "refused" in answer:
        raise REFUSALS.get(answer["refused"], refusals.PictureFailed)
    cut = _cut(answer, rest, recipe)
    width, height = _measured(answer, recipe)
    return Picture(dict(zip(recipe.sizes, cut, strict=True)), width, height)


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


def _measured(answer: dict[str, Any], recipe: Recipe) -> tuple[int, int]:
    match answer.get("size"):
        case [int(width), int(height)] if 0 < width <= max(recipe.sizes) and 0 < height <= max(recipe.sizes):
            return width, height
    raise refusals.PictureFailed
