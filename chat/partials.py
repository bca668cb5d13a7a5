"""From pictures to HTML: the same partials for pages, gap fills and pushes, in the reader's language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from chat import handoffs, mentions
from chat.models import Kind
from chat.snapshots import Picture
from minichat.lib import rich
from minichat.lib.moments import told_in
from minichat.lib.people import initials


def message(picture: Picture, language: str, zone: str, era: str = "") -> str:
    with translation.override(language), told_in(zone, era):
        return _draw("chat/_message.html", {"message": marked_up(readable(picture))})


def row(picture: Picture, language: str, zone: str, era: str = "", *, slug: str) -> str:
    with translation.override(language), told_in(zone, era):
        return _draw("chat/_row.html", {"row": linked(readable(picture), slug)})


def head(picture: Picture, language: str, zone: str, era: str = "", *, slug: str) -> str:
    """Rendered for somebody who may reply; the browser of a viewer leaves the buttons out."""
    with translation.override(language), told_in(zone, era):
        context = {"head": readable(picture), "workspace": {"slug": slug}, "can_reply": True, "member": None}
        return _draw("chat/_head.html", context)


def marked_up(picture: Picture) -> Picture:
    """A copy with its text as HTML. `source` is the text itself where that does not show all of it: for an edit."""
    body = picture["body"]
    pieces = rich.nodes(body, only_links=picture["kind"] == Kind.VISITOR)
    html = rich.html(body, pieces, partial(_named, picture["mentions"]))
    is_whole = sum(part.end - part.start for part in rich.shown(pieces)) == len(body)
    return {**picture, "html": html, "source": "" if is_whole else body, "event": _told(picture["event"])}


def _told(event: Picture | None) -> Picture | None:
    """Why the assistant gave up, and which rule found something, in the reader's language."""
    if event is not None and event["name"] == "marked":
        return {**event, "rule": handoffs.rule_name(event["rule"])}
    if event is None or event["name"] != "handed_off":
        return event
    sentence = handoffs.SENTENCES.get(event["reason"], handoffs.SENTENCES[handoffs.FAILED])
    if rule := event["summary"].get("rule"):
        event = {**event, "summary": {**event["summary"], "rule": handoffs.rule_name(rule)}}
    return {**event, "sentence": sentence}


def _named(people: Sequence[dict[str, str]], words: str) -> SafeString:
    """Names of colleagues stand out."""
    parts = mentions.parts(words, people)
    return format_html_join(
        "", "{}", ((format_html(_MENTION, **part) if part.get("member") else part["text"],) for part in parts)
    )


_MENTION = '<span class="mention" data-member="{member}">{text}</span>'


def readable(picture: Picture) -> Picture:
    """A copy whose contact has a name in the current language, whoever it is."""
    contact = picture["contact"]
    name = contact["name"] or visitor_name(contact["number"])
    return {**picture, "contact": {**contact, "name": name, "initials": initials(name)}}


def linked(picture: Picture, slug: str) -> Picture:
    return {**picture, "url": _threads(slug).replace(_ANY, picture["conversation"])}


@lru_cache(maxsize=1000)
def _threads(slug: str) -> str:
    """The address of no thread, to put any thread's id into: a row is drawn with every message."""
    return reverse("thread", args=[slug, _ANY])


_ANY = str(UUID(int=0))


def language_name(code: str) -> str:
    """As its own speakers call it."""
    return get_language_info(code)["name_local"] if code in dict(settings.VISITOR_LANGUAGES) else ""


def path_of(url: str) -> str:
    """What tells the pages of one site apart."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def visitor_name(number: int) -> str:
    return _("Visitor %(number)s") % {"number": number}


def _draw(template: str, context: Picture) -> str:
    return get_template(template).render(context).strip()
