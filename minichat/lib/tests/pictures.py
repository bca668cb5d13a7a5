"""Small pictures, good ones and bad ones, made as they are needed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

RED, BLUE = (200, 30, 30), (30, 30, 200)
FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]


def saved(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), colour: Any = RED) -> bytes:
    return saved(Image.new("RGB", size, colour), form)


def noise(form: str, size: tuple[int, int] = (64, 64)) -> bytes:
    """Bytes enough to be cut in half."""
    return saved(Image.effect_noise(size, 90).convert("RGB"), form)


def animation(frames: int, size: tuple[int, int] = (8, 8), form: str = "GIF") -> bytes:
    """Each frame differs, or the encoder would join them."""
    images = [Image.new("L", size, number * 97 % 256) for number in range(frames)]
    return saved(images[0], form, save_all=True, append_images=images[1:], optimize=False)


def halves(form: str = "PNG", **options: Any) -> bytes:
    """Red above, blue below."""
    image = Image.new("RGB", (40, 60), RED)
    image.paste(BLUE, (0, 30, 40, 60))
    return saved(image, form, **options)


def png_bomb(side: int = 30_000) -> bytes:
    """A whole, valid picture of `side` × `side` black pixels in a few kilobytes."""
    row = b"\0" * (1 + (side + 7) // 8)
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunks([(b"IHDR", header), (b"IDAT", packed), (b"IEND", b"")]))


def _chunks(parts: Iterable[tuple[bytes, bytes]]) -> Iterable[bytes]:
    for name, data in parts:
        yield struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def pixel(data: bytes, at: tuple[int, int]) -> tuple[int, ...]:
    found = opened(data).convert("RGBA").getpixel(at)
    assert isinstance(found, tuple)
    return found


def is_like(found: tuple[int, ...], colour: tuple[int, ...]) -> bool:
    """WebP is lossy."""
    return all(abs(one - other) < 24 for one, other in zip(found, colour, strict=False))


def pdf(pages: int = 1, password: str = "") -> bytes:
    """A document without a word in it."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(210, 297)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def upload(data: bytes, name: str = "photo.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type)
