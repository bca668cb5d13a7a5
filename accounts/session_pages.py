"""The list of one's own sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import browsers, sessions
from accounts.pages import AccountRequest, signed_in


@dataclass(frozen=True)
class Shown:
    pk: int
    name: str
    ip: str
    is_handheld: bool
    is_current: bool
    since: datetime
    seen: datetime


@signed_in
@require_safe
def show(request: AccountRequest) -> HttpResponse:
    rows = [_shown(session) for session in sessions.of(request.user)]
    rows.sort(key=lambda row: not row.is_current)
    return TemplateResponse(request, "account/sessions.html", {"sessions": rows, "others": len(rows) > 1})


@signed_in
@require_POST
def delete(request: AccountRequest) -> HttpResponse:
    sessions.end(request.user, pk=request.POST.get("session", ""))
    messages.success(request, _("That browser is signed out."))
    return redirect("account_sessions")


@signed_in
@require_POST
def delete_others(request: AccountRequest) -> HttpResponse:
    sessions.end_all(request.user, but=request.session)
    messages.success(request, _("All other browsers are signed out."))
    return redirect("account_sessions")


def _shown(session: UserSession) -> Shown:
    browser, system = browsers.browser(session.user_agent), browsers.system(session.user_agent)
    both = _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return Shown(
        pk=session.pk,
        name=both if browser and system else browser or system or _("Unknown browser"),
        ip=session.ip,
        is_handheld=system in browsers.HANDHELD,
        is_current=session.is_current(),
        since=session.created_at,
        seen=session.last_seen_at,
    )
