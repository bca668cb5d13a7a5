from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache

from accounts.pages import to_login
from minichat.lib.errors import Forbidden
from minichat.lib.moments import told_in
from workspaces import access
from workspaces.models import Membership, Workspace
from workspaces.roles import Role
from workspaces.standing import Moved, Shut, Suspended

P = ParamSpec("P")
SAFE = {"GET", "HEAD", "OPTIONS"}


class MemberRequest(HttpRequest):
    """What a view behind `@member` is handed."""

    workspace: Workspace
    membership: Membership


View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def member(role: Role, *, while_suspended: bool = False) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """The door of every dashboard page: the person is signed in, a member of `<slug>`, and has at least `role`.

    Sets `request.workspace` and `request.membership`; the view no longer takes the slug. While a workspace is suspended
    nothing but reading passes, and what says that it may.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        @never_cache
        def wrapper(request: MemberRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_login(request)
            try:
                request.membership = access.membership_for(request.user, slug=slug)
            except Moved as moved:
                return _follow(request, moved.slug)
            except Shut:
                if request.method not in SAFE:
                    raise
                return redirect("closed-workspace", slug)
            request.workspace = request.membership.workspace
            if not request.membership.may(role):
                raise Forbidden
            if request.workspace.is_suspended and request.method not in SAFE and not while_suspended:
                raise Suspended
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
            language = use_language(request.membership, translation.get_language(), chosen=chosen)
            with told_in(request.workspace.timezone, request.workspace.era), translation.override(language):
                return view(request, *args, **kwargs)

        wrapper.minimum_role = role  # type: ignore[attr-defined]
        return wrapper

    return decorate


def _follow(request: MemberRequest, slug: str) -> HttpResponse:
    """To the same page at the workspace's new address. 307 keeps a form that was open meanwhile; and nobody remembers
    it for ever, because the old address is free one day."""
    match = request.resolver_match
    assert match is not None
    path = reverse(match.view_name, kwargs={**match.kwargs, "slug": slug})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{path}?{query}" if query else path, preserve_request=True)


def use_language(membership: Membership, browser: str | None, *, chosen: str = "") -> str:
    """The language a member reads: their own, else the one chosen on this device before signing in (the cookie of the
    language switch), else the workspace's, else what the browser asks for."""
    if chosen not in dict(settings.LANGUAGES):
        chosen = ""
    return membership.user.locale or chosen or membership.workspace.locale or browser or "en"
