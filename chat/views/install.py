"""How the widget gets onto the owner's site, and which sites may load it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chat import sitecheck
from chat.actions.allowed_origins import allow_origin as allow
from chat.actions.allowed_origins import replace_origins
from chat.forms_settings import AllowedDomainsForm, AllowOriginForm, CheckForm
from chat.models import Inbox
from chat.snippet import pinned_snippet, snippet
from chat.views.doors import inbox_for
from chat.views.inbox_tabs import tab_page
from minichat.lib import throttle
from minichat.lib.errors import Invalid
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

SHOWN_REFUSALS = 20
CHECKS, CHECKS_SECONDS = 10, 10 * 60


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def install(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = inbox_for(request, inbox)
    if request.method != "POST":
        form = AllowedDomainsForm(initial={"allowed_domains": "\n".join(row.allowed_origins)})
        return _page(request, row, form)
    form = AllowedDomainsForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    replace_origins(row, origins=form.cleaned_data["allowed_domains"], by=request.membership)
    messages.success(request, _("Saved."))
    return redirect("inbox-install", request.workspace.slug, row.pk)


@member(Role.ADMIN)
@require_POST
def allow_origin(request: MemberRequest, inbox: UUID) -> HttpResponse:
    """One click on "this site tried to load the widget"."""
    form = AllowOriginForm(request.POST)
    if not form.is_valid():
        raise Invalid(form.errors["origin"].as_text().removeprefix("* "))
    origin = form.cleaned_data["origin"]
    row = allow(inbox_for(request, inbox), origin=origin, by=request.membership)
    messages.success(request, _("%(origin)s may show the chat now.") % {"origin": origin})
    return redirect("inbox-install", request.workspace.slug, row.pk)


@member(Role.ADMIN)
@require_POST
def check_site(request: MemberRequest, inbox: UUID) -> HttpResponse:
    """Asks for a page of the customer's and says what keeps the chat from it. It changes nothing."""
    row, form = inbox_for(request, inbox), CheckForm(request.POST)
    finding = None
    if form.is_valid():
        throttle.hit("site-check", str(request.workspace.pk), CHECKS, CHECKS_SECONDS)
        finding = sitecheck.check(row, form.cleaned_data["address"])
    context = {"check": form, "finding": finding}
    status = 422 if form.errors else 200
    if request.headers.get("HX-Request"):
        shown = {**context, "base": settings.BASE_URL, "inbox": row}
        return render(request, "chat/inboxes/_check.html", shown, status=status)
    domains = AllowedDomainsForm(initial={"allowed_domains": "\n".join(row.allowed_origins)})
    return _page(request, row, domains, status=status, **context)


def _page(
    request: MemberRequest, inbox: Inbox, form: AllowedDomainsForm, status: int = 200, **more: object
) -> HttpResponse:
    refused = inbox.refused_origins.exclude(origin__in=inbox.allowed_origins).order_by("-last_at")
    context = {
        "form": form,
        "snippet": snippet(inbox),
        "pinned": pinned_snippet(inbox),
        "refused": list(refused.values("origin", "count", "last_at")[:SHOWN_REFUSALS]),
        "check": CheckForm(initial={"address": inbox.installed_on or next(iter(inbox.allowed_origins), "")}),
        "base": settings.BASE_URL,
        "here": "inbox-install",
        **more,
    }
    return tab_page(request, inbox, "chat/inboxes/install.html", context, status=status)
