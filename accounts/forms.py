"""Our words in allauth's forms: one form of an address, one answer for known and unknown, limits that count both."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount import forms as social_forms
from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import devices, limits, nobody, passwords, unproven, vouched
from accounts.addresses import normalise
from accounts.models import NAME_LENGTH, User
from minichat.lib.text import clean_line


class NewPassword:
    """For forms in which a password is chosen."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passwords.dress(self.fields["password1"])


class OneAnswer(forms.Form):
    """A sign-up that says the same about known and unknown addresses, and a name if one likes: visitors will see it."""

    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=NAME_LENGTH,
        help_text=_("Your visitors see it when you answer."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    account_already_exists: bool
    unfinished: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("email", vouched.address(context.request))

    def clean_name(self) -> str:
        # Some characters become two when they are composed.
        return clean_line(self.cleaned_data["name"])[:NAME_LENGTH]

    def validate_unique_email(self, value: str) -> str:
        if settings.SIGNUPS != "open" and value != vouched.address(context.request):
            raise forms.ValidationError(_("Please use the address that was invited."))
        email: str = super().validate_unique_email(value)  # type: ignore[misc]
        self.unfinished = unproven.at(email) if self.account_already_exists else None
        self.account_already_exists = self.account_already_exists and self.unfinished is None
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Counted whether the address is known or not, or the count would tell (S-05, SR-20)."""
        limits.count_signup(request)
        if not self.account_already_exists:
            try:
                return self._make(request), None
            except IntegrityError:
                # Somebody signed up with the same address between the look and the leap.
                self.account_already_exists = True
        self._do_the_same_work(request)
        return None, prevent_enumeration(request, email=self.cleaned_data["email"])

    def _make(self, request: HttpRequest) -> User:
        with transaction.atomic():
            if self.unfinished is not None:
                unproven.forget(self.unfinished)
            user: User = self.save(request)  # type: ignore[attr-defined]
            return user

    def _do_the_same_work(self, request: HttpRequest) -> None:
        """One hash and the same statements as for a new address, then undone: time tells nothing either."""
        email = self.cleaned_data["email"]
        self.cleaned_data["email"] = nobody.address()
        self.account_already_exists = False
        try:
            with transaction.atomic():
                self.save(request)  # type: ignore[attr-defined]
                transaction.set_rollback(True)
        finally:
            self.cleaned_data["email"] = email
            self.account_already_exists = True


class SignupForm(NewPassword, OneAnswer, allauth_forms.SignupForm):
    field_order = ["name", "email", "password1"]


class SocialSignupForm(OneAnswer, social_forms.SignupForm):
    """For whoever comes from a provider that names no proven address."""

    field_order = ["name", "email"]


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("login", vouched.address(context.request))

    def clean_login(self) -> str:
        return normalise(self.cleaned_data["login"])


class ConfirmCodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code from the mail: whoever has it owns the address, and whoever only typed the address gives way (SR-13)."""

    def clean_code(self) -> str:
        limits.require_room_to_guess(context.request)
        allauth_forms.BaseConfirmCodeForm.clean_code(self)
        if self.user is None:
            # The sign-up was begun anew elsewhere, or there never was one and the page only looks like it.
            raise get_adapter().validation_error("incorrect_code")
        squatter = unproven.at(self.email, besides=self.user)
        if squatter is not None:
            unproven.forget(squatter)
        return super().clean_code()


class RequestCodeForm(allauth_forms.RequestLoginCodeForm):
    def clean_email(self) -> str:
        email = get_adapter().clean_email(self.cleaned_data["email"])
        self._user = User.objects.filter(email=email, is_active=True).first()
        return email


class ConfirmLoginCodeForm(allauth_forms.ConfirmLoginCodeForm):
    def clean_code(self) -> str:
        limits.require_room_to_guess(context.request)
        return super().clean_code()


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    def clean_email(self) -> str:
        email = get_adapter().clean_email(self.cleaned_data["email"])
        self.user = User.objects.filter(email=email, is_active=True).first()
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        limits.count_reset(request, email)
        with nobody.or_somebody(self.user) as user:
            # To the stored address, never to the typed one.
            get_adapter().send_reset_link(user, allauth_forms.default_token_generator.make_token(user))
        return email


class ResetPasswordKeyForm(NewPassword, allauth_forms.ResetPasswordKeyForm):
    def save(self) -> None:
        """The link came by mail, so it proves the address too, and this browser is the owner's."""
        request = context.request
        address = EmailAddress.objects.filter(user=self.user, email=self.user.email, verified=False).first()
        with transaction.atomic():
            if address is not None:
                unproven.wipe(self.user)
            super().save()
            if address is not None:
                get_adapter().confirm_email(request, address)
        devices.remember(request, self.user.email)


class ChangePasswordForm(NewPassword, allauth_forms.ChangePasswordForm):
    def clean_oldpassword(self) -> str:
        """The same tries as at sign-in: a session somebody left open is no place to guess either (SR-18)."""
        request = context.request
        limits.require_room_to_try(request, self.user.email)
        try:
            return super().clean_oldpassword()
        except forms.ValidationError:
            limits.count_wrong_password(request, self.user.email)
            raise


class SetPasswordForm(NewPassword, allauth_forms.SetPasswordForm):
    """For who has none yet."""
