"""From pictures to HTML: the same partials for pages, gap fills and pushes, in the reader's language and zone."""

from __future__ import annotations

from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from chat.snapshots import Picture
from minichat.lib.moments import told_in
from minichat.lib.people import initials


def message(picture: Picture, language: str, zone: str, era: str = "") -> str:
    with translation.override(language), told_in(zone, era):
        return _draw("chat/_message.html", {"message": readable(picture)})


def row(picture: Picture, language: str, zone: str, era: str = "", *, slug: str) -> str:
    with translation.override(language), told_in(zone, era):
        return _draw("chat/_row.html", {"row": linked(readable(picture), slug)})


def head(picture: Picture, language: str, zone: str, era: str = "", *, slug: str) -> str:
    """Rendered for somebody who may reply; the browser of a viewer leaves the buttons out."""
    with translation.override(language), told_in(zone, era):
        context = {"head": readable(picture), "workspace": {"slug": slug}, "can_reply": True, "member": None}
        return _draw("chat/_head.html", context)


def readable(picture: Picture) -> Picture:
    """A copy whose contact has a name in the current language, whoever it is."""
    contact = picture["contact"]
    name = contact["name"] or visitor_name(contact["number"])
    return {**picture, "contact": {**contact, "name": name, "initials": initials(name)}}


def linked(picture: Picture, slug: str) -> Picture:
    return {**picture, "url": reverse("thread", args=[slug, picture["conversation"]])}


def visitor_name(number: int) -> str:
    return _("Visitor %(number)s") % {"number": number}


def _draw(template: str, context: Picture) -> str:
    return get_template(template).render(context).strip()
