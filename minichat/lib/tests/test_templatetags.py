from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from minichat.lib import people

pytestmark = pytest.mark.pure

BANGKOK = "Asia/Bangkok"
# Monday 23 November 2026, 10:42 in Bangkok.
NOW = datetime(2026, 11, 23, 3, 42, tzinfo=UTC)


@pytest.fixture(autouse=True)
def bangkok_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def render(source: str, language: str = "en", **context: object) -> str:
    with translation.override(language), timezone.override(BANGKOK):
        return Template("{% load mc %}" + source).render(Context(context))


@pytest.mark.parametrize(("language", "expected"), [("en", "23 Nov 2026"), ("th", "23 พ.ย. 2569")])
def test_dates_follow_the_language_and_thai_years_are_buddhist(language: str, expected: str) -> None:
    assert render("{{ at|mc_date }}", language, at=NOW) == expected


def test_the_clock_is_local_and_has_24_hours() -> None:
    assert render("{{ at|mc_time }}", at=NOW + timedelta(hours=8)) == "18:42"


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=4), "4 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(minutes=90), "09:12"),
        (timedelta(hours=11), "Yesterday"),
        (timedelta(days=36), "18 Oct"),
        (timedelta(days=401), "18 Oct 2025"),
    ],
)
def test_ago_is_as_short_as_a_row_needs(back: timedelta, expected: str) -> None:
    assert render("{{ at|mc_ago }}", at=NOW - back) == expected


def test_a_day_begins_at_local_midnight_not_at_utc() -> None:
    local_midnight = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert render("{{ at|mc_day }}", at=local_midnight) == "Today"
    assert render("{{ at|mc_day }}", at=local_midnight - timedelta(seconds=1)) == "Yesterday"
    assert render("{{ at|mc_day }}", at=local_midnight - timedelta(days=2)) == "21 Nov 2026"


def test_time_tag_tells_machines_utc_and_people_their_own_time() -> None:
    html = render("{% mc_time_tag at %}", at=NOW)
    assert html == '<time datetime="2026-11-23T03:42:00Z" title="23 Nov 2026 10:42">10:42</time>'
    assert ">23 พ.ย. 2569</time>" in render('{% mc_time_tag at "date" %}', "th", at=NOW)


@pytest.mark.parametrize("word", ["{{ at|mc_time }}", "{{ at|mc_ago }}", "{{ at|mc_day }}", "{% mc_time_tag at %}"])
def test_no_moment_is_no_text(word: str) -> None:
    assert render(word, at=None) == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Omar Haddad", "OH"),
        ("ana", "A"),
        ("Jean Paul van Damme", "JD"),
        ("เมธี ใจดี", "มจ"),
        ("โอม", "อ"),
        ("Visitor #12", "V"),
        ("🙂", "?"),
        ("", "?"),
    ],
)
def test_initials_are_letters_that_can_stand_alone(name: str, expected: str) -> None:
    assert render("{{ name|initials }}", name=name) == expected


def test_a_person_keeps_the_colour_and_all_colours_are_used() -> None:
    assert people.hue("Omar") == people.hue("Omar")
    assert {people.hue(number) for number in range(100)} == {1, 2, 3, 4, 5, 6}


def test_icon_points_into_the_sprite_and_escapes_its_name() -> None:
    assert '#send"></use></svg>' in render('{% icon "send" "ic ic-sm" %}')
    assert "<script>" not in render("{% icon name %}", name="<script>")


class SignInForm(forms.Form):
    email = forms.EmailField(label="Email", widget=forms.EmailInput(attrs={"placeholder": "Email"}))
    password = forms.CharField(label="Password", widget=forms.PasswordInput, help_text="Twelve characters or more")
    remember = forms.BooleanField(label="Remember me", required=False)


def test_field_ties_label_help_and_errors_to_the_control() -> None:
    form = SignInForm({"email": "nobody", "password": ""})
    html = render("{% field form.email %}{% field form.password %}{% field form.remember %}", form=form)
    assert 'for="id_email"' in html
    assert 'aria-describedby="id_email_error"' in html
    assert 'aria-describedby="id_password_helptext id_password_error"' in html
    assert 'id="id_password_helptext"' in html
    assert 'id="id_password_error"' in html
    assert "placeholder" not in html
    assert 'class="field field-check"' in html
