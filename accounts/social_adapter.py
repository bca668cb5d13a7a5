"""Where allauth asks us about identities of other providers: whose they are, and what they open (SR-12)."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import limits, unproven, vouched
from accounts.models import NAME_LENGTH, User
from accounts.proven import has_proven
from accounts.provider import proven_address, speaks_for
from minichat.lib.text import clean_line

logger = logging.getLogger(__name__)


class SocialAdapter(DefaultSocialAccountAdapter):
    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Of the environment alone: a row in the database would be a second place where a secret may lie."""
        configured: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
        return [
            SocialApp(provider=name, name=name, **app["APP"])
            for name, app in configured.items()
            if provider in (None, name) and client_id in (None, app["APP"]["client_id"])
        ]

    # --- Whose it is ----------------------------------------------------------------------------------------------

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[Any, str] | None:
        """The account of an address that both sides have proven. Who has a second step connects by hand, or an identity
        would be connected before that step is taken; so do our staff, because more hangs on their account."""
        address = proven_address(sociallogin)
        if not address or _is_connect(sociallogin) or not speaks_for(sociallogin, address):
            return None
        user = User.objects.filter(email=address, is_active=True, is_staff=False, is_superuser=False).first()
        if user is None or not has_proven(user, address) or Authenticator.objects.filter(user=user).exists():
            return None
        return user, address

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        address = proven_address(sociallogin)
        if sociallogin.is_existing or _is_connect(sociallogin) or not address:
            return
        squatter = unproven.at(address)
        if squatter is not None:
            unproven.forget(squatter)
        elif User.objects.filter(email=address).exists():
            # The provider says that the address is theirs, so that it has an account is no secret from them.
            say = _(
                "There is an account for %(email)s. Sign in to it, then connect %(provider)s under “Sign-in methods”."
            )
            messages.info(request, say % {"email": address, "provider": sociallogin.provider.name})
            raise ImmediateHttpResponse(redirect("account_login"))

    # --- Somebody new ---------------------------------------------------------------------------------------------

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """In a house for invited people: with the invited address. The form asks where the provider names none."""
        if settings.SIGNUPS == "open":
            return True
        invited = vouched.address(request)
        return bool(invited) and proven_address(sociallogin) in ("", invited)

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Without a proven address we ask for one, and mail a code there as to anybody who signs up."""
        return bool(proven_address(sociallogin))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        user = sociallogin.user
        user.email = data.get("email") or ""
        user.name = clean_line(str(data.get("name") or ""))[:NAME_LENGTH]
        user.locale = (get_language() or "en")[:2]
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, str]:
        return {"email": vouched.address(context.request) or sociallogin.user.email, "name": sociallogin.user.name}

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Any:
        """Person, identity and proven address with all that follows from it, or nothing."""
        user = sociallogin.user
        user.set_unusable_password()
        address = "" if form else proven_address(sociallogin)
        if form is None:
            limits.count_signup(request)
        with transaction.atomic():
            if form:
                get_account_adapter(request).save_user(request, user, form, commit=False)
            # One address: the form's, or the provider's. A row calls it proven once all has followed from that.
            sociallogin.email_addresses = []
            sociallogin.save(request)
            if address:
                get_account_adapter(request).confirm_email(request, EmailAddress.objects.get(user=user, email=address))
        return user

    # --- On a page of one's account -------------------------------------------------------------------------------

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return "/accounts/methods/"

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Back to where the person came from, with a sentence. What exactly was wrong is for the log alone."""
        logger.info(
            "sign-in through a provider failed", extra={"provider": provider.id, "reason": str(exception or error)}
        )
        if error == AuthError.CANCELLED:
            messages.info(request, _("You have cancelled at %(provider)s.") % {"provider": provider.name})
        else:
            say = _("%(provider)s could not tell us who you are. Please try again, or use another way.")
            messages.error(request, say % {"provider": provider.name})
        raise ImmediateHttpResponse(
            redirect("socialaccount_connections" if request.user.is_authenticated else "account_login")
        )


def _is_connect(sociallogin: SocialLogin) -> bool:
    return bool(sociallogin.state.get("process") == AuthProcess.CONNECT)
