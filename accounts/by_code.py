"""Sign-in with a code that is mailed: nothing to remember, and a way in that no guessing at the password closes."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts import limits, nobody, unproven


class RequestCode(views.RequestLoginCodeView):
    def form_valid(self, form: Any) -> HttpResponse:
        limits.count_code(self.request, form.cleaned_data["email"])
        _do_the_same_work(form._user)
        return super().form_valid(form)


class ConfirmCode(views.ConfirmLoginCodeView):
    def _resend_form_valid(self, form: Any) -> HttpResponse:
        limits.count_code(self.request, self._process.state["email"])
        _do_the_same_work(self._process.user)
        return super()._resend_form_valid(form)

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        user, address = self._process.user, self._process.state["email"]
        if user is None or user.email != address:
            # There never was an account, or it has moved to another address since the mail went out.
            form.add_error("code", get_adapter().validation_error("incorrect_code"))
            return self.form_invalid(form)
        _prove(self.request, address)
        return super()._verify_form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        limits.count_wrong_password(self.request, self._process.state["email"])
        return super().form_invalid(form)


def _do_the_same_work(user: Any) -> None:
    if user is None:
        with nobody.or_somebody(user) as stand_in:
            get_adapter().send_mail("account/email/login_code", stand_in.email, {"code": "000000"})


def _prove(request: HttpRequest, address: str) -> None:
    """Whoever has the code owns the address: a sign-up that waited there becomes theirs, without what it brought."""
    waiting = EmailAddress.objects.filter(email=address, verified=False).select_related("user").first()
    if waiting is not None:
        with transaction.atomic():
            unproven.wipe(waiting.user)
            get_adapter().confirm_email(request, waiting)


request_code = RequestCode.as_view()
confirm_code = ConfirmCode.as_view()
