"""Confirming that it is you by a code to your address, for people who have neither a password nor a second factor."""

from __future__ import annotations

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import limits
from accounts.pages import AccountRequest, signed_in

# Its own: a code that was mailed for anything else opens nothing here (SR-16).
SALT = KEY = "accounts.mail_code"
LIFE = 15 * 60
TRIES = 3


class MailCodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code from the email"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )

    def __init__(self, *args: object, request: HttpRequest, **kwargs: object) -> None:
        self.request = request
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        limits.require_room_to_guess(self.request)
        if not take(self.request, typed):
            raise forms.ValidationError(_("This code does not fit, or it is too old."), code="incorrect_code")
        return typed


@signed_in
def confirm(request: AccountRequest) -> HttpResponse:
    ways = get_adapter().get_reauthentication_methods(request.user)
    if ways[0]["url"] != request.path:
        # A mailbox is the weakest of the ways: not for those who have a stronger one.
        return redirect(f"{ways[0]['url']}?{urlencode({'next': request.GET.get('next', '')})}")
    if request.method == "POST" and "code" not in request.POST:
        send(request)
    form = MailCodeForm(request.POST if "code" in request.POST else None, request=request)
    if form.is_valid():
        record_authentication(request, request.user, method="code", reauthenticated=True)
        return resume_request(request) or redirect("mfa_index")
    return TemplateResponse(
        request,
        "account/confirm_by_mail.html",
        {"form": form, "is_sent": KEY in request.session, "next": request.POST.get("next") or request.GET.get("next")},
    )


def send(request: AccountRequest) -> None:
    limits.count_mail_code(request)
    code = get_random_string(6, "0123456789")
    request.session[KEY] = {"digest": _digest(request, code), "at": time.time(), "tries": 0}
    get_adapter().send_mail("account/email/confirm_code", request.user.email, {"user": request.user, "code": code})


def take(request: HttpRequest, typed: str) -> bool:
    """Once, within a quarter of an hour, and with three tries."""
    waiting = request.session.pop(KEY, None)
    if waiting is None or time.time() - waiting["at"] > LIFE:
        return False
    if constant_time_compare(waiting["digest"], _digest(request, "".join(typed.split()))):
        return True
    if waiting["tries"] + 1 < TRIES:
        request.session[KEY] = {**waiting, "tries": waiting["tries"] + 1}
    return False


def _digest(request: HttpRequest, code: str) -> str:
    """Bound to the person and this session."""
    return salted_hmac(SALT, f"{request.user.pk}:{request.session.session_key}:{code}", algorithm="sha256").hexdigest()
