"""Named mails: the same words as text and in the house's layout."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from minichat.lib.emails import make_message, with_html

pytestmark = pytest.mark.pure


def html_of(message: EmailMultiAlternatives) -> str:
    [(content, kind)] = message.alternatives
    assert kind == "text/html"
    return str(content)


def laid_out(text: str, code: str = "") -> str:
    return html_of(with_html(EmailMultiAlternatives("Hi", text, None, ["ana@acme.test"]), code=code))


def welcome(name: str) -> EmailMultiAlternatives:
    context = {"user": SimpleNamespace(display_name=name), "workspace": SimpleNamespace(name="Acme"), "url": "x"}
    return make_message("welcome", "ana@acme.test", context)


@pytest.mark.parametrize(("language", "word"), [("en", "Welcome"), ("th", "ยินดีต้อนรับ")])
def test_a_named_mail_speaks_the_active_language(language: str, word: str) -> None:
    with translation.override(language):
        message = welcome("Ana")
    assert word in message.subject
    assert "Ana" in message.body
    assert f'<html lang="{language}">' in html_of(message)


def test_a_name_is_text_in_the_text_and_no_markup_in_the_html() -> None:
    message = welcome("Ana & <b>Co</b>")
    assert "Ana & <b>Co</b>" in message.body
    assert "Ana &amp; &lt;b&gt;Co&lt;/b&gt;" in html_of(message)


def test_a_code_alone_in_its_paragraph_is_large() -> None:
    html = laid_out("Your code:\n\n482913\n\nNot 482913 here", code="482913")
    assert html.count(">482913</p>") == 1


def test_without_a_code_nothing_is_large() -> None:
    assert "letter-spacing" not in laid_out("Hello\n\n482913")


@pytest.mark.parametrize(
    ("paragraph", "is_link"),
    [
        ("{home}/w/acme/", True),
        ("{home}", False),
        ("{home}.evil.example/", False),
        ("{home}@evil.example/", False),
        ("https://evil.example/", False),
        ("see {home}/w/acme/", False),
        ("{home}/x now", False),
        ("javascript:alert(1)", False),
    ],
)
def test_only_an_address_of_ours_that_stands_alone_is_a_link(paragraph: str, is_link: bool) -> None:
    html = laid_out(f"Hello\n\n{paragraph.format(home=settings.BASE_URL)}\n\nBye")
    assert ("<a " in html) is is_link


def test_an_address_keeps_its_signs() -> None:
    html = laid_out(f'{settings.BASE_URL}/?a=1&b="x"')
    assert "&amp;b=&quot;x&quot;" in html
