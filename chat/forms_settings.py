from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.actions.allowed_origins import MOST_ORIGINS
from minichat.lib import http
from minichat.lib.origins import LONGEST, parse_origin
from minichat.lib.text import clean


class AllowedDomainsForm(forms.Form):
    """The sites that may load the widget, one per line. A wrong line is named, and the text stays as it was typed."""

    allowed_domains = forms.CharField(
        label=gettext_lazy("Addresses, one per line"),
        help_text=gettext_lazy("Like https://shop.example. Subdomains count as sites of their own."),
        required=False,
        max_length=MOST_ORIGINS * (LONGEST + 2),
        widget=forms.Textarea(
            attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off", "autocapitalize": "none"}
        ),
    )

    def clean_allowed_domains(self) -> list[str]:
        lines = [
            (number, line) for number, line in enumerate(clean(self.cleaned_data["allowed_domains"]).split("\n"), 1)
        ]
        filled = [(number, line.strip()) for number, line in lines if line.strip()]
        origins, problems = _parse(filled)
        if problems:
            raise forms.ValidationError(problems)
        if len(origins) > MOST_ORIGINS:
            raise forms.ValidationError(_("At most %(limit)d sites.") % {"limit": MOST_ORIGINS})
        return origins


class AllowOriginForm(forms.Form):
    origin = forms.CharField(
        label=gettext_lazy("Address of your website"),
        help_text=gettext_lazy("Like shop.example or https://www.shop.example."),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "url", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_origin(self) -> str:
        try:
            return parse_origin(self.cleaned_data["origin"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class CheckForm(forms.Form):
    """A page of the customer's, as it stands in the address bar."""

    address = forms.CharField(
        label=gettext_lazy("Address of a page with the chat"),
        max_length=http.LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_address(self) -> str:
        try:
            return str(http.parse(self.cleaned_data["address"]))
        except http.NotAnAddress as error:
            raise forms.ValidationError(str(error) or _("This is not the address of a page.")) from error


def _parse(lines: list[tuple[int, str]]) -> tuple[list[str], list[str]]:
    """The origins in the order typed, each once, and a sentence for every line that is none."""
    origins: dict[str, None] = {}
    problems = []
    for number, line in lines:
        try:
            origins[parse_origin(line)] = None
        except ValueError as error:
            problems.append(
                _("Line %(number)d (%(line)s): %(problem)s") % {"number": number, "line": line[:60], "problem": error}
            )
    return list(origins), problems
