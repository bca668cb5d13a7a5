"""The pages that a new owner is led through, as far as they are about the widget."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from chat.actions.allowed_origins import allow_origin
from chat.forms_look import LookForm, initial
from chat.forms_settings import AllowOriginForm
from chat.models import Inbox
from chat.snippet import snippet
from chat.views import look as looks
from chat.views.doors import first_inbox
from workspaces import setup
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: MemberRequest) -> HttpResponse:
    inbox = first_inbox(request.workspace)
    form = LookForm(request.POST or None, initial=initial(inbox))
    if not form.is_valid():
        context = setup.page_context("look", **looks.look_context(request, inbox, form))
        return render(request, "chat/setup/look.html", context, status=422 if form.errors else 200)
    looks.save(request, inbox, form)
    # The look that it came with may be the right one: whoever sends this page has seen it.
    setup.tick(request.workspace, "look")
    return redirect(setup.way_on("look"), request.workspace.slug)


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def install(request: MemberRequest) -> HttpResponse:
    inbox = first_inbox(request.workspace)
    if request.method != "POST":
        return _install_page(request, inbox, AllowOriginForm())
    form = AllowOriginForm(request.POST)
    if not form.is_valid():
        return _install_page(request, inbox, form, status=422)
    allow_origin(inbox, origin=form.cleaned_data["origin"], by=request.membership)
    return redirect("setup-install", request.workspace.slug)


@member(Role.ADMIN)
@require_safe
def try_it(request: MemberRequest) -> HttpResponse:
    """A plain page with the widget on it, for whoever has no website at hand."""
    context = {"inbox": first_inbox(request.workspace), "lang": get_language()}
    return render(request, "chat/setup/try.html", context)


def _install_page(request: MemberRequest, inbox: Inbox, form: AllowOriginForm, status: int = 200) -> HttpResponse:
    context = setup.page_context("site", form=form, inbox=inbox, snippet=snippet(inbox))
    part = "_installed.html" if request.headers.get("HX-Request") else "install.html"
    return render(request, f"chat/setup/{part}", context, status=status)
