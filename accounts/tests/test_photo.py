"""One's own photo (S-19)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts import actions
from accounts.models import User
from accounts.shelf import AVATARS
from chat.tests.test_visitor_messages import at_once
from minichat.lib.files import Picture, limited
from minichat.lib.files.sweep import sweep
from minichat.lib.tests import pictures
from minichat.lib.tests.pictures import upload
from minichat.lib.tests.test_shelves import grow_old, kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PAGE, AVATAR, REMOVE = "/accounts/photo/", "/accounts/avatar/", "/accounts/avatar/delete/"
DRAWN = Picture(dict.fromkeys(AVATARS.recipe.sizes, b"drawn"))


def post(client: Client, data: bytes, **named: str) -> Any:
    return client.post(AVATAR, {"photo": upload(data, **named)})


def avatar_of(user: User) -> str:
    user.refresh_from_db()
    return user.avatar


def test_a_photo_is_taken_and_shown(ana_client: Client, ana: User, media: Path) -> None:
    assert "img" not in ana_client.get(PAGE).content.decode().partition("<main")[2]
    answer = post(ana_client, pictures.picture("JPEG", (900, 600)))
    assert (answer.status_code, answer.url) == (302, PAGE)
    assert kept(media) == {avatar_of(ana)}
    page = ana_client.get(PAGE).content.decode()
    assert f'src="{ana.avatar_url(256)}"' in page and "Your new photo is in place." in page
    for size in (32, 64, 128, 256):
        assert pictures.opened(ana_client.get(ana.avatar_url(size)).content).size == (size, size)


def test_a_new_photo_takes_the_place_of_the_old_one(
    ana_client: Client, ana: User, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    post(ana_client, pictures.picture())
    old = avatar_of(ana)
    with django_capture_on_commit_callbacks(execute=True):
        post(ana_client, pictures.picture(colour=pictures.BLUE))
    assert kept(media) == {avatar_of(ana)} != {old}


def test_a_photo_is_removed_and_twice_is_once(
    ana_client: Client, ana: User, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    post(ana_client, pictures.picture())
    assert 'popovertarget="remove-picture"' in ana_client.get(PAGE).content.decode()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert ana_client.post(REMOVE).url == PAGE
        assert (avatar_of(ana), kept(media)) == ("", set())
    assert 'popovertarget="remove-picture"' not in ana_client.get(PAGE).content.decode()


def test_a_photo_goes_with_its_person(ana: User, media: Path, django_capture_on_commit_callbacks: Any) -> None:
    actions.set_avatar(ana, picture=DRAWN)
    assert kept(media) == {ana.avatar}
    with django_capture_on_commit_callbacks(execute=True):
        User.objects.filter(pk=ana.pk).delete()
    assert kept(media) == set()


def test_SR48_the_sweep_leaves_photos_that_somebody_has(ana: User, media: Path) -> None:
    actions.set_avatar(ana, picture=DRAWN)
    AVATARS.put(DRAWN)
    grow_old(media)
    assert sweep() == 1
    assert kept(media) == {ana.avatar}


# --- Who and how ------------------------------------------------------------------------------------------------------


def test_somebody_signed_out_is_asked_in(anonymous_client: Client) -> None:
    assert anonymous_client.get(PAGE).url == f"/accounts/login/?next={PAGE}"
    for path in (AVATAR, REMOVE):
        assert anonymous_client.post(path, {"photo": upload(pictures.picture())}).status_code == 401
    assert anonymous_client.get(PAGE, headers={"Accept": "application/json"}).status_code == 401


def test_nothing_changes_by_looking(ana_client: Client) -> None:
    assert ana_client.get(AVATAR).status_code == ana_client.get(REMOVE).status_code == 405
    assert ana_client.post(PAGE).status_code == 405


def test_a_form_of_another_site_changes_nothing(ana: User, media: Path) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert post(client, pictures.picture()).status_code == 403
    assert kept(media) == set()


def test_SR42_the_page_is_kept_by_nobody(ana_client: Client) -> None:
    assert "no-store" in ana_client.get(PAGE)["Cache-Control"]


# --- Bad ones, through the form ---------------------------------------------------------------------------------------

WRONG = {
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "This is not a picture we can read"),
    "html behind a GIF's name": (b"GIF89a<script>alert(1)</script>", "damaged or incomplete"),
    "empty": (b"", "This file is empty"),
    "half": (pictures.noise("JPEG")[:1500], "damaged or incomplete"),
    "bomb": (pictures.png_bomb(), "25 megapixels"),
    "60 frames": (pictures.animation(60), "At most 50"),
}


@pytest.mark.parametrize(("data", "sentence"), WRONG.values(), ids=list(WRONG))
def test_SR44_SR45_what_cannot_be_used_is_said_beside_the_field(
    ana_client: Client, ana: User, media: Path, data: bytes, sentence: str
) -> None:
    post(ana_client, pictures.picture())
    before = avatar_of(ana)
    answer = post(ana_client, data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode() and 'aria-invalid="true"' in answer.content.decode()
    assert avatar_of(ana) == before and kept(media) == {before}


def test_SR48_10_MB_and_one_byte(ana_client: Client, ana: User) -> None:
    whole, limit = pictures.picture(), 10 * 1024 * 1024
    answer = post(ana_client, whole + bytes(limit + 1 - len(whole)))
    assert answer.status_code == 422 and "larger than 10 MB" in answer.content.decode()
    assert avatar_of(ana) == ""
    assert post(ana_client, whole + bytes(limit - len(whole))).status_code == 302


def test_the_sentence_is_in_the_readers_language(ana_client: Client, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(locale="th")
    answer = ana_client.post(AVATAR, {"photo": upload(b"x")}, headers={"Accept-Language": "th"})
    assert "ไม่ใช่รูปที่อ่านได้" in answer.content.decode()


@pytest.mark.parametrize("body", [{}, {"photo": "https://evil.example/cat.png"}, {"photo": ""}])
def test_SR49_an_address_is_no_picture_and_is_not_fetched(ana_client: Client, body: dict[str, str]) -> None:
    answer = ana_client.post(AVATAR, body)
    assert answer.status_code == 422 and "Choose a picture first." in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("cat.html", "text/html"),
        ("cat.exe", "application/x-msdownload"),
        ("../../../../etc/cron.d/cat", "image/png"),
        ("..\\..\\cat.png", "image/png"),
        ("/etc/passwd", "image/png"),
        ("cat\0.png", "image/png"),
        ("cat.php\0.png", "image/jpeg"),
        ("รูป\u202egnp.exe", "image/png"),
        ("x" * 5000, "image/png"),
    ],
)
def test_SR44_the_senders_name_and_type_decide_nothing(
    ana_client: Client, ana: User, media: Path, name: str, content_type: str
) -> None:
    around = {path for path in media.parent.rglob("*") if media not in path.parents}
    assert post(ana_client, pictures.picture(), name=name, content_type=content_type).status_code == 302
    assert {path for path in media.parent.rglob("*") if media not in path.parents} == around
    stored = sorted(path.name for path in media.rglob("*") if path.is_file())
    assert stored == ["128.webp", "256.webp", "32.webp", "64.webp"]
    assert ana_client.get(ana_avatar(ana))["Content-Type"] == "image/webp"


def ana_avatar(ana: User) -> str:
    ana.refresh_from_db()
    url = ana.avatar_url()
    assert url is not None
    return url


def test_SR45_a_worker_that_is_killed_is_a_sentence_and_the_next_photo_is_taken(
    ana_client: Client, ana: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with monkeypatch.context() as patch:
        patch.setattr(limited, "PICTURE_WORKER", broken)
        answer = post(ana_client, pictures.picture())
    assert answer.status_code == 422 and "This picture could not be read" in answer.content.decode()
    assert post(ana_client, pictures.picture()).status_code == 302
    assert avatar_of(ana)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_SR48_of_two_photos_at_once_one_stays_and_no_orphan(ana: User, media: Path) -> None:
    answers = at_once(lambda number: actions.set_avatar(User.objects.get(pk=ana.pk), picture=DRAWN))
    keys = {answer.avatar for answer in answers}
    assert len(keys) == 4
    assert kept(media) == {avatar_of(ana)} <= keys
