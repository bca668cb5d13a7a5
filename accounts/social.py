"""The way to a provider and back, and the page on which a person's ways of signing in stand."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.fresh import fresh
from accounts.pages import AccountRequest, page, signed_in
from accounts.provider import GitHubAdapter, GoogleAdapter, LineAdapter
from minichat.lib.errors import NotFound


@page
@require_POST
def begin(request: HttpRequest, provider: str) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home-workspace")
    return _go(request, provider, AuthProcess.LOGIN)


@fresh
@require_POST
def connect(request: AccountRequest, provider: str) -> HttpResponse:
    return _go(request, provider, AuthProcess.CONNECT)


def _go(request: HttpRequest, provider: str, process: str) -> HttpResponse:
    """State and PKCE are allauth's. The nonce is ours: it binds the provider's token to this browser (SR-12)."""
    try:
        found = get_adapter().get_provider(request, provider)
    except SocialApp.DoesNotExist as error:
        raise NotFound from error
    nonce = get_random_string(32)
    return found.redirect(
        request,
        process,
        next_url=get_next_redirect_url(request),
        auth_params={**found.get_auth_params(), "nonce": nonce},
        nonce=nonce,
    )


class Callback(OAuth2CallbackView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except SocialApp.DoesNotExist as error:
            raise NotFound from error
        except IntegrityError:
            # Two tabs came back at the same moment, and the other one was first.
            messages.info(request, _("Please try again."))
            return redirect("account_login")

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")  # type: ignore[attr-defined]
        return state, response


def _who(account: SocialAccount | None) -> str:
    """Which of their accounts there: what they would recognise it by."""
    said = account.extra_data if account else {}
    return str(said.get("email") or said.get("login") or said.get("name") or "")


google, github, line = (
    page(require_safe(Callback.adapter_view(adapter))) for adapter in (GoogleAdapter, GitHubAdapter, LineAdapter)
)


@signed_in
@require_safe
def methods(request: AccountRequest) -> HttpResponse:
    connected = {account.provider: account for account in SocialAccount.objects.filter(user=request.user)}
    ways = [
        {"provider": provider, "account": connected.get(provider.id), "who": _who(connected.get(provider.id))}
        for provider in get_adapter().list_providers(request)
    ]
    context = {"ways": ways, "may_disconnect": actions.ways_in(request.user) > 1}
    return TemplateResponse(request, "account/methods.html", context)


@fresh
@require_POST
def disconnect(request: AccountRequest, provider: str) -> HttpResponse:
    account = actions.disconnect(request.user, provider=provider)
    if account is not None:
        context = {"provider": account.get_provider(request)}
        get_account_adapter().send_notification_mail("socialaccount/email/account_disconnected", request.user, context)
        messages.success(request, _("%(provider)s is disconnected.") % {"provider": context["provider"].name})
    return redirect("socialaccount_connections")
