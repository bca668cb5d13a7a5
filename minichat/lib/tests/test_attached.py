"""What may come along with a message, whatever its sender calls it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from minichat.lib.files import limited, refusals, take
from minichat.lib.files.attached import FULL, THUMB
from minichat.lib.tests import pictures

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def folders(media: Path) -> Path:
    return media


def taken(data: bytes):  # noqa: ANN201
    return take(BytesIO(data))


@pytest.mark.parametrize("form", pictures.FORMATS)
def test_SR44_a_picture_is_drawn_anew_in_two_sizes_of_its_own_shape(form: str) -> None:
    found = taken(pictures.picture(form, (900, 300)))
    assert (found.kind, found.content_type, found.extension) == ("image", "image/webp", ".webp")
    assert (found.width, found.height, found.pages) == (900, 300, None)
    full, thumb = (pictures.opened(found.files[name]) for name in ("full.webp", "thumb.webp"))
    assert (full.format, full.size) == ("WEBP", (900, 300))
    assert (thumb.format, thumb.size) == ("WEBP", (THUMB, round(THUMB / 3)))
    assert found.size == len(found.files["full.webp"]) and found.kept > found.size


def test_a_large_picture_is_made_smaller_and_a_small_one_stays() -> None:
    assert (taken(pictures.picture("JPEG", (4000, 3000))).width, FULL) == (2560, 2560)
    small = taken(pictures.picture("PNG", (3, 40)))
    assert (small.width, small.height) == (3, 40)


def test_what_is_seen_through_stays_so() -> None:
    found = taken(pictures.saved(pictures.Image.new("RGBA", (20, 10), (200, 30, 30, 0))))
    assert pictures.pixel(found.files["full.webp"], (5, 5))[3] == 0


def test_an_animation_stands_still_at_its_first_frame() -> None:
    found = taken(pictures.animation(10, (30, 20)))
    assert getattr(pictures.opened(found.files["full.webp"]), "n_frames", 1) == 1


def test_SR45_nothing_that_a_picture_carried_comes_along() -> None:
    exif = pictures.Image.Exif()
    exif[0x010F] = "Secret camera"
    found = taken(pictures.halves("JPEG", exif=exif))
    assert all(b"Secret" not in data and b"EXIF" not in data for data in found.files.values())


def test_SR44_a_pdf_is_passed_on_as_it_is_with_its_pages_counted() -> None:
    data = pictures.pdf(3)
    found = taken(data)
    assert (found.kind, found.content_type, found.pages) == ("pdf", "application/pdf", 3)
    assert found.files == {"file.pdf": data} and found.width is None


def test_SR44_a_locked_pdf_is_passed_on_and_says_nothing() -> None:
    found = taken(pictures.pdf(2, password="secret"))
    assert (found.kind, found.pages) == ("pdf", None)


def zipped() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x" * 1000)
    return file.getvalue()


NOT_TAKEN = {
    "nothing": b"",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a drawing with scripts": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a program": b"MZ" + bytes(200),
    "an archive": zipped(),
    "a page before a pdf": b"<html>" + pictures.pdf(),
    "a text": "สวัสดี".encode(),
    "a picture nobody decodes": pictures.saved(pictures.Image.new("RGB", (9, 9)), "BMP"),
}
BROKEN = {
    "a page that says pdf": b"%PDF-1.7<html><script>alert(1)</script></html>",
    "half a pdf": pictures.pdf(5)[:300],
    "a page that says png": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "half a picture": pictures.noise("JPEG")[: len(pictures.noise("JPEG")) // 2],
}


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_SR44_what_is_not_on_the_list_is_refused(name: str) -> None:
    with pytest.raises((refusals.NotAccepted, refusals.FileEmpty)):
        taken(NOT_TAKEN[name])


@pytest.mark.parametrize("name", BROKEN)
def test_SR44_what_only_begins_like_it_is_refused(name: str) -> None:
    with pytest.raises((refusals.PictureDamaged, refusals.DocumentDamaged)):
        taken(BROKEN[name])


def test_SR44_a_picture_with_a_page_behind_it_comes_out_as_a_picture_alone() -> None:
    found = taken(pictures.picture("GIF") + b"<script>alert(1)</script>" + pictures.pdf())
    assert found.kind == "image" and all(b"script" not in data for data in found.files.values())


def test_SR45_a_small_file_of_900_megapixels_is_refused() -> None:
    with pytest.raises(refusals.TooManyPixels):
        taken(pictures.png_bomb())


def test_SR48_one_byte_over_the_limit_is_refused(settings) -> None:  # noqa: ANN001
    data = pictures.pdf()
    settings.UPLOAD_LIMIT = len(data)
    assert taken(data).kind == "pdf"
    settings.UPLOAD_LIMIT -= 1
    with pytest.raises(refusals.FileTooLarge):
        taken(data)


def test_SR46_a_reader_of_pdf_that_never_ends_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass")
    with monkeypatch.context() as patch:
        patch.setattr(limited, "PICTURE_WORKER", endless)
        patch.setattr("minichat.lib.files.attached.PDF_SECONDS", 1)
        with pytest.raises(refusals.DocumentDamaged):
            taken(pictures.pdf())
    assert taken(pictures.pdf()).pages == 1


@pytest.mark.parametrize("answer", ['{"pages": 0}', '{"pages": -1}', '{"pages": "9"}', '{"pages": true}', "{}"])
def test_SR46_what_a_reader_says_is_looked_at_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str) -> None:
    liar = tmp_path / "liar.py"
    liar.write_text(f"print({answer!r})")
    monkeypatch.setattr(limited, "PICTURE_WORKER", liar)
    with pytest.raises(refusals.DocumentDamaged):
        taken(pictures.pdf())
