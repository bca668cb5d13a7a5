"""A crawler for English on Thai pages: every address that a GET answers, as an owner who reads Thai sees it.

Two nets. A text that is an English sentence of the catalogue was drawn before its translation could be asked for. A
Latin word that is no name is a sentence that never went through gettext.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from ai.models import ModelOffer
from minichat.tests.matrix import ACCOUNT_PAGES, ACCOUNT_SESSION_PAGES, TABLE
from minichat.tests.test_matrix import clients, places  # noqa: F401
from minichat.tests.test_translations import said
from tools.messages import CATALOGUE
from workspaces.models import Workspace

ENGLISH = {
    " ".join(entry.key.split())
    for entry in said(CATALOGUE)
    if entry.key not in entry.texts.values() and "%(" not in entry.key
}
# Names, and what Thai writes so as well; of the demo shop and the page of components; columns of a file, quoted.
_NAMES = """
MiniChat English Google GitHub LINE Passkey passkey Free Starter Pro Business Chrome Safari Firefox Android iPhone iPad
OpenRouter Groq Anthropic Gemini OpenAI Ollama
Mac Windows Linux macOS Ctrl Cmd Shift Alt Enter Esc Tab JavaScript Authenticator WebP
Word docx Markdown sitemap
Python Node
Acme Coffee Comet Acorn Cloud Somchai Pimchanok Nattaya Lena Fischer James Okafor K-Max
shortcut text question answer category active yes no
"""
NAMES = set(_NAMES.split())
# Menus of other products and names of headers, quoted as they are read there.
QUOTED = (
    "Content-Security-Policy",
    "Powered by MiniChat",
    "WordPress",
    "WPCode",
    "Code Snippets › Header & Footer › Footer",
    "Shopify",
    "Online Store › Themes › … › Edit code › theme.liquid",
    "Google Tag Manager",
    "New tag › Custom HTML",
    "All Pages",
    "data-preload",
    "MiniChat('reset')",
)
# Read aloud or shown; `data-` attributes hold the words of scripts.
SPOKEN = {"title", "aria-label", "placeholder", "alt", "content", "aria-description", "data-copied", "data-confirm"}
# What is typed by machines or people: code, keys, quotations of users.
SILENT = {"script", "style", "code", "pre", "kbd", "svg", "textarea"}
VOID = {"meta", "link", "input", "img", "br", "hr", "use", "source", "wbr", "col", "area", "path"}
# Addresses, codes and placeholders; capitals alone are initials or an abbreviation.
_TOKEN = re.compile(r"\S*(?:@|://|\.\w|\d|/|_|=)\S*|\{\w+\}|\b[A-Z]{2,4}\b")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]+")


class Texts(HTMLParser):
    """The texts of a page that are ours to translate."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        foreign = given.get("lang") not in (None, "th") or "data-text" in given or "translate" in given
        # Zones are called by their names in tables of the world.
        zones = tag == "select" and given.get("name") == "timezone"
        silent = tag in SILENT or foreign or zones or self.is_silent
        if tag not in VOID:
            self.open.append((tag, silent))
        if not silent:
            self.found += [text for name, text in given.items() if text and _is_spoken(tag, name, given)]

    def handle_endtag(self, tag: str) -> None:
        while self.open and any(name == tag for name, _ in self.open):
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.is_silent:
            self.found.append(" ".join(data.split()))

    @property
    def is_silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]


def _is_spoken(tag: str, name: str, given: dict[str, str | None]) -> bool:
    if name == "content":
        return tag == "meta" and str(given.get("name") or given.get("property")) in {
            "description", "og:title", "og:description",
        }  # fmt: skip
    return name in SPOKEN or (name == "value" and given.get("type") in {"submit", "button"})


def english(html: str, names: set[str]) -> list[str]:
    """`names`: words that are none of ours, and whole texts that somebody typed."""
    parser = Texts()
    parser.feed(html)
    return [
        text
        for text in dict.fromkeys(parser.found)
        if text not in names and (text in ENGLISH and text not in QUOTED or _latin(text) - names)
    ]


def _latin(text: str) -> set[str]:
    for quoted in QUOTED:
        text = text.replace(quoted, " ")
    return set(_LATIN.findall(_TOKEN.sub(" ", text)))


def inside(found: dict[str, str]) -> Iterator[str]:
    for name, rules in TABLE.items():
        if any(rule.method == "get" for rule in rules) and name in found and name != "admin":
            yield found[name]
    yield from _account(ACCOUNT_SESSION_PAGES)
    yield from ("/nowhere/", "/w/acme/nowhere/")


def _account(names: set[str]) -> Iterator[str]:
    for name in sorted(names):
        with contextlib.suppress(NoReverseMatch):
            yield reverse(name)


@pytest.mark.django_db
def test_an_owner_who_reads_thai_sees_no_english(
    ana: User,
    ana_client: Client,
    acme: Workspace,
    places: dict[str, str],  # noqa: F811
) -> None:
    names = NAMES | typed_by_people(acme)
    User.objects.filter(pk=ana.pk).update(locale="th")
    Workspace.objects.filter(pk=acme.pk).update(locale="th")
    stranger = Client()
    for client in (ana_client, stranger):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "th"
    findings, walked = [], 0
    for client, place in [(ana_client, one) for one in inside(places)] + [
        (stranger, one) for one in _account(ACCOUNT_PAGES)
    ]:
        answer: Any = client.get(place, headers={"Accept-Language": "th"}, follow=True)
        if answer.get("Content-Type", "").startswith("text/html"):
            walked += 1
            findings += [f"{place}: {text[:90]}" for text in english(answer.content.decode(), names)]
    assert walked > 50
    assert findings == []


def typed_by_people(workspace: Workspace) -> set[str]:
    """Names and messages are in the language of whoever wrote them."""
    texts = [workspace.name, *workspace.inboxes.values_list("name", flat=True)]
    texts += workspace.messages.values_list("body", flat=True)
    texts += workspace.canned_responses.values_list("body", flat=True)
    texts += [text for row in workspace.knowledge_sources.all() for text in (row.title, row.text, f"“{row.title}”")]
    texts += workspace.notes.values_list("body", flat=True)
    # Audit lines keep the name under which somebody was known when it happened.
    texts += [contact.display_name for contact in workspace.contacts.all()]
    texts += [str(text) for contact in workspace.contacts.all() for pair in contact.attributes.items() for text in pair]
    texts += [part for user in User.objects.all() for part in (user.name, user.email.partition("@")[0])]
    # Models are called what their makers call them.
    texts += [text for offer in ModelOffer.objects.all() for text in (offer.name, offer.model)]
    return set(_LATIN.findall(" ".join(texts))) | set(texts)


def test_the_nets_hold() -> None:
    page = '<p>{}</p><input placeholder="{}"><code>let it be</code><p lang="en">Let it be</p><b>MiniChat a@b.test</b>'
    assert english(page.format("ตอบแชต", "ค้นหา"), NAMES) == []
    assert english(page.format("Save", "ค้นหา"), NAMES) == ["Save"]
    assert english(page.format("ตอบ Chat", "Search here"), NAMES) == ["ตอบ Chat", "Search here"]
    assert english("<b title='Close'><i>บันทึก</i></b><img alt='Face of it'>", NAMES) == ["Close", "Face of it"]
