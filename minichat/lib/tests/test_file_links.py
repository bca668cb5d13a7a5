"""What comes out: pictures for everybody, and links for five minutes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.shelf import AVATARS
from minichat.lib.files import Picture, link_to, links, names

pytestmark = pytest.mark.django_db
DRAWN = Picture({64: b"RIFF----WEBPVP8 picture"})
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@pytest.fixture
def stored(media: Path) -> str:
    return default_storage.save("private/ab/report.pdf", ContentFile(b"%PDF-1.7 secret"))


@pytest.fixture
def face(media: Path) -> str:
    return AVATARS.put(DRAWN)


# --- Pictures for everybody -------------------------------------------------------------------------------------------


def test_SR41_a_picture_may_be_shown_everywhere_and_kept_for_ever(anonymous_client: Client, face: str) -> None:
    answer = anonymous_client.get(AVATARS.url(face, 64))
    assert (answer.status_code, answer.content) == (200, DRAWN.drawn[64])
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Security-Policy"] == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Content-Disposition" not in answer


def test_SR42_a_picture_is_the_same_for_all_and_leaves_nothing_behind(ana_client: Client, face: str) -> None:
    answer = ana_client.get(AVATARS.url(face, 64))
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_SR35_the_door_of_files_never_looks_at_the_session(
    ana_client: Client, face: str, stored: str, django_assert_num_queries: Any
) -> None:
    link = link_to(stored, name="r.pdf", content_type="application/pdf")
    with django_assert_num_queries(0):
        assert ana_client.get(AVATARS.url(face, 64)).status_code == 200
        assert ana_client.get(link).status_code == 200


def test_what_is_not_there_is_404_and_not_kept(anonymous_client: Client, face: str) -> None:
    for path in [
        f"/media/avatars/{face}/65.webp",
        f"/media/avatars/{'0' * 32}/64.webp",
        f"/media/logos/{face}/64.webp",
        f"/media/nothing/{face}/64.webp",
        f"/media/avatars/..%2f{face}/64.webp",
        f"/media/avatars/{face}%00/64.webp",
        "/media/avatars/",
        "/media/incoming/x.upload",
    ]:
        answer = anonymous_client.get(path)
        assert answer.status_code == 404, path
        assert "immutable" not in answer.get("Cache-Control", "")


def test_a_picture_is_only_looked_at(ana_client: Client, face: str) -> None:
    assert ana_client.post(AVATARS.url(face, 64)).status_code == 405
    assert ana_client.head(AVATARS.url(face, 64)).status_code == 200


# --- Links for five minutes -------------------------------------------------------------------------------------------


def test_SR47_a_link_opens_one_object_as_a_download(anonymous_client: Client, stored: str) -> None:
    answer = anonymous_client.get(link_to(stored, name="รายงาน มกราคม.pdf", content_type="application/pdf"))
    assert (answer.status_code, answer.content) == (200, b"%PDF-1.7 secret")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E0%B8%A3%E0%B8%B2")
    assert answer["Content-Disposition"].endswith(".pdf")
    assert answer["Content-Security-Policy"] == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, max-age=300"


def test_SR47_pictures_of_ours_are_shown_in_the_page_and_nothing_else(anonymous_client: Client, media: Path) -> None:
    path = default_storage.save("private/ab/one.webp", ContentFile(DRAWN.drawn[64]))
    answer = anonymous_client.get(link_to(path, name="cat.jpg", content_type="image/webp", inline=True))
    assert answer["Content-Disposition"] == 'inline; filename="cat.webp"'
    for other in ("text/html", "image/svg+xml", "application/pdf", "image/png"):
        with pytest.raises(ValueError, match="drew ourselves"):
            link_to(path, name="x", content_type=other, inline=True)


def test_SR47_a_link_grows_old_in_five_minutes(
    anonymous_client: Client, stored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, now = link_to(stored, name="r.pdf", content_type="application/pdf"), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 299)
    assert anonymous_client.get(link).status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + 302)
    answer = anonymous_client.get(link)
    assert answer.status_code == 404
    assert "no longer works" in answer.content.decode()


PARTS = ["private/ab/report.pdf", "r.pdf", "application/pdf", False]
FOREIGN = {
    "of another purpose": lambda: signing.dumps(PARTS, salt="minichat.widget.ticket", compress=True),
    "of no purpose": lambda: signing.dumps(PARTS, compress=True),
    "of another key": lambda: signing.dumps(PARTS, key="other-0123456789-abcdefghijklmnop", salt=links.SALT),
    "not signed": lambda: "WyJwcml2YXRlIl0:1abcde:x",
    "no token": lambda: "x",
    "long": lambda: "x" * 20_000,
    "with a NUL": lambda: "x%00y",
}


@pytest.mark.parametrize("token", FOREIGN.values(), ids=list(FOREIGN))
def test_SR47_a_token_of_somebody_else_opens_nothing(anonymous_client: Client, stored: str, token: Any) -> None:
    good = signing.dumps(PARTS, salt=links.SALT, compress=True)
    assert anonymous_client.get(reverse("file", args=[good])).status_code == 200
    assert anonymous_client.get(f"/files/{token()}/").status_code == 404


def test_SR47_a_changed_token_opens_nothing(anonymous_client: Client, stored: str) -> None:
    link = link_to(stored, name="r.pdf", content_type="application/pdf")
    for at in (8, len(link) // 2, len(link) - 3):
        changed = link[:at] + ("a" if link[at] != "a" else "b") + link[at + 1 :]
        assert anonymous_client.get(changed).status_code == 404


def test_SR47_a_link_stays_inside_the_storage(anonymous_client: Client, media: Path) -> None:
    (media.parent / "outside.txt").write_text("secret")
    for path in ("../outside.txt", "/etc/passwd", "private/../../outside.txt", "private/gone.pdf"):
        assert anonymous_client.get(link_to(path, name="x", content_type="text/plain")).status_code == 404


# --- Names ------------------------------------------------------------------------------------------------------------


@pytest.mark.pure
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("report.pdf", "report.pdf"),
        ("รายงาน ปี ๒๕๖๙.PDF", "รายงาน ปี ๒๕๖๙.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\cv.docx", "cv.pdf"),
        ("a\0b.php\0.pdf", "ab.php.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.pdf"),
        ("zero\u200bwidth\u2060.pdf", "zerowidth.pdf"),
        ('quo"te; filename=evil.exe.pdf', "quote; filename=evil.exe.pdf"),
        ("line\r\nSet-Cookie: a=b.pdf", "line Set-Cookie a=b.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 200 + ".pdf"),
        ("ก" * 100 + ".pdf", "ก" * 66 + ".pdf"),
    ],
)
def test_SR43_a_name_shows_all_it_has_and_ends_as_it_should(sent: str, expected: str) -> None:
    assert names.shown(sent, ".pdf") == expected
