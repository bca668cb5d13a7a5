"""How the widget gets onto the owner's site, and which sites may load it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chat.actions.allowed_origins import allow_origin as allow
from chat.actions.allowed_origins import replace_origins
from chat.forms_settings import AllowedDomainsForm, AllowOriginForm
from chat.models import Inbox
from chat.snippet import snippet
from chat.views.doors import first_inbox
from minichat.lib.errors import Invalid
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

SHOWN_REFUSALS = 20


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def widget_settings(request: MemberRequest) -> HttpResponse:
    inbox = first_inbox(request.workspace)
    if request.method != "POST":
        form = AllowedDomainsForm(initial={"allowed_domains": "\n".join(inbox.allowed_origins)})
        return _page(request, inbox, form)
    form = AllowedDomainsForm(request.POST)
    if not form.is_valid():
        return _page(request, inbox, form, status=422)
    replace_origins(inbox, origins=form.cleaned_data["allowed_domains"], by=request.membership)
    messages.success(request, _("Saved."))
    return redirect("widget-settings", request.workspace.slug)


@member(Role.ADMIN)
@require_POST
def allow_origin(request: MemberRequest) -> HttpResponse:
    """One click on "this site tried to load the widget"."""
    form = AllowOriginForm(request.POST)
    if not form.is_valid():
        raise Invalid(form.errors["origin"].as_text().removeprefix("* "))
    origin = form.cleaned_data["origin"]
    allow(first_inbox(request.workspace), origin=origin, by=request.membership)
    messages.success(request, _("%(origin)s may show the chat now.") % {"origin": origin})
    return redirect("widget-settings", request.workspace.slug)


def _page(request: MemberRequest, inbox: Inbox, form: AllowedDomainsForm, status: int = 200) -> HttpResponse:
    refused = inbox.refused_origins.exclude(origin__in=inbox.allowed_origins).order_by("-last_at")
    context = {
        "form": form,
        "inbox": inbox,
        "snippet": snippet(inbox),
        "refused": list(refused.values("origin", "count", "last_at")[:SHOWN_REFUSALS]),
    }
    return render(request, "workspaces/widget_settings.html", context, status=status)
