"""allauth's pages of the second step, in our frame. Its decorators ask for a fresh confirmation where one is due."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.factors import codes, forms
from accounts.factors.adapter import passkeys_work_here
from accounts.models import User

INDEX = reverse_lazy("mfa_index")


def for_browser(options: dict[str, Any]) -> str:
    """What `navigator.credentials` is asked, for a data attribute."""
    return json.dumps(options)


# --- Signing in -------------------------------------------------------------------------------------------------------


class AuthenticateView(base.AuthenticateView):
    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        factor = getattr(form, "authenticator", None)
        if factor is not None and factor.type == codes.Type.RECOVERY_CODES:
            _tell_what_is_left(self.request, factor.user)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        types = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        found["options"] = for_browser(found["js_data"]["request_options"])
        found["has_passkey"] = codes.Type.WEBAUTHN in types
        found["has_app"] = codes.Type.TOTP in types
        return found


def _tell_what_is_left(request: HttpRequest, user: User) -> None:
    left = codes.recovery_codes_left(user) or 0
    words = ngettext("%(count)s recovery code is left.", "%(count)s recovery codes are left.", left) % {"count": left}
    if left <= codes.FEW:
        words = f"{words} {_('Make new ones on the page “Two-step sign-in” of your account.')}"
    messages.warning(request, words)


class LoginView(passkeys.LoginWebAuthnView):
    """Asks for a challenge by GET, sends the answer by POST."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "json" in request.headers.get("Accept", ""):
            return JsonResponse(auth.begin_authentication(user=None))
        return redirect("account_login")


# --- Confirming that it is you ----------------------------------------------------------------------------------------


class ConfirmByPasskeyView(passkeys.ReauthenticateWebAuthnView):
    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Said on the same page; allauth would lead to the sign-in page."""
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = {**super().get_context_data(**kwargs), **kwargs}
        found["options"] = for_browser(found["js_data"]["request_options"])
        return found


# --- One's factors ----------------------------------------------------------------------------------------------------


class IndexView(base.IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        rows = found["authenticators"]
        found["app"] = rows.get(codes.Type.TOTP)
        found["passkeys"] = rows.get(codes.Type.WEBAUTHN, [])
        found["recovery"] = rows.get(codes.Type.RECOVERY_CODES)
        found["codes_left"] = codes.recovery_codes_left(authenticated_user(self.request)) or 0
        found["few_left"] = found["codes_left"] <= codes.FEW
        found["passkeys_work_here"] = passkeys_work_here()
        return found


class ActivateView(totp.ActivateTOTPView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        secret = found["form"].secret
        found["secret"] = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        return found

    def form_valid(self, form: forms.ActivateForm) -> HttpResponse:
        """The code that set it up is used up too, and of two pages sent at once the second finds it done."""
        user = authenticated_user(self.request)
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            mine = Authenticator.objects.filter(user_id=user.pk, type=codes.Type.TOTP)
            if mine.exists():
                return redirect(INDEX)
            response = super().form_valid(form)
            codes.use_up(mine.get(), form.step)
        return response


class AddPasskeyView(passkeys.AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Always one that can sign in by itself: kept on the device, and the device asks who is there.

        allauth's page asks for the other sort and has its script change the wish.
        """
        found = super().get_context_data(**kwargs)
        found.update(kwargs)
        found["options"] = for_browser(auth.begin_registration(authenticated_user(self.request), True))
        found["passkeys_work_here"] = passkeys_work_here()
        return found


class RenamePasskeyView(passkeys.EditWebAuthnView):
    success_url = INDEX


class RemovePasskeyView(passkeys.RemoveWebAuthnView):
    success_url = INDEX

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = Authenticator.objects.filter(user=self.request.user).exclude(pk=self.object.pk)
        is_last = not others.exclude(type=codes.Type.RECOVERY_CODES).exists()
        return super().get_context_data(is_last=is_last, **kwargs)


# --- Recovery codes ---------------------------------------------------------------------------------------------------


def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Shown on the page after they were made, and never again: only how many are left."""
    raise_if_reauthentication_required(request, app="allauth.mfa")
    with transaction.atomic():
        # Of two tabs opened at once only one shows them.
        row = (
            Authenticator.objects.select_for_update()
            .filter(user=authenticated_user(request), type=codes.Type.RECOVERY_CODES)
            .first()
        )
        found = RecoveryCodes(row) if row else None
        if found is None or found.did_view:
            return redirect(INDEX)
        found.mark_as_viewed()
    sheet = "\n".join(f"{code[:4]} {code[4:]}" for code in found.get_unused_codes())
    title = _("Recovery codes of %(email)s for MiniChat") % {"email": request.user.email}  # type: ignore[union-attr]
    context = {"sheet": sheet, "file": f"{title}\n\n{sheet}\n"}
    return TemplateResponse(request, "mfa/recovery_codes/index.html", context)
