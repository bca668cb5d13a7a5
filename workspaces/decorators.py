from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from accounts.pages import to_login
from minichat.lib.errors import Forbidden
from workspaces import access
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """What a view behind `@member` is handed."""

    workspace: Workspace
    membership: Membership


View = Callable[Concatenate[MemberRequest, P], HttpResponse]


def member(role: Role) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """The door of every dashboard page: the person is signed in, a member of `<slug>`, and has at least `role`.

    Sets `request.workspace` and `request.membership`; the view no longer takes the slug.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        @never_cache
        def wrapper(request: MemberRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_login(request)
            request.membership = access.membership_for(request.user, slug=slug)
            request.workspace = request.membership.workspace
            if not request.membership.may(role):
                raise Forbidden
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
            language = use_language(request.membership, translation.get_language(), chosen=chosen)
            with timezone.override(request.workspace.timezone), translation.override(language):
                return view(request, *args, **kwargs)

        wrapper.minimum_role = role  # type: ignore[attr-defined]
        return wrapper

    return decorate


def use_language(membership: Membership, browser: str | None, *, chosen: str = "") -> str:
    """The language a member reads: their own, else the one chosen on this device before signing in (the cookie of the
    language switch), else the workspace's, else what the browser asks for."""
    if chosen not in dict(settings.LANGUAGES):
        chosen = ""
    return membership.user.locale or chosen or membership.workspace.locale or browser or "en"
