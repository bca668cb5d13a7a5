"""`/dev/components/`, in local mode only: every component in every state. What a page draws is found here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from minichat.lib.people import initials

SECTIONS = (
    ("buttons", gettext_lazy("Buttons")),
    ("fields", gettext_lazy("Fields and forms")),
    ("badges", gettext_lazy("Badges and people")),
    ("rows", gettext_lazy("Conversation rows")),
    ("bubbles", gettext_lazy("Messages")),
    ("composer", gettext_lazy("Composer")),
    ("menus", gettext_lazy("Menus and search")),
    ("overlays", gettext_lazy("Dialogs, drawers, notices")),
    ("tables", gettext_lazy("Tables and lists")),
    ("charts", gettext_lazy("Figures")),
    ("pieces", gettext_lazy("Small pieces")),
)


# Conversations of a week, solved by the AI and by the team.
SOLVED = ((12, 18), (16, 20), (9, 14), (20, 21), (24, 18), (22, 20), (6, 9))


class SampleForm(forms.Form):
    """One field per sort and state."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), help_text=gettext_lazy("As your team reads it."))
    email = forms.EmailField(label=gettext_lazy("Email address"))
    secret = forms.CharField(label=gettext_lazy("Password"), widget=forms.PasswordInput(render_value=True))
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[("admin", gettext_lazy("Admin")), ("viewer", gettext_lazy("Viewer"))]
    )
    about = forms.CharField(label=gettext_lazy("Message"), widget=forms.Textarea(attrs={"rows": 3}))
    colour = forms.CharField(label=gettext_lazy("Colour"), widget=forms.TextInput(attrs={"type": "color"}))
    day = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    locked = forms.CharField(
        label=gettext_lazy("Read only"), widget=forms.TextInput(attrs={"readonly": True}), required=False
    )
    off = forms.CharField(label=gettext_lazy("Disabled"), disabled=True, required=False)
    news = forms.BooleanField(label=gettext_lazy("Tell me what is new"), required=False)
    sound = forms.BooleanField(
        label=gettext_lazy("Sound for new messages"),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch", "class": "switch"}),
    )


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    sections = [(name, title, f"gallery/{name}.html") for name, title in SECTIONS]
    return render(request, "gallery/page.html", {"sections": sections, **samples()})


def samples() -> dict[str, Any]:
    given = {
        "name": "Ana Srisuk",
        "email": "ana@",
        "secret": "correct horse battery",
        "role": "viewer",
        "about": _("Do you deliver on Sunday?"),
        "colour": "#0f7a5f",
        "day": "2026-11-23",
        "locked": "wk_8f2a8f2a8f2a",
        "off": "acme",
        "sound": "on",
    }
    now = timezone.now()
    return {
        "form": SampleForm(given, initial={"off": "acme"}, auto_id="sample_%s"),
        "people": people(),
        "rows": rows(now),
        "now": now,
        "page": Paginator(range(1, 241), 20).page(5),
        "heat": [((day * 3 + hour * hour) % 5, hour * 22, day * 22) for day in range(7) for hour in range(12)],
        "bars": [bar(at, *numbers) for at, numbers in enumerate(SOLVED)],
    }


def bar(at: int, ai: int, team: int) -> dict[str, int]:
    """A stacked bar, the AI below; three pixels a conversation and a gap between the two."""
    base = 140
    return {"ai": ai, "team": team, "x": 14 + at * 62, "ai_y": base - ai * 3, "ai_height": ai * 3} | {
        "team_y": base - 2 - (ai + team) * 3,
        "team_height": team * 3,
    }


def people() -> list[dict[str, Any]]:
    names = ["Ana Srisuk", "เมธี ใจดี", "Omar Haddad", "Vera Lind", "Gil Novak", "พิมพ์ชนก วงศ์ใหญ่"]
    return [{"name": name, "hue": number} for number, name in enumerate(names, start=1)]


def rows(now: Any) -> list[dict[str, Any]]:
    """Lines of the inbox, drawn by the inbox' own partial."""
    base = {
        "url": "#rows",
        "inbound": 1,
        "status": "open",
        "waiting": False,
        "waiting_since": None,
        "assignee": None,
        "preview_kind": "visitor",
        "inbox_name": "",
        "online": False,
        "lang": "",
        "at": now - timedelta(minutes=4),
    }
    omar = {"id": "1", "name": "Omar Haddad"}
    some: list[dict[str, Any]] = [
        {"preview": _("Do you deliver on Sunday?"), "online": True, "waiting": True, "waiting_since": now},
        {"preview": _("Where is my parcel?"), "css": "unread", "assignee": omar},
        {"preview": _("Thank you, that was all."), "status": "resolved"},
        {"preview": _("The invoice goes to her company."), "preview_kind": "note", "assignee": omar, "current": True},
        {"preview": _("Do you sell grinders?")},
    ]
    return [
        {**base, "conversation": f"sample-{number}", "contact": contact(person), **row}
        for number, (row, person) in enumerate(zip(some, people(), strict=False))
    ]


def contact(person: dict[str, Any]) -> dict[str, Any]:
    return {**person, "initials": initials(person["name"])}
