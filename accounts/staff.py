"""Staff pages open for staff who have passed a second step in this session (SR-62)."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.decorators import secure_admin_login
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def guard(site: AdminSite) -> None:
    """Every page of the admin asks `has_permission` first, and leads to `login` where it answers no."""
    is_staff: Callable[[HttpRequest], bool] = site.has_permission
    site.has_permission = lambda request: is_staff(request) and passed_second_step(request)  # type: ignore[method-assign]
    site.login = secure_admin_login(_ask_for_second_step)  # type: ignore[method-assign]


def passed_second_step(request: HttpRequest) -> bool:
    """With a factor that still exists: one that was removed since does not count."""
    if not is_mfa_enabled(request.user, SECOND_STEPS):
        return False
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def _ask_for_second_step(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Only staff who have signed in come here; `secure_admin_login` answers everybody else."""
    there = request.GET.get("next", "") or reverse("admin:index")
    if passed_second_step(request):
        return redirect("admin:index")
    if not is_mfa_enabled(request.user, SECOND_STEPS):
        messages.warning(request, _("Staff pages need a second step. Set up an app or a passkey first."))
        return redirect("mfa_index")
    has_app = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    question = "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"
    return redirect(f"{reverse(question)}?{urlencode({'next': there})}")
