"""One more workspace."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.pages import to_login
from minichat.lib import throttle
from minichat.lib.errors import Forbidden
from workspaces import access, actions, limits
from workspaces.forms_settings import NewWorkspaceForm

MADE_PER_DAY = 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_workspace(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return to_login(request)
    if not limits.may_create_workspaces(request.user):  # type: ignore[arg-type]
        raise Forbidden
    if request.method != "POST":
        limits.check_workspaces(request.user)
        return _page(request, NewWorkspaceForm())
    form = NewWorkspaceForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    throttle.hit("new-workspace", str(request.user.pk), MADE_PER_DAY, 24 * 60 * 60)
    workspace = actions.create_another(request.user, name=form.cleaned_data["name"])
    return redirect("dashboard", workspace.slug)


def _page(request: HttpRequest, form: NewWorkspaceForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "has_workspace": bool(access.memberships_of(request.user))}  # type: ignore[arg-type]
    return render(request, "workspaces/new.html", context, status=status)
