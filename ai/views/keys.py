"""The workspace's own keys. An owner who has just proven to be one sets and removes them (SR-55)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.fresh import fresh, is_fresh
from ai import actions, standing
from ai.forms_models import KeyForm
from ai.models import ProviderCredential
from ai.naming import problem_of
from ai.standing import KeyLine
from minichat.lib import throttle
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

CHECKS, CHECKS_SECONDS = 20, 10 * 60


@member(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, provider: str) -> HttpResponse:
    """A form that comes too late is not taken up again after the question, as others are: until then the key would
    lie in the session."""
    if request.method == "POST" and not is_fresh(request):
        messages.info(request, _("Please confirm that it is you, then enter the key once more."))
        return redirect("ai-key", request.workspace.slug, provider)
    return _edit(request, provider)


@member(Role.ADMIN)
@require_POST
def check(request: MemberRequest, provider: str) -> HttpResponse:
    throttle.hit("ai-check", str(request.workspace.pk), CHECKS, CHECKS_SECONDS)
    problem = actions.check_key(_row(request, provider))
    if not problem:
        messages.success(request, _("The provider accepts the key."))
    else:
        messages.error(request, str(problem_of(problem)))
    return redirect("ai-key" if request.POST.get("from") == "key" else "ai-models", *_back(request, provider))


@member(Role.OWNER)
@require_POST
@fresh
def remove(request: MemberRequest, provider: str) -> HttpResponse:
    actions.remove_key(_row(request, provider), by=request.membership)
    messages.success(request, _("The key is removed."))
    return redirect("ai-models", request.workspace.slug)


# --- Inside -----------------------------------------------------------------------------------------------------------


@fresh
def _edit(request: MemberRequest, provider: str) -> HttpResponse:
    line = _line(request, provider)
    form = KeyForm(request.POST or None, provider=provider, address=line.row.base_url if line.row else "")
    if not form.is_valid():
        return _page(request, line, form)
    data = form.cleaned_data
    row = actions.set_key(request.membership, provider=provider, key=data["key"], address=data.get("base_url", ""))
    # The key is kept whatever the provider says now: it may be away.
    problem = actions.check_key(row)
    if not problem:
        messages.success(request, _("The key is saved, and the provider accepts it."))
        return redirect("ai-models", request.workspace.slug)
    messages.info(request, _("The key is saved."))
    return redirect("ai-key", request.workspace.slug, provider)


def _page(request: MemberRequest, line: KeyLine, form: KeyForm) -> HttpResponse:
    return render(request, "ai/key.html", {"line": line, "form": form}, status=422 if form.errors else 200)


def _line(request: MemberRequest, provider: str) -> KeyLine:
    line = standing.key_line(request.workspace, provider)
    if line is None:
        raise Http404
    return line


def _row(request: MemberRequest, provider: str) -> ProviderCredential:
    row = _line(request, provider).row
    if row is None:
        raise Http404
    return row


def _back(request: MemberRequest, provider: str) -> list[str]:
    here = request.POST.get("from") == "key"
    return [request.workspace.slug, provider] if here else [request.workspace.slug]
