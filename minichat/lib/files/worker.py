"""Decodes one picture and draws it anew, or counts the pages of a PDF, in a process of its own (SR-45, SR-46).

Run as a file and not as a module: nothing of ours, no Django and no settings are loaded, so it starts at once and holds
no secret. The job is JSON in the only argument, the file comes on standard input. Standard output gets one line of
JSON, then the drawn pictures in the order that the line names.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from contextlib import suppress
from io import BytesIO
from typing import Any

MAX_PIXELS = 25_000_000  # over all frames
MAX_FRAMES = 50
QUALITY = 82
WHITE = (255, 255, 255, 255)


class Refused(Exception):
    pass


def limit(memory: int, seconds: int, output: int) -> None:
    """Before any byte of the picture is looked at. The parent watches the wall clock."""
    for what, ceiling in [
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(what, (ceiling, ceiling))
    os.nice(5)  # conversations first


def decode(kind: str, data: bytes) -> Any:
    """Opened by the one decoder of its kind: `Image.open` would let the content choose among forty."""
    from PIL import GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

    # WebP allocates its canvas while it is being opened; Pillow refuses there what has twice this many pixels.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
    decoders: dict[str, Any] = {
        "jpeg": JpegImagePlugin.JpegImageFile,
        "png": PngImagePlugin.PngImageFile,
        "webp": WebPImagePlugin.WebPImageFile,
        "gif": GifImagePlugin.GifImageFile,
    }
    try:
        picture = decoders[kind](BytesIO(data))
    except Image.DecompressionBombError as error:
        raise Refused("too_many_pixels") from error
    _measure(picture)
    return picture


def _measure(picture: Any) -> None:
    """The size from the header first: counting a GIF's frames means reading it."""
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise Refused("too_many_pixels")
    frames = getattr(picture, "n_frames", 1)
    if frames > MAX_FRAMES:
        raise Refused("too_many_frames")
    if width * height * frames > MAX_PIXELS:
        raise Refused("too_many_pixels")


def upright(picture: Any, largest: int) -> Any:
    """The first frame's pixels, the right way up. A face or a logo stands still, whatever was sent."""
    from PIL import ImageOps

    # A JPEG can be decoded small: quicker, and less memory.
    picture.draft("RGB", (largest * 2, largest * 2))
    picture.load()
    with suppress(Exception):  # orientation that cannot be read is none
        picture = ImageOps.exif_transpose(picture)
    return picture


def plain(picture: Any) -> Any:
    """In a mode that can be resized: RGB, RGBA, or CMYK until its profile was asked."""
    if picture.mode.startswith(("I", "F")):  # 16 bits of grey
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if picture.mode in ("RGB", "RGBA", "CMYK"):
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def in_srgb(picture: Any, profile: bytes | None) -> Any:
    """The profile is dropped with all other metadata, so the colours are made what they were meant to be first."""
    from PIL import ImageCms

    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha else picture
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            colours = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def square(picture: Any, side: int, fit: str) -> Any:
    """`cover` fills the square and has no holes; `contain` and `within` keep everything, with nothing around it."""
    width, height = picture.size
    if fit == "cover":
        edge = min(width, height)
        left, top = (width - edge) / 2, (height - edge) / 2
        return picture.resize((side, side), box=(left, top, left + edge, top + edge))
    return picture.resize(fitted(width, height, side, fit))


def fitted(width: int, height: int, side: int, fit: str) -> tuple[int, int]:
    scale = side / max(width, height)
    if fit == "within":  # small ones stay as they are
        scale = min(1, scale)
    return max(1, round(width * scale)), max(1, round(height * scale))


def draw(picture: Any, side: int, fit: str, profile: bytes | None) -> bytes:
    from PIL import Image

    small = in_srgb(square(picture, side, fit), profile).convert("RGBA")
    # On a sheet of its own: nothing that the picture carried comes along.
    width, height = small.size if fit == "within" else (side, side)
    sheet = Image.new("RGBA", (width, height), WHITE if fit == "cover" else (0, 0, 0, 0))
    sheet.alpha_composite(small, ((width - small.width) // 2, (height - small.height) // 2))
    drawn = BytesIO()
    sheet.convert("RGB" if fit == "cover" else "RGBA").save(drawn, "WEBP", quality=QUALITY, method=4)
    return drawn.getvalue()


def pages(data: bytes) -> int | None:
    """How many pages a PDF has; None where it does not say without its password."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        return None
    count = reader.get_num_pages()
    if count < 1:
        raise Refused("document_damaged")
    return count


def read_document(data: bytes) -> dict[str, Any]:
    try:
        return {"pages": pages(data)}
    except Exception:  # as below
        return {"refused": "document_damaged"}


def work(job: dict[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    if job["kind"] == "pdf":
        return read_document(data), []
    try:
        picture = decode(job["kind"], data)
        profile = picture.info.get("icc_profile")
        picture = plain(upright(picture, max(job["sizes"])))
        drawn = [draw(picture, side, job["fit"], profile) for side in job["sizes"]]
    except Refused as refusal:
        return {"refused": str(refusal)}, []
    except MemoryError:
        return {"refused": "too_many_pixels"}, []
    except Exception:  # decoders of hostile bytes raise whatever they like
        return {"refused": "picture_damaged"}, []
    width, height = picture.size
    size = fitted(width, height, max(job["sizes"]), job["fit"])
    return {"lengths": [len(one) for one in drawn], "size": size}, drawn


def main() -> None:
    job = json.loads(sys.argv[1])
    limit(job["memory"], job["seconds"], job["output"])
    answer, blobs = work(job, sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(blobs))


if __name__ == "__main__":
    main()
