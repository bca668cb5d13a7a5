"""The answers of the command palette."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from minichat.lib import throttle
from minichat.lib.errors import TooLong
from workspaces.decorators import MemberRequest, member
from workspaces.finding import LONGEST, SEARCHES, SECONDS, find
from workspaces.roles import Role


@member(Role.VIEWER)
@require_safe
def show(request: MemberRequest) -> HttpResponse:
    throttle.hit("find", str(request.membership.pk), SEARCHES, SECONDS)
    text = request.GET.get("q", "")
    if len(text) > LONGEST:
        raise TooLong(_("That is too long to search for."))
    return render(request, "workspaces/_found.html", {"groups": find(request, text)})
