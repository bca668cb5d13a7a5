"""The frame of an inbox's settings: one tab per concern.

A tab is one line in `TABS`, a route `w/<slug>/settings/inboxes/<uuid:inbox>/<tab>/`, and a view behind
`@member(Role.ADMIN)` that takes `inbox` and answers with `tab_page`. Its template extends `chat/inboxes/frame.html`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.models import Inbox
from workspaces.decorators import MemberRequest


@dataclass(frozen=True)
class Tab:
    route: str
    label: Promise | str


TABS = (
    Tab("inbox-general", _("General")),
    Tab("inbox-look", _("Look")),
    Tab("inbox-hours", pgettext_lazy("business hours", "Hours")),
    Tab("inbox-form", _("Form")),
    Tab("inbox-triggers", _("Triggers")),
    Tab("inbox-install", _("Install")),
    Tab("inbox-members", _("Members")),
    Tab("inbox-identity", pgettext_lazy("of visitors", "Identity")),
)


def tab_page(
    request: MemberRequest, inbox: Inbox, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of the tab whose route this is; a form that was refused keeps its tab."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    tabs = [
        {"label": tab.label, "url": reverse(tab.route, args=[request.workspace.slug, inbox.pk]), "here": tab.route}
        for tab in TABS
    ]
    frame = {"inbox": inbox, "tabs": tabs, "here": here}
    return render(request, template, {**frame, **(context or {})}, status=status)
