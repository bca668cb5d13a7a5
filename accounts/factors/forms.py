"""allauth's forms of the second step, with our limits, and with an answer to whatever a stranger sends as a passkey."""

from __future__ import annotations

import logging
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import limits
from accounts.factors import codes
from minichat.lib.text import clean_line

logger = logging.getLogger(__name__)

NAME_LENGTH = 60
PASSKEYS_PER_PERSON = 20
# Long enough for any code with spaces or hyphens in it, short enough to be compared for nothing.
LONGEST_CODE = 40


def code_field(label: Any) -> forms.CharField:
    widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
    )
    return forms.CharField(label=label, max_length=LONGEST_CODE, widget=widget)


class CodeForm(base_forms.AuthenticateForm):
    code = code_field(gettext_lazy("Code"))
    reauthentication = False

    def clean_code(self) -> str:
        request = context.request
        limits.require_room_for_code(request, self.user.email)
        taken = codes.accept(self.user, self.cleaned_data["code"])
        if taken is None:
            limits.count_wrong_code(request, self.user.email)
            raise get_adapter().validation_error("incorrect_code")
        self.authenticator = taken
        return self.cleaned_data["code"]


class ConfirmCodeForm(CodeForm, base_forms.ReauthenticateForm):  # type: ignore[misc]
    """The same code by somebody who is signed in."""

    def save(self) -> None:
        base_forms.ReauthenticateForm.save(self)


class ActivateForm(totp_forms.ActivateTOTPForm):
    code = code_field(gettext_lazy("Code from the app"))
    step: int

    def clean_code(self) -> str:
        validate_can_add_authenticator(self.user)
        step = codes.step_of(self.secret, self.cleaned_data["code"])
        if step is None:
            raise ValidationError(
                _("This code does not fit. Type the one that the app shows now, and check the clock of your phone."),
                code="incorrect_code",
            )
        self.step = step
        return self.cleaned_data["code"]


class CredentialField(forms.JSONField):
    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Brackets without end are no answer either."""
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise ValidationError(_WRONG_PASSKEY, code="invalid") from error


class _PasskeyForm(forms.Form):
    """Whatever a library stumbles over in a stranger's bytes is a wrong passkey, and no error of ours."""

    def clean_credential(self) -> Authenticator:
        request, user = context.request, getattr(self, "user", None)
        address = user.email if user else ""
        limits.require_room_for_code(request, address)
        try:
            return super().clean_credential()  # type: ignore[misc]
        except Exception as error:
            limits.count_wrong_code(request, address)
            if not isinstance(error, ValidationError):
                logger.info("an answer for a passkey could not be read: %s", type(error).__name__)
            raise ValidationError(_WRONG_PASSKEY, code="incorrect_code") from error


_WRONG_PASSKEY = gettext_lazy("This passkey was not accepted. Try again, or use another way.")


class AuthenticatePasskeyForm(_PasskeyForm, passkey_forms.AuthenticateWebAuthnForm):
    credential = CredentialField()


class LoginPasskeyForm(_PasskeyForm, passkey_forms.LoginWebAuthnForm):
    credential = CredentialField()


class ConfirmPasskeyForm(_PasskeyForm, passkey_forms.ReauthenticateWebAuthnForm):
    credential = CredentialField()


def name_field(**options: Any) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("So that you know it again, for example the device it is kept on."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        **options,
    )


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):
    name = name_field(required=False)
    credential = CredentialField()
    passwordless = None

    def clean_name(self) -> str:
        self.cleaned_data["name"] = clean_line(self.cleaned_data["name"])[:NAME_LENGTH]
        return super().clean_name()

    def clean(self) -> dict[str, Any]:
        validate_can_add_authenticator(self.user)
        if Authenticator.objects.filter(user=self.user, type=codes.Type.WEBAUTHN).count() >= PASSKEYS_PER_PERSON:
            raise ValidationError(_("You have %(count)s passkeys. Remove one first.") % {"count": PASSKEYS_PER_PERSON})
        try:
            return super().clean()
        except Exception as error:
            if not isinstance(error, ValidationError):
                logger.info("a new passkey could not be read: %s", type(error).__name__)
            raise ValidationError(_("This passkey could not be added. Please try again.")) from error


class RenamePasskeyForm(passkey_forms.EditWebAuthnForm):
    name = name_field()

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])[:NAME_LENGTH]
        if not name:
            raise ValidationError(_("Give it a name that can be read."))
        return name
