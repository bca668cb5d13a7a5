"""What the command palette finds in this room: pages and colleagues."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.db.models import Case, IntegerField, Value, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from workspaces.access import memberships_of
from workspaces.decorators import MemberRequest
from workspaces.finding import IN_A_GROUP, Found, Group, matches, matching

# The menus are the list of pages: what stands in them for this role, and nothing else, can be found.
MENUS = ("components/nav.html", "workspaces/_settings_nav.html", "account/_settings_nav.html")
PAGES = 6


@dataclass
class Link:
    url: str
    label: str = ""
    icon: str = "file-text"
    # Marked `data-seldom` in the menu: comes after what one goes to every day.
    is_seldom: bool = False


def pages(request: MemberRequest, words: list[str]) -> Group:
    """Pages by their name in any of our languages: who reads Thai may well type "team"."""
    links = menu_links(request)
    names: dict[str, list[str]] = {link.url: [] for link in links}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for link in menu_links(request):
                names.setdefault(link.url, []).append(link.label)
    found = [link for link in links if matches(words, *names[link.url])]
    rows = [Found(link.label, link.url, link.icon) for link in found[: PAGES if words else IN_A_GROUP]]
    return Group("pages", _("Pages"), rows)


def menu_links(request: MemberRequest) -> list[Link]:
    # Numbers beside the words are nothing to search for, and other workspaces are found on their own.
    context: dict[str, Any] = {"nav_counts": {}, "bell_unread": 0, "workspaces": []}
    reader = _Links()
    for menu in MENUS:
        reader.feed(render_to_string(menu, context, request))
    links = list({link.url: link for link in reversed(reader.links)}.values())[::-1]
    return sorted(links, key=lambda link: link.is_seldom)


class _Links(HTMLParser):
    """The links of our own menus: address, words, name of the icon."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self._link: Link | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self._link = Link(given.get("href") or "", is_seldom="data-seldom" in given)
        elif tag == "use" and self._link:
            self._link.icon = (given.get("href") or "").rpartition("#")[2]

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link:
            self._link.label = " ".join(self._link.label.split())
            self.links.append(self._link)
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._link:
            self._link.label += data


def other_workspaces(request: MemberRequest, words: list[str]) -> Group:
    if not words:
        return Group("workspaces", "")
    others = [row.workspace for row in memberships_of(request.membership.user) if row != request.membership]
    found = [
        Found(one.name, reverse("dashboard", args=[one.slug]), "store") for one in others if matches(words, one.name)
    ]
    return Group("workspaces", _("Workspaces"), found[:IN_A_GROUP])


def team(request: MemberRequest, words: list[str]) -> Group:
    if not words:
        return Group("team", "")
    rows = request.workspace.memberships.select_related("user").filter(
        matching(words, "user__name", "user__email"), deactivated_at=None
    )
    place = reverse("members", args=[request.workspace.slug])
    found = [
        Found(row.name, place, hint=row.get_role_display(), person={"name": row.name, "avatar": row.avatar})
        for row in rows.order_by(_own_first(request), "user__name")[:IN_A_GROUP]
    ]
    return Group("team", pgettext("people", "Team"), found)


def _own_first(request: MemberRequest) -> Case:
    return Case(When(pk=request.membership.pk, then=Value(1)), default=Value(0), output_field=IntegerField())
