"""What comes in as a picture, and what we make of it (S-19)."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from minichat.lib.files import refusals
from minichat.lib.files.kinds import sniff
from minichat.lib.files.pictures import Picture, Recipe, draw
from minichat.lib.tests import pictures
from minichat.lib.tests.pictures import BLUE, FORMATS, RED, is_like, opened, pixel

pytestmark = pytest.mark.pure
FACE = Recipe((32, 64), "cover")
LOGO = Recipe((64,), "contain")


@pytest.fixture(autouse=True)
def folders(media: Path) -> None:
    pass


def made(data: bytes, recipe: Recipe = FACE) -> Picture:
    return draw(BytesIO(data), recipe)


# --- Good ones --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_SR44_every_format_we_take_becomes_webp_of_each_size(form: str) -> None:
    drawn = made(pictures.picture(form)).drawn
    assert list(drawn) == [32, 64]
    for size, data in drawn.items():
        assert (opened(data).format, opened(data).size) == ("WEBP", (size, size))
        assert is_like(pixel(data, (size // 2, size // 2)), RED)


def test_a_face_fills_its_square_and_a_logo_is_shown_whole() -> None:
    wide = Image.new("RGB", (90, 30), BLUE)
    wide.paste(RED, (30, 0, 60, 30))
    data = pictures.saved(wide)
    face, logo = made(data).drawn[64], made(data, LOGO).drawn[64]
    assert is_like(pixel(face, (4, 4)), RED) and is_like(pixel(face, (60, 60)), RED)
    assert is_like(pixel(logo, (4, 32)), BLUE) and is_like(pixel(logo, (32, 32)), RED)
    assert pixel(logo, (32, 4))[3] == 0


def test_what_is_transparent_stays_so_in_a_logo_and_is_white_in_a_face() -> None:
    data = pictures.saved(Image.new("RGBA", (40, 40), (0, 0, 0, 0)))
    assert pixel(made(data, LOGO).drawn[64], (32, 32))[3] == 0
    assert is_like(pixel(made(data).drawn[64], (32, 32)), (255, 255, 255, 255))


@pytest.mark.parametrize("size", [(1, 1), (2000, 1), (1, 2000)])
def test_thin_and_tiny_pictures(size: tuple[int, int]) -> None:
    data = pictures.picture(size=size)
    assert opened(made(data).drawn[64]).size == opened(made(data, LOGO).drawn[64]).size == (64, 64)


def test_an_animation_stands_still() -> None:
    drawn = made(pictures.animation(5, form="WEBP")).drawn[32]
    assert getattr(opened(drawn), "n_frames", 1) == 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_every_mode_is_read(mode: str) -> None:
    """Half grey stays half grey, with 16 bits and with four inks too."""
    half = {"I;16": 0x8080, "CMYK": (0, 0, 0, 127), "LA": (128, 255), "1": 1}.get(mode, 128)
    form = "JPEG" if mode == "CMYK" else "PNG"
    expected = (255, 255, 255) if mode == "1" else (128, 128, 128)
    image = Image.new("L", (16, 16), 128).convert("P") if mode == "P" else Image.new(mode, (16, 16), half)
    assert is_like(pixel(made(pictures.saved(image, form)).drawn[32], (16, 16)), expected)


# --- Nothing comes along ----------------------------------------------------------------------------------------------


def exif_with_place() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (13.0, 45.0, 0.0)
    return exif


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_SR45_the_place_is_dropped_and_the_picture_stands_upright(form: str) -> None:
    data = pictures.halves(form, exif=exif_with_place())
    assert opened(data).getexif().get_ifd(0x8825)[1] == "N" and b"SecretCamera" in data
    drawn = made(data).drawn[64]
    assert dict(opened(drawn).getexif()) == {}
    assert not any(name in drawn for name in (b"EXIF", b"XMP ", b"ICCP", b"SecretCamera"))
    assert is_like(pixel(drawn, (32, 4)), BLUE) and is_like(pixel(drawn, (32, 60)), RED)


@pytest.mark.parametrize("size", FACE.sizes)
def test_SR45_profiles_comments_and_texts_are_dropped_from_every_size(size: int) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = pictures.halves("JPEG", icc_profile=profile, comment=b"SecretComment", xmp=b"<x:xmpmeta>SecretPacket")
    assert b"SecretComment" in data and b"SecretPacket" in data and b"ICC_PROFILE" in data
    drawn = made(data).drawn[size]
    assert not {"icc_profile", "exif", "xmp", "comment"} & opened(drawn).info.keys()
    assert b"Secret" not in drawn


def test_SR45_orientation_that_cannot_be_read_is_none() -> None:
    assert made(pictures.halves("JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")).drawn


SCRIPT = b"<script>alert(document.cookie)</script>"


@pytest.mark.parametrize(
    "data",
    [
        pictures.picture("GIF") + SCRIPT,
        pictures.saved(Image.new("RGB", (8, 8)), "GIF", comment=SCRIPT),
        pictures.saved(Image.new("RGB", (8, 8)), "JPEG", comment=b"*/=1;alert(1);/*" + SCRIPT),
        pictures.picture("PNG") + b"PK\x03\x04" + SCRIPT,
    ],
    ids=["gif-html", "gif-comment", "jpeg-js", "png-zip"],
)
def test_SR44_a_picture_that_is_also_a_page_comes_out_as_a_picture_alone(data: bytes) -> None:
    assert SCRIPT in data
    for drawn in made(data).drawn.values():
        assert b"script" not in drawn and b"alert" not in drawn
        assert sniff(drawn) == "webp"


# --- Bad ones ---------------------------------------------------------------------------------------------------------

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
FOREIGN = {
    "svg": SVG,
    "html": b"<!doctype html>" + SCRIPT,
    "bmp": pictures.picture("BMP"),
    "tiff": pictures.picture("TIFF"),
    "ico": pictures.picture("ICO"),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "pdf": b"%PDF-1.7\n",
    "text": b"hello",
    "nothing but zeros": bytes(1000),
    "a sound in RIFF": b"RIFF\x24\0\0\0WAVEfmt ",
}


@pytest.mark.parametrize("data", FOREIGN.values(), ids=list(FOREIGN))
def test_SR44_what_is_no_picture_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(refusals.NotAPicture):
        made(data)


@pytest.mark.parametrize(
    "data",
    [b"GIF89a" + SCRIPT, b"\xff\xd8\xff" + SCRIPT, b"\x89PNG\r\n\x1a\n" + SVG, b"RIFF\x24\0\0\0WEBPVP8 " + SCRIPT],
    ids=FORMATS[::-1],
)
def test_SR44_the_first_bytes_alone_make_no_picture(data: bytes) -> None:
    assert sniff(data)
    with pytest.raises(refusals.PictureDamaged):
        made(data)


@pytest.mark.parametrize("form", FORMATS)
def test_SR44_half_a_picture_is_refused(form: str) -> None:
    whole = pictures.noise(form)
    assert made(whole)
    with pytest.raises(refusals.PictureDamaged):
        made(whole[: len(whole) // 2])


def test_SR44_an_empty_file_is_refused() -> None:
    with pytest.raises(refusals.FileEmpty):
        made(b"")


def test_SR48_one_byte_over_the_limit_is_refused(settings: object) -> None:
    limit = 10 * 1024 * 1024
    whole = pictures.picture("PNG")
    assert made(whole + bytes(limit - len(whole)))
    with pytest.raises(refusals.FileTooLarge) as refusal:
        made(whole + bytes(limit + 1 - len(whole)))
    assert "10 MB" in refusal.value.detail


def test_SR45_a_small_file_of_900_megapixels_is_refused() -> None:
    bomb = pictures.png_bomb()
    assert len(bomb) < 700_000 and opened_size(bomb) == (30_000, 30_000)
    with pytest.raises(refusals.TooManyPixels):
        made(bomb)


@pytest.mark.parametrize(("form", "side"), [("JPEG", 10_000), ("GIF", 8_000), ("WEBP", 5_001), ("PNG", 5_001)])
def test_SR45_more_than_25_megapixels_are_refused(form: str, side: int) -> None:
    with pytest.raises(refusals.TooManyPixels):
        made(pictures.saved(Image.new("L", (side, side)), form))


def test_SR45_25_megapixels_are_read() -> None:
    assert made(pictures.saved(Image.new("L", (5_000, 5_000), 9), "PNG", compress_level=1)).drawn


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_SR45_more_than_50_frames_are_refused(form: str) -> None:
    assert made(pictures.animation(50, form=form))
    with pytest.raises(refusals.TooManyFrames):
        made(pictures.animation(60, form=form))


def test_SR45_pixels_are_counted_over_all_frames() -> None:
    assert made(pictures.animation(24, size=(1000, 1000)))
    with pytest.raises(refusals.TooManyPixels):
        made(pictures.animation(26, size=(1000, 1000)))


def opened_size(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
