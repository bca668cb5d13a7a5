"""The pages that a new owner is led through, as far as they are about the workspace."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workspaces import actions, setup
from workspaces.decorators import MemberRequest, member
from workspaces.forms import NameForm
from workspaces.roles import Role


@member(Role.ADMIN)
@require_safe
def resume(request: MemberRequest) -> HttpResponse:
    return redirect(setup.first_open_page(request.workspace).url_name, request.workspace.slug)


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: MemberRequest) -> HttpResponse:
    form = NameForm(request.POST or None, initial={"name": request.workspace.name})
    if not form.is_valid():
        return render(
            request,
            "workspaces/setup/name.html",
            setup.page_context("name", form=form),
            status=422 if form.errors else 200,
        )
    actions.change_settings(request.workspace, name=form.cleaned_data["name"], by=request.membership)
    # The name that it came with may be the right one: whoever sends this page has seen it.
    setup.tick(request.workspace, "name")
    return redirect(setup.way_on("name"), request.workspace.slug)


@member(Role.ADMIN)
@require_POST
def leave(request: MemberRequest) -> HttpResponse:
    setup.leave(request.workspace)
    return redirect("inbox", request.workspace.slug)


@member(Role.ADMIN)
@require_POST
def hide(request: MemberRequest) -> HttpResponse:
    setup.hide(request.workspace, by=request.membership)
    return redirect("inbox", request.workspace.slug)
