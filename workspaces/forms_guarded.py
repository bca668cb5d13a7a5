"""Forms that ask for the supervisor PIN, where the workspace has one."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minichat.lib.text import clean_line
from workspaces.actions.pin import PinLocked, PinWrong, check_pin, has_pin
from workspaces.models import Membership

LENGTHS = (4, 6)


class PinField(forms.CharField):
    """Four or six digits, also Thai ones."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": max(LENGTHS)}
        kwargs.setdefault("label", gettext_lazy("Supervisor PIN"))
        super().__init__(widget=forms.PasswordInput(attrs=attrs), max_length=max(LENGTHS), **kwargs)

    def to_python(self, value: Any) -> str:
        return "".join(_digit(sign) for sign in super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if not (value.isascii() and value.isdigit() and len(value) in LENGTHS):
            raise forms.ValidationError(_("A PIN has 4 or 6 digits."))


class NewPinField(PinField):
    def validate(self, value: str) -> None:
        super().validate(value)
        steps = {int(after) - int(before) for before, after in zip(value, value[1:], strict=False)}
        if steps in ({0}, {1}, {-1}):
            raise forms.ValidationError(_("This PIN is among the first that anybody would try. Please choose another."))


class GuardedForm(forms.Form):
    """Asks for the PIN last: a mistake in another field costs no try."""

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership
        if has_pin(membership.workspace):
            self.fields["pin"] = PinField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "pin" in self.fields and not self.errors:
            try:
                check_pin(self.membership, entered=cleaned["pin"])
            except (PinWrong, PinLocked) as error:
                self.add_error("pin", error.detail)
        return cleaned


class CloseForm(GuardedForm):
    """Typed, because a click is quickly made."""

    name = forms.CharField(
        label=gettext_lazy("Name of the workspace"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_name(self) -> str:
        typed = clean_line(self.cleaned_data["name"])
        if typed != self.membership.workspace.name:
            raise forms.ValidationError(_("That is not the name. Type it exactly as it stands above."))
        return typed


class SetPinForm(GuardedForm):
    """The first PIN, or another one: then the present one is asked for."""

    new = NewPinField(label=gettext_lazy("New PIN"), help_text=gettext_lazy("4 or 6 digits."))
    again = PinField(label=gettext_lazy("New PIN again"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "pin" in self.fields:
            self.fields["pin"].label = _("Present PIN")
            self.order_fields(["pin", "new", "again"])

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError(_("The two PINs differ."))
        return again


class RemovePinForm(GuardedForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "remove")
        super().__init__(*args, **kwargs)
        if "pin" in self.fields:
            self.fields["pin"].label = _("Present PIN")


def _digit(sign: str) -> str:
    return str(unicodedata.digit(sign, sign))
