from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minichat.lib.text import clean_line
from minichat.lib.zones import zone_choices
from workspaces import addresses
from workspaces.choices import CURRENCIES
from workspaces.models import Workspace

NAME_LENGTH = Workspace._meta.get_field("name").max_length


class NameField(forms.CharField):
    """The name of a workspace, as visitors see it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "organization", "maxlength": NAME_LENGTH})
        super().__init__(label=gettext_lazy("Name"), max_length=NAME_LENGTH, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        name = clean_line(super().to_python(value) or "")
        # A name of signs that nobody sees is none.
        return name if any(sign.isprintable() and not sign.isspace() for sign in name) else ""


class NewWorkspaceForm(forms.Form):
    name = NameField(help_text=gettext_lazy("Your shop, your brand or your team. Visitors see it above the chat."))


class SlugField(forms.CharField):
    """The part of the address that is the workspace's own."""

    widget = forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"})

    # An address from before these rules stays as it is until it is changed.
    present = ""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "").lower()

    def validate(self, value: str) -> None:
        super().validate(value)
        if value == self.present:
            return
        if not addresses.SHAPE.fullmatch(value):
            raise forms.ValidationError(_("Use small letters a–z, digits and single hyphens between them."))
        if len(value) < addresses.SHORTEST:
            raise forms.ValidationError(_("Use at least %(n)d characters.") % {"n": addresses.SHORTEST})
        if addresses.is_reserved(value):
            raise forms.ValidationError(_("This address is one of ours. Please choose another."))


class GeneralForm(forms.Form):
    name = NameField()
    slug = SlugField(label=gettext_lazy("Address"), max_length=addresses.LONGEST)
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=zone_choices,
        help_text=gettext_lazy("Times in the inbox and the beginning of each month follow it."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=CURRENCIES)
    locale = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=settings.LANGUAGES,
        help_text=gettext_lazy("For new members and for mails. Everybody can choose their own."),
    )
    era = forms.ChoiceField(
        label=gettext_lazy("Years on Thai pages"),
        choices=Workspace.Era.choices,
        help_text=gettext_lazy("Exports for other programs always use the common era."),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(workspace, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        self.fields["slug"].present = workspace.slug  # type: ignore[attr-defined]
        self.fields["slug"].help_text = _(
            "%(address)s. After a change the old address leads here for 90 days, and nobody else can take it meanwhile."
        ) % {"address": f"{settings.BASE_URL}/w/{workspace.slug}/"}
