"""The owner's colour: kept as chosen, readable whatever it is, and nothing but a colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.test import Client

from chat import actions, look
from chat.forms_look import NAMES, LookForm, initial
from chat.models import Inbox
from chat.snippet import snippet
from workspaces.models import AuditEntry, Membership

ANY = Random(4711)  # noqa: S311
COLORS = ["#000000", "#ffffff", "#ffff00", "#0000ff", "#ff0000", "#808080", *look.PRESETS.values()]
COLORS += [f"#{ANY.randrange(1 << 24):06x}" for _ in range(500)]


@pytest.fixture
def look_page(inbox_page: Callable[[str], str]) -> str:
    return inbox_page("look")


def test_any_colour_can_be_read() -> None:
    for color in COLORS:
        for shades, page in ((look.light(color), look.LIGHT_PAGE), (look.dark(color), look.DARK_PAGE)):
            assert look.contrast(shades.on, shades.fill) >= look.READABLE, (color, shades)
            assert look.contrast(shades.ink, page) >= look.READABLE, (color, shades)
        assert look.light(color).fill == color


def test_contrast_is_that_of_wcag() -> None:
    assert look.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert look.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_house_colour_is_the_one_the_loader_draws() -> None:
    base = Path(settings.BASE_DIR) / "static"
    assert look.DEFAULT in (base / "widget/loader/view.js").read_text()
    styles = (base / "css/components/look.css").read_text()
    for name, color in look.PRESETS.items():
        assert re.search(rf"\.colour-{name} i {{ background: {color};", styles), name
    assert set(NAMES) == set(look.PRESETS)


def test_a_stylesheet_of_a_colour(client: Client) -> None:
    answer = client.get("/widget/theme/b3261e.css")
    assert answer["Content-Type"].startswith("text/css") and "immutable" in answer["Cache-Control"]
    assert "--mc:#b3261e;--on-mc:#ffffff" in answer.content.decode() and not answer.cookies
    for wrong in ("B3261E", "red", "b3261", "b3261e;", "b3261e%7D", "..%2Fx"):
        assert client.get(f"/widget/theme/{wrong}.css").status_code == 404, wrong


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"color": "jade"}, ""),
        ({"color": "ruby", "own": "#123456"}, "#b3261e"),
        ({"color": "own", "own": "#1234AB"}, "#1234ab"),
        ({"color": "own", "own": "#00745c"}, ""),
    ],
)
def test_what_is_kept_of_a_choice(typed: dict[str, str], kept: str) -> None:
    form = LookForm(typed)
    assert form.is_valid() and form.cleaned_data["color"] == kept


@pytest.mark.parametrize("own", ["", "red", "#12345", "#1234567", "#12345g", "#123456;}body{", "url(x)"])
def test_nothing_but_a_colour_is_a_colour(own: str) -> None:
    assert not LookForm({"color": "own", "own": own}).is_valid()


@pytest.mark.django_db
def test_the_form_stands_on_what_was_chosen(inbox: Inbox) -> None:
    assert initial(inbox)["color"] == "jade"
    inbox.color = "#b3261e"
    assert initial(inbox)["color"] == "ruby"
    inbox.color = "#123456"
    assert (initial(inbox)["color"], initial(inbox)["own"]) == ("own", "#123456")


@pytest.mark.django_db
def test_the_same_look_again_is_no_change(inbox: Inbox, ana_member: Membership) -> None:
    for _ in range(2):
        actions.set_look(inbox, color="#b3261e", greeting="Hi", by=ana_member)
    assert AuditEntry.unscoped.filter(action="inbox.look_changed").count() == 1


@pytest.mark.django_db
def test_the_widget_and_the_snippet_take_the_colour(anonymous_client: Client, inbox: Inbox) -> None:
    def frame() -> str:
        return anonymous_client.get(f"/widget/{inbox.widget_key}/", {"o": inbox.allowed_origins[0]}).content.decode()

    assert "/widget/theme/" not in frame() and "data-color" not in snippet(inbox)
    inbox.color = "#b3261e"
    inbox.save(update_fields=["color"])
    assert 'href="/widget/theme/b3261e.css"' in frame() and 'data-color="#b3261e"' in frame()
    assert 'data-color="#b3261e"' in snippet(inbox)


@pytest.mark.django_db
def test_the_greeting_is_cleaned_and_is_text(ana_client: Client, inbox: Inbox, look_page: str) -> None:
    ana_client.post(look_page, {"color": "jade", "greeting": "  <b>Hi\x07</b>\r\nthere  "})
    inbox.refresh_from_db()
    assert inbox.greeting == "<b>Hi</b>\nthere"
    assert "&lt;b&gt;Hi&lt;/b&gt;" in ana_client.get(look_page).content.decode()


@pytest.mark.django_db
def test_the_chat_speaks_the_visitors_language_or_the_owners(
    anonymous_client: Client,
    ana_client: Client,
    inbox: Inbox,
    look_page: str,
) -> None:
    def spoken(wanted: str) -> str:
        query = {"o": inbox.allowed_origins[0], "l": wanted}
        html = anonymous_client.get(f"/widget/{inbox.widget_key}/", query).content.decode()
        return html.partition('<html lang="')[2][:2]

    assert [spoken(one) for one in ("ja", "th", "en", "xx")] == ["ja", "th", "en", "en"]
    ana_client.post(look_page, {"color": "jade", "language": "ja"})
    inbox.refresh_from_db()
    assert spoken("th") == "ja" and 'data-lang="ja"' in snippet(inbox)
    assert ana_client.post(look_page, {"color": "jade", "language": "fr"}).status_code == 422
    # Only there: the pages of those who answer have no Japanese.
    assert ana_client.post("/i18n/setlang/", {"language": "ja"}).status_code == 302
    assert '<html lang="en"' in ana_client.get(look_page).content.decode()
