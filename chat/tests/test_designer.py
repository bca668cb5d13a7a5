"""The widget designer: typed tokens in, the same look out on the frame, the snippet and the preview."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from chat import look
from chat.appearance import DEFAULT, Appearance, read
from chat.models import Inbox
from chat.snippet import snippet
from minichat.lib.files.sweep import sweep
from minichat.lib.tests import pictures
from minichat.lib.tests.pictures import upload
from minichat.lib.tests.test_shelves import grow_old, kept
from workspaces.models import AuditEntry, Entitlements

pytestmark = pytest.mark.django_db
FORM = {
    "color": "jade",
    "preset": "auto",
    "launcher": "shown",
    "side": "right",
    "gap": "20",
    "icon": "chat",
    "size": "56",
    "home": "on",
}


@pytest.fixture
def page(inbox_page: Any) -> str:
    return inbox_page("look")


def frame(client: Client, inbox: Inbox, language: str = "en") -> str:
    query = {"o": inbox.allowed_origins[0], "l": language}
    return client.get(f"/widget/{inbox.widget_key}/", query).content.decode()


def test_what_differs_is_kept_and_nothing_else(ana_client: Client, inbox: Inbox, page: str) -> None:
    assert ana_client.post(page, FORM).url == page
    inbox.refresh_from_db()
    assert inbox.appearance == {} and inbox.looks == DEFAULT
    changed = {**FORM, "preset": "dark", "side": "left", "gap": "32", "size": "64", "icon": "help", "label": " Hi "}
    assert ana_client.post(page, changed).url.endswith("/install/"), "the line of code has changed"
    inbox.refresh_from_db()
    assert inbox.looks == Appearance(preset="dark", side="left", gap=32, size=64, icon="help", label="Hi")
    for _ in range(2):
        ana_client.post(page, changed)
    assert AuditEntry.unscoped.filter(action="inbox.look_changed").count() == 1


def test_the_line_of_code_holds_what_the_button_needs(ana_client: Client, inbox: Inbox, page: str) -> None:
    assert "data-position" not in snippet(inbox)
    wanted = {"side": "left", "launcher": "none", "label": 'Ask "us" <b>', "gap": "8", "size": "48", "icon": "help"}
    ana_client.post(page, {**FORM, **wanted})
    inbox.refresh_from_db()
    for part in ('data-position="left"', 'data-launcher="none"', 'data-gap="8"', 'data-size="48"', 'data-icon="help"'):
        assert part in snippet(inbox)
    assert 'data-label="Ask &quot;us&quot; &lt;b&gt;"' in snippet(inbox)


@pytest.mark.parametrize(
    "wrong",
    [
        {"preset": "url(x)"},
        {"side": "top"},
        {"gap": "3"},
        {"gap": "81"},
        {"gap": "1e1"},
        {"gap": "20px"},
        {"size": "57"},
        {"icon": "</script>"},
        {"launcher": "x"},
        {"label": "x" * 31},
        {"title": "x" * 61},
        {"greeting_th": "x" * 501},
        {"language": "fr"},
    ],
)
def test_SR38_nothing_but_typed_tokens(ana_client: Client, inbox: Inbox, page: str, wrong: dict[str, str]) -> None:
    before = Inbox.unscoped.values().get(pk=inbox.pk)
    answer = ana_client.post(page, {**FORM, "label": "kept", **wrong})
    assert answer.status_code == 422
    assert "label" in wrong or 'value="kept"' in answer.content.decode()
    assert Inbox.unscoped.values().get(pk=inbox.pk) == before


@pytest.mark.parametrize(
    "stored",
    [None, [], "x", {"preset": "}body{"}, {"gap": "20"}, {"gap": True}, {"size": 57}, {"label": 1}, {"unknown": 1}],
)
def test_SR38_what_is_not_one_of_ours_is_not_read(stored: Any) -> None:
    assert read(stored) == DEFAULT


def test_words_by_language_then_for_all_then_ours(
    anonymous_client: Client, ana_client: Client, inbox: Inbox, page: str
) -> None:
    texts = {"greeting": "Welcome!", "greeting_th": "สวัสดี", "title_ja": "お店", "offline": "Back soon <b>"}
    ana_client.post(page, {**FORM, **texts})
    inbox.refresh_from_db()
    assert inbox.texts == {"th": {"greeting": "สวัสดี"}, "ja": {"title": "お店"}}
    english, thai, japanese = (frame(anonymous_client, inbox, language) for language in ("en", "th", "ja"))
    assert "Welcome!" in english and ">Acme</h1>" in english and "Back soon &lt;b&gt;" in english
    assert "สวัสดี" in thai and "Welcome!" not in thai
    assert ">お店</h1>" in japanese and "Welcome!" in japanese


def test_home_off_begins_with_the_chat(anonymous_client: Client, ana_client: Client, inbox: Inbox, page: str) -> None:
    assert 'data-view="home"' in frame(anonymous_client, inbox)
    ana_client.post(page, {**FORM, "home": ""})
    inbox.refresh_from_db()
    assert 'data-view="chat"' in frame(anonymous_client, inbox)


def test_presets(anonymous_client: Client, ana_client: Client, inbox: Inbox, page: str) -> None:
    for preset, expected in (("dark", 'data-look="dark"'), ("minimal", "/widget/theme/00745c-minimal.css")):
        ana_client.post(page, {**FORM, "preset": preset})
        inbox.refresh_from_db()
        assert expected in frame(anonymous_client, inbox)
    ana_client.post(page, {**FORM, "preset": "corporate", "color": "ruby"})
    inbox.refresh_from_db()
    assert "/widget/theme/b3261e-corporate.css" in frame(anonymous_client, inbox)
    sheet = anonymous_client.get("/widget/theme/b3261e-corporate.css").content.decode()
    assert sheet.startswith(look.stylesheet("#b3261e")) and ".bar" in sheet
    for wrong in ("b3261e-evil", "b3261e-", "-minimal", "b3261e-minimal-x"):
        code = anonymous_client.get(f"/widget/theme/{wrong}.css").status_code
        assert code == (200 if wrong == "b3261e-" else 404), wrong


def test_the_name_of_ours_stays_where_the_plan_has_no_say(
    anonymous_client: Client, ana_client: Client, inbox: Inbox, page: str
) -> None:
    ours = "Powered by MiniChat"
    assert ours not in frame(anonymous_client, inbox) and 'name="branding"' in ana_client.get(page).content.decode()
    ana_client.post(page, {**FORM, "branding": "on"})
    inbox.refresh_from_db()
    assert ours in frame(anonymous_client, inbox)
    Entitlements.unscoped.filter(workspace=inbox.workspace).update(removes_branding=False)
    ana_client.post(page, {**FORM, "branding": ""})
    inbox.refresh_from_db()
    assert ours in frame(anonymous_client, inbox)
    assert 'name="branding"' not in ana_client.get(page).content.decode()


def test_a_customers_page_is_not_offered_the_preview(anonymous_client: Client, inbox: Inbox, settings: Any) -> None:
    assert "data-preview" not in frame(anonymous_client, inbox)
    inside = anonymous_client.get(f"/widget/{inbox.widget_key}/", {"o": settings.BASE_URL}).content.decode()
    assert "data-preview=" in inside


def test_a_logo_of_its_own(ana_client: Client, anonymous_client: Client, inbox: Inbox, page: str, media: Any) -> None:
    assert ana_client.post(f"{page}logo/", {"logo": upload(pictures.picture())}).url == page
    inbox.refresh_from_db()
    first = inbox.logo_url()
    assert first and first in frame(anonymous_client, inbox)
    ana_client.post(f"{page}logo/", {"logo": upload(pictures.picture())})
    inbox.refresh_from_db()
    assert inbox.logo_url() != first
    grow_old(media)
    sweep()
    assert len(kept(media)) == 1
    ana_client.post(f"{page}logo/delete/")
    inbox.refresh_from_db()
    grow_old(media)
    sweep()
    assert inbox.logo == "" and kept(media) == set()


def test_SR44_what_is_no_picture_is_refused(ana_client: Client, inbox: Inbox, page: str, media: Any) -> None:
    answer = ana_client.post(f"{page}logo/", {"logo": upload(b"<svg onload=alert(1)>")})
    inbox.refresh_from_db()
    assert answer.status_code == 422 and inbox.logo == ""


@pytest.mark.parametrize("who", ["omar_client", "vera_client"])
def test_operators_and_viewers_get_403(request: pytest.FixtureRequest, inbox: Inbox, page: str, who: str) -> None:
    assert request.getfixturevalue(who).post(page, FORM).status_code == 403


def test_gil_gets_404(gil_client: Client, globex: Any, inbox: Inbox) -> None:
    place = f"/w/globex/settings/inboxes/{inbox.pk}/look/"
    assert gil_client.post(place, FORM).status_code == gil_client.post(f"{place}logo/delete/").status_code == 404
