"""Receiving files: who may, how much, once, and what becomes of those that nobody sends."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from chat import actions, pace, tasks
from chat.actions import uploads
from chat.models import Attachment, Conversation, Inbox, Visitor
from chat.tests.test_visitor_messages import at_once
from chat.tests.uploads import sent_file, uploaded
from chat.widget.access import new_visitor
from minichat.lib.files.refusals import NoRoom
from minichat.lib.tests import pictures
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(media: Path) -> Path:
    for one in (pace.uploads, pace.visitors, pace.members):
        one.forget()
    return media


@pytest.fixture
def api(inbox: Inbox) -> str:
    return f"/widget/{inbox.widget_key}/uploads/"


@pytest.fixture
def place(conversation: Conversation) -> str:
    return f"/w/acme/conversations/{conversation.pk}/uploads/"


def send(client: Client, url: str, data: bytes, name: str = "photo.jpg", client_id: Any = None) -> Any:
    file = SimpleUploadedFile(name, data, "image/jpeg")
    fields = {"client_id": str(client_id or uuid.uuid4()), "file": file}
    return client.post(url, fields, headers={"Accept": "application/json"})


def kept(media: Path) -> set[str]:
    return {path.parent.name for path in (media / "attachments").rglob("*.*")}


def stored(workspace: Workspace) -> int:
    return workspace.usage_counters.get(metric=uploads.STORED_BYTES).used


def test_a_visitor_uploads_a_photo(vic_client: Client, api: str, vic: Visitor) -> None:
    answer = send(vic_client, api, pictures.picture("JPEG", (900, 300)), "ภาพ\u202e ของฉัน.exe")
    assert answer.status_code == 201
    row = Attachment.unscoped.get()
    found = answer.json()
    assert (row.visitor, row.conversation, row.message, row.sender_key) == (vic, None, None, vic.sender_key)
    assert found.keys() == {"id", "name", "size", "kind", "type", "width", "height", "pages", "url", "thumb"}
    assert (found["id"], found["kind"], found["type"]) == (str(row.pk), "image", "image/webp")
    assert (found["width"], found["height"], found["name"]) == (900, 300, "ภาพ ของฉัน.webp")
    assert vic_client.get(found["thumb"]).content[:4] == b"RIFF"


def test_an_operator_uploads_a_document(omar_client: Client, place: str, omar_member: Membership) -> None:
    answer = send(omar_client, place, pictures.pdf(3), "../../Invoice.PDF.pdf")
    assert answer.status_code == 201
    found, row = answer.json(), Attachment.unscoped.get()
    assert (found["kind"], found["pages"], found["name"], found["thumb"]) == ("pdf", 3, "Invoice.PDF.pdf", None)
    assert (row.membership, row.visitor) == (omar_member, None) and str(row.conversation_id) in place


def test_uploading_twice_is_uploading_once(vic_client: Client, api: str, media: Path) -> None:
    name, data = uuid.uuid4(), pictures.picture()
    first, again = (send(vic_client, api, data, client_id=name) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"] and len(kept(media)) == 1


def test_the_same_name_for_two_people_is_two_files(
    vic_client: Client, omar_client: Client, api: str, place: str
) -> None:
    name, data = uuid.uuid4(), pictures.picture()
    ids = {
        send(client, url, data, client_id=name).json()["id"]
        for client, url in [(vic_client, api), (omar_client, place)]
    }
    assert len(ids) == 2


# --- What is refused, in a sentence ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"<svg/>", "not_accepted"),
        (b"%PDF-1.4 nothing", "document_damaged"),
        (pictures.picture()[:60], "picture_damaged"),
        (pictures.png_bomb(), "too_many_pixels"),
    ],
)
def test_SR44_SR45_what_cannot_be_sent_is_one_sentence(
    vic_client: Client, omar_client: Client, api: str, place: str, media: Path, data: bytes, code: str
) -> None:
    for client, url in [(vic_client, api), (omar_client, place)]:
        answer = send(client, url, data)
        assert answer.status_code == 422 and answer.json()["code"] == code and answer.json()["detail"]
    assert kept(media) == set() and not Attachment.unscoped.exists()


@pytest.mark.parametrize("language", ["th", "ja"])
def test_the_sentence_is_in_the_visitors_language(vic_client: Client, api: str, language: str) -> None:
    said = [
        vic_client.post(
            api,
            {"client_id": str(uuid.uuid4()), "file": SimpleUploadedFile("a", data)},
            headers={"Accept-Language": language},
        ).json()["detail"]
        for data in (b"<svg/>", b"%PDF-1.4", pictures.picture()[:60], b"")
    ]
    assert len(set(said)) == 4 and not any(sentence.isascii() for sentence in said)


def test_SR48_10_MB_and_one_byte(vic_client: Client, api: str, settings: Any) -> None:
    data = pictures.pdf()
    settings.UPLOAD_LIMIT = len(data) - 1
    assert send(vic_client, api, data).json()["code"] == "file_too_large"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422),
        ({"client_id": "x", "file": "y"}, 422),
        ({"client_id": str(uuid.uuid4())}, 422),
        ({"client_id": str(uuid.uuid4()), "file": "text"}, 422),
    ],
)
def test_a_form_that_is_none_is_refused(vic_client: Client, api: str, fields: dict[str, str], status: int) -> None:
    assert vic_client.post(api, fields).status_code == status
    assert vic_client.post(api, b"{}", content_type="application/json").status_code == 422
    assert vic_client.post(api, b"x", content_type="multipart/form-data").status_code == 422


@pytest.mark.parametrize("length", ["0", "20", "200"])
def test_SR48_a_length_that_lies_stores_nothing(vic_client: Client, api: str, media: Path, length: str) -> None:
    file = SimpleUploadedFile("a.pdf", pictures.pdf(), "application/pdf")
    answer = vic_client.post(api, {"client_id": str(uuid.uuid4()), "file": file}, headers={"Content-Length": length})
    assert answer.status_code == 422
    assert kept(media) == set() and not Attachment.unscoped.exists()


def test_SR48_a_workspaces_storage_has_an_end_and_nothing_is_left_of_what_is_over(
    vic_client: Client, api: str, acme: Workspace, media: Path, settings: Any
) -> None:
    data = pictures.pdf()
    settings.STORAGE_PER_WORKSPACE = len(data) * 2
    assert [send(vic_client, api, data).status_code for _ in range(3)] == [201, 201, 422]
    assert len(kept(media)) == 2 and stored(acme) == len(data) * 2


def test_SR48_a_visitors_day_has_an_end(
    vic_client: Client, api: str, monkeypatch: pytest.MonkeyPatch, inbox: Inbox
) -> None:
    data = pictures.pdf()
    monkeypatch.setattr(uploads, "VISITOR_BYTES_A_DAY", len(data))
    assert [send(vic_client, api, data).status_code for _ in range(2)] == [201, 422]
    other = Client(headers={"Authorization": f"Bearer {new_visitor(inbox)[1]}"})
    assert send(other, api, data).status_code == 201
    Attachment.unscoped.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    assert send(vic_client, api, data).status_code == 201


def test_SR48_what_waits_unsent_has_an_end(vic: Visitor, vic_client: Client, api: str) -> None:
    for _ in range(uploads.MOST_UNSENT):
        uploaded(actions.visiting(vic))
    assert send(vic_client, api, pictures.pdf()).json()["code"] == "too_many_unsent"


def test_SR48_the_pace_is_counted_before_anything_is_read(vic_client: Client, api: str) -> None:
    statuses = [vic_client.post(api, {}).status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]


def test_a_disk_that_is_nearly_full_takes_no_files_and_texts_go_on(
    vic_client: Client, vic: Visitor, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads.shutil, "disk_usage", lambda path: type("Disk", (), {"free": 99, "total": 1000}))
    assert send(vic_client, api, pictures.pdf()).json()["code"] == "no_room"
    assert actions.post_visitor_message(vic, body="hello", client_id=uuid.uuid4()).message.pk


# --- Who ------------------------------------------------------------------------------------------------------------


def test_SR33_nobody_uploads_without_a_credential(anonymous_client: Client, omar_client: Client, api: str) -> None:
    for client in (anonymous_client, omar_client):
        assert send(client, api, pictures.pdf()).status_code == 401


def test_who_may_not_answer_may_not_upload(vera_client: Client, gil_client: Client, place: str) -> None:
    assert send(vera_client, place, pictures.pdf()).status_code == 403
    assert send(gil_client, place, pictures.pdf()).status_code == 404


def test_SR01_another_workspaces_conversation_is_not_found(omar_client: Client, globex: Workspace) -> None:
    visitor, _ = new_visitor(globex.inboxes.get())
    foreign = actions.post_visitor_message(visitor, body="hi", client_id=uuid.uuid4()).message.conversation_id
    assert send(omar_client, f"/w/acme/conversations/{foreign}/uploads/", pictures.pdf()).status_code == 404


def test_SR35_no_cookie_is_read_or_set(vic_client: Client, api: str) -> None:
    assert not send(vic_client, api, pictures.pdf()).cookies


# --- Taken back, swept ----------------------------------------------------------------------------------------------


def test_taking_an_upload_back(
    vic_client: Client, api: str, vic: Visitor, acme: Workspace, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    pk = send(vic_client, api, pictures.pdf()).json()["id"]
    with django_capture_on_commit_callbacks(execute=True):
        statuses = [vic_client.post(f"{api}{pk}/delete/").status_code for _ in range(2)]
    assert statuses == [204, 204]
    assert not Attachment.unscoped.exists() and kept(media) == set() and stored(acme) == 0


def test_what_was_sent_or_is_somebody_elses_is_not_taken_back(
    vic_client: Client, omar_client: Client, api: str, place: str, conversation: Conversation, inbox: Inbox
) -> None:
    other = uploaded(actions.visiting(new_visitor(inbox)[0]))
    sent = sent_file(conversation)
    assert vic_client.post(f"{api}{sent.pk}/delete/").status_code == 404
    vic_client.post(f"{api}{other.pk}/delete/")
    omar_client.post(f"{place}{other.pk}/delete/")
    assert Attachment.unscoped.count() == 2


def test_SR48_what_nobody_sends_goes_within_a_day(
    vic: Visitor, conversation: Conversation, acme: Workspace, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    sent, fresh, old = sent_file(conversation), uploaded(actions.visiting(vic)), uploaded(actions.visiting(vic))
    long_ago = timezone.now() - timedelta(hours=23)
    Attachment.unscoped.exclude(pk=fresh.pk).update(created_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_uploads()
    assert set(Attachment.unscoped.all()) == {sent, fresh}
    assert kept(media) == {sent.key, fresh.key} and old.key not in kept(media)
    hourly = django_settings.CELERY_BEAT_SCHEDULE["sweep-uploads"]
    assert hourly["task"] == tasks.sweep_uploads.name and hourly["schedule"] <= 3600


def test_files_go_with_the_visitor(
    conversation: Conversation, media: Path, acme: Workspace, django_capture_on_commit_callbacks: Any
) -> None:
    sent_file(conversation)
    with django_capture_on_commit_callbacks(execute=True):
        conversation.visitor.delete()
    assert not Attachment.unscoped.exists() and kept(media) == set()


# --- At once --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_SR48_of_uploads_at_once_no_more_are_taken_than_there_is_room_for(
    vic: Visitor, acme: Workspace, media: Path, settings: Any
) -> None:
    data = pictures.pdf()
    settings.STORAGE_PER_WORKSPACE = len(data) * 2 + 1
    answers = at_once(
        lambda _: actions.upload(
            actions.visiting(vic), client_id=uuid.uuid4(), file=SimpleUploadedFile("a.pdf", data), name="a.pdf"
        )
    )
    assert sum(isinstance(answer, NoRoom) for answer in answers) == 2
    assert Attachment.unscoped.count() == len(kept(media)) == 2 and stored(acme) == len(data) * 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_same_upload_at_once_is_one(vic: Visitor, media: Path) -> None:
    name, data = uuid.uuid4(), pictures.pdf()
    answers = at_once(
        lambda _: actions.upload(
            actions.visiting(vic), client_id=name, file=SimpleUploadedFile("a.pdf", data), name="a.pdf"
        )
    )
    assert len({answer[0].pk for answer in answers}) == 1
    assert Attachment.unscoped.count() == len(kept(media)) == 1
