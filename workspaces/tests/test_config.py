"""Settings out to a file and in again: nothing secret, nothing half, nothing that was not looked at."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chat.models import Inbox
from workspaces import actions, config
from workspaces.config.work import ChangedMeanwhile, NotImportable
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/settings/config/"
EXPORT, PREVIEW, APPLY = f"{PAGE}export/", f"{PAGE}preview/", f"{PAGE}import/"


def exported(client: Client, **more: str) -> dict[str, Any]:
    answer = client.post(EXPORT, more)
    assert answer.status_code == 200
    return json.loads(answer.content)


def document(**sections: Any) -> str:
    return json.dumps({"format": "minichat-workspace", "version": 1, **sections})


def problems(workspace: Workspace, text: str) -> dict[str, str]:
    return {problem.path: problem.text for problem in config.plan(workspace, text).problems}


def changes(workspace: Workspace, text: str) -> list[tuple[str, Any, Any]]:
    found = config.plan(workspace, text)
    assert found.problems == []
    return [(change.path, change.before, change.after) for change in found.changes]


# --- Out --------------------------------------------------------------------------------------------------------------


def test_the_file_has_the_settings_and_no_secret(
    adam_client: Client, acme: Workspace, inbox: Inbox, ana_member: Membership
) -> None:
    actions.set_pin(acme, digits="2580", by=ana_member)
    answer = adam_client.post(EXPORT, {"export-pin": "2580"})
    data = json.loads(answer.content)
    assert answer["Content-Disposition"].startswith('attachment; filename="acme-settings-')
    assert (data["format"], data["version"], data["workspace_address"]) == ("minichat-workspace", 1, "acme")
    assert data["workspace"] == {
        "name": "Acme",
        "timezone": "Asia/Bangkok",
        "currency": "THB",
        "locale": "en",
        "era": "buddhist",
    }
    [kept] = data["inboxes"]
    assert kept["name"] == inbox.name and kept["allowed_origins"] == inbox.allowed_origins
    text = answer.content.decode()
    for secret in (inbox.widget_key, acme.supervisor_pin.hash, "ana@acme.test", "2580"):
        assert secret not in text
    assert acme.audit_entries.filter(action="export.config").count() == 1


def test_export_and_import_ask_for_the_pin(ana_client: Client, acme: Workspace, ana_member: Membership) -> None:
    actions.set_pin(acme, digits="2580", by=ana_member)
    assert ana_client.post(EXPORT, {"export-pin": "0000"}).status_code == 422
    text = document(workspace={"name": "Nova"})
    agreed = config.plan(acme, text).digest
    answer = ana_client.post(APPLY, {"text": text, "agreed": agreed, "pin": "0000"})
    assert answer.status_code == 422 and "3 more tries" in answer.content.decode()
    assert "Nova" in answer.content.decode()
    acme.refresh_from_db()
    assert acme.name == "Acme"
    assert ana_client.post(APPLY, {"text": text, "agreed": agreed, "pin": "2580"}).status_code == 302


# --- In ---------------------------------------------------------------------------------------------------------------


def test_what_was_exported_changes_nothing(ana_client: Client, acme: Workspace, inbox: Inbox) -> None:
    text = ana_client.post(EXPORT).content.decode()
    assert changes(acme, text) == []
    assert "Nothing would change" in ana_client.post(PREVIEW, {"text": text}).content.decode()


def test_a_file_is_looked_at_and_then_put_in_place(ana_client: Client, acme: Workspace, inbox: Inbox) -> None:
    data = exported(ana_client)
    data["workspace"] |= {"name": "ร้านใหม่", "currency": "USD"}
    data["inboxes"][0] |= {"greeting": "สวัสดี <b>ค่ะ</b>", "allowed_origins": ["https://new.acme.test", "shop.acme.test"]}
    data["inboxes"].append({"name": "Second", "retention_days": None})
    text = json.dumps(data, ensure_ascii=False)
    upload = SimpleUploadedFile("settings.json", text.encode(), content_type="text/plain")
    page = ana_client.post(PREVIEW, {"file": upload}).content.decode()
    for shown in (
        "<code>workspace.name</code>",
        "ร้านใหม่",
        "inboxes[0].greeting",
        "&lt;b&gt;ค่ะ",
        "<code>inboxes[1]</code>",
        "<code>inboxes[1].retention_days</code>",
    ):
        assert shown in page
    acme.refresh_from_db()
    assert acme.name == "Acme" and acme.inboxes.count() == 1
    agreed = page.split('name="agreed" value="')[1].split('"')[0]
    answer = ana_client.post(APPLY, {"text": text, "agreed": agreed}, follow=True)
    assert "6 settings have been changed." in answer.content.decode()
    acme.refresh_from_db()
    inbox.refresh_from_db()
    assert (acme.name, acme.currency) == ("ร้านใหม่", "USD")
    assert inbox.allowed_origins == ["https://new.acme.test", "https://shop.acme.test"]
    assert acme.inboxes.get(name="Second").retention_days is None
    line = acme.audit_entries.get(action="export.imported")
    assert line.data["count"] == 6 and line.data["paths"][0] == "workspace.name"
    assert changes(acme, text) == []


def test_into_another_workspace_inboxes_are_found_by_name(
    ana_client: Client, inbox: Inbox, globex: Workspace, gil_member: Membership
) -> None:
    data = exported(ana_client)
    data["inboxes"][0]["greeting"] = "From Acme"
    text = json.dumps(data)
    agreed = config.plan(globex, text)
    config.import_config(globex, text=text, agreed=agreed.digest, by=gil_member)
    assert globex.inboxes.get().greeting == "From Acme" and globex.inboxes.get().pk != inbox.pk
    inbox.refresh_from_db()
    assert inbox.greeting == ""


def test_the_plan_of_the_workspace_holds(globex: Workspace, gil_member: Membership) -> None:
    text = document(inboxes=[{"name": "One"}, {"name": "Two"}])
    found = problems(globex, text)
    assert found == {
        "inboxes[0]": "Your plan includes 1 inbox.",
        "inboxes[1]": "Your plan includes 1 inbox.",
    }
    with pytest.raises(NotImportable):
        config.import_config(globex, text=text, agreed="", by=gil_member)
    assert globex.inboxes.count() == 1


def test_what_the_file_does_not_speak_of_stays(acme: Workspace, inbox: Inbox) -> None:
    assert changes(acme, document(workspace={"currency": "USD"})) == [("workspace.currency", "THB", "USD")]
    assert changes(acme, document(inboxes=[])) == []
    assert changes(acme, document(inboxes=[{"id": str(inbox.pk), "greeting": "Hi"}])) == [
        ("inboxes[0].greeting", "", "Hi")
    ]


def test_nobody_agrees_to_other_changes_than_they_saw(
    ana_client: Client, acme: Workspace, ana_member: Membership
) -> None:
    text = document(workspace={"name": "Nova"})
    agreed = config.plan(acme, text).digest
    actions.change_settings(acme, by=ana_member, name="Meanwhile")
    with pytest.raises(ChangedMeanwhile):
        config.import_config(acme, text=text, agreed=agreed, by=ana_member)
    page = ana_client.post(APPLY, {"text": text, "agreed": agreed}).content.decode()
    assert "changed meanwhile" in page and "<td>Meanwhile</td>" in page
    acme.refresh_from_db()
    assert acme.name == "Meanwhile"


def test_all_of_it_or_nothing(acme: Workspace, ana_member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    from chat import actions as chat_actions

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    text = document(workspace={"name": "Nova"}, inboxes=[{"name": "Second", "greeting": "Hi"}])
    agreed = config.plan(acme, text).digest
    monkeypatch.setattr(chat_actions, "change_inbox", broken)
    with pytest.raises(RuntimeError):
        config.import_config(acme, text=text, agreed=agreed, by=ana_member)
    acme.refresh_from_db()
    assert acme.name == "Acme" and acme.inboxes.count() == 1
    assert not acme.audit_entries.filter(action="export.imported").exists()


# --- What is wrong is said where it stands ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path", "sentence"),
    [
        ("", "line 1, column 1", "This is not JSON"),
        ('{"format": "minichat-workspace",\n "version": 1,}', "line 2, column 15", "This is not JSON"),
        ("[]", "", "not a file of settings"),
        ("5", "", "not a file of settings"),
        ('{"version": NaN}', "", "not a file of settings"),
        ("[" * 100_000, "", "not a file of settings"),
        ('{"a": {"b": 1, "b": 2}}', "b", "twice"),
        ("{}", "format", "not a file of settings of MiniChat"),
        ('{"format": "minichat-workspace", "version": 2}', "version", "reads version 1"),
        ('{"format": "minichat-workspace", "version": true}', "version", "reads version 1"),
        (document(secrets={}), "secrets", "not known"),
        (document(workspace=[]), "workspace", "object in braces"),
        (document(workspace={"plan": "business"}), "workspace.plan", "not known"),
        (document(workspace={"status": "active"}), "workspace.status", "not known"),
        (document(workspace={"name": 5}), "workspace.name", "text in quotes"),
        (document(workspace={"name": ""}), "workspace.name", "required"),
        (document(workspace={"name": "a" * 81}), "workspace.name", "at most 80"),
        (document(workspace={"timezone": "Mars"}), "workspace.timezone", "not one of the available"),
        (document(inboxes={}), "inboxes", "list in square brackets"),
        (document(inboxes=[5]), "inboxes[0]", "object in braces"),
        (document(inboxes=[{"greeting": "x"}]), "inboxes[0].name", "needs a name"),
        (document(inboxes=[{"name": "A", "widget_key": "wk_1"}]), "inboxes[0].widget_key", "not known"),
        (document(inboxes=[{"name": "A", "greeting": "x" * 501}]), "inboxes[0].greeting", "at most 500"),
        (document(inboxes=[{"name": "A", "color": "url(x)"}]), "inboxes[0].color", "written as #"),
        (document(inboxes=[{"name": "A", "retention_days": 31}]), "inboxes[0].retention_days", "30, 60"),
        (document(inboxes=[{"name": "A", "retention_days": 1e400}]), "", "not a file"),
        (document(inboxes=[{"name": "A", "allowed_origins": "x"}]), "inboxes[0].allowed_origins", "list of texts"),
        (
            document(inboxes=[{"name": "A", "allowed_origins": ["https://ok.test", "javascript:alert(1)"]}]),
            "inboxes[0].allowed_origins[1]",
            "",
        ),
        (
            document(inboxes=[{"name": "A", "allowed_origins": ["a.test"] * 51}]),
            "inboxes[0].allowed_origins",
            "At most 50",
        ),
    ],
)
def test_SR64_a_problem_is_named_with_its_place(acme: Workspace, text: str, path: str, sentence: str) -> None:
    found = problems(acme, text)
    assert path in found and sentence in found[path], found


def test_SR64_a_file_that_would_never_end(acme: Workspace) -> None:
    deep: Any = "x"
    for _ in range(30):
        deep = [deep]
    assert "nested too deeply" in str(problems(acme, document(inboxes=deep)))
    assert "too much" in str(problems(acme, document(inboxes=[{"name": "A"}] * 10_001)))
    assert "512 KB" in str(problems(acme, document(workspace={"name": "ก" * 200_000})))


def test_SR64_texts_pass_the_gate(acme: Workspace) -> None:
    text = document(workspace={"name": "Nova\u0000 \u202eShop"})
    assert changes(acme, text) == [("workspace.name", "Acme", "Nova Shop")]


def test_all_problems_are_told_at_once_and_the_text_stays(ana_client: Client, acme: Workspace) -> None:
    text = document(workspace={"name": "", "currency": "XXX"}, inboxes=[{"retention_days": 1}])
    answer = ana_client.post(PREVIEW, {"text": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    for path in ("workspace.name", "workspace.currency", "inboxes[0].retention_days", "inboxes[0].name"):
        assert f"<code>{path}</code>" in page
    assert "&quot;XXX&quot;" in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose a file"),
        ({"text": "  "}, "Choose a file"),
        ({"file": SimpleUploadedFile("a.json", b"\xff\xfe\x00")}, "not a file of settings"),
        ({"file": SimpleUploadedFile("a.json", b"")}, "empty"),
        ({"file": SimpleUploadedFile("a.json", b"x" * (512 * 1024 + 1))}, "512 KB"),
    ],
)
def test_a_file_that_is_none(ana_client: Client, sent: dict[str, Any], sentence: str) -> None:
    answer = ana_client.post(PREVIEW, sent)
    assert answer.status_code == 422 and sentence in answer.content.decode()


def test_too_little_role(omar_client: Client, vera_client: Client) -> None:
    for client in (omar_client, vera_client):
        assert client.get(PAGE).status_code == 403
        assert {client.post(path).status_code for path in (EXPORT, PREVIEW, APPLY)} == {403}


def test_suspended_exports_and_imports_nothing(ana_client: Client, acme: Workspace) -> None:
    actions.suspend(acme, reason="Spam")
    assert ana_client.post(EXPORT).status_code == 200
    assert ana_client.post(PREVIEW, {"text": "{}"}).status_code == ana_client.post(APPLY).status_code == 403


def test_it_is_not_asked_all_day(ana_client: Client) -> None:
    for _ in range(30):
        assert ana_client.post(PREVIEW, {"text": "{}"}).status_code == 422
    assert ana_client.post(EXPORT).status_code == 429
