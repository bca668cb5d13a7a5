from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chat.appearance import LANGUAGES
from chat.models import Inbox
from chat.triggers import LONGEST_PAGE, LONGEST_TEXT, MOST
from minichat.lib.text import clean_line


class RuleForm(forms.Form):
    """One rule. Seconds and percent are asked for where they mean something."""

    id = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)
    on = forms.ChoiceField(
        label=_("When"),
        choices=[
            ("time", _("After … seconds on the page")),
            ("scroll", _("After … percent of the page")),
            ("exit", _("The mouse leaves the page at the top")),
        ],
    )
    value = forms.IntegerField(label=_("Seconds or percent"), min_value=0, max_value=3600, required=False)
    page = forms.ChoiceField(
        label=_("On which pages"),
        choices=[
            ("any", _("On every page")),
            ("contains", _("Where the address contains")),
            ("is", _("Where the address is exactly")),
        ],
    )
    address = forms.CharField(label=_("Address, or part of it"), required=False, max_length=LONGEST_PAGE)
    returning = forms.BooleanField(label=_("Only visitors who have been here before"), required=False)
    once = forms.ChoiceField(
        label=_("How often"), choices=[("visit", _("Once per visit")), ("visitor", _("Once per visitor"))]
    )
    then = forms.ChoiceField(
        label=_("What happens"),
        choices=[("say", _("The button says something")), ("open", _("The chat opens (on phones the button says it)"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(settings.VISITOR_LANGUAGES)
        for code in LANGUAGES:
            widget = forms.TextInput(attrs={"lang": code})
            label = _("Text (%(language)s)") % {"language": names[code]}
            self.fields[f"text_{code}"] = forms.CharField(
                label=label, required=False, max_length=LONGEST_TEXT, widget=widget
            )

    @property
    def text_fields(self) -> list[forms.BoundField]:
        return [self[f"text_{code}"] for code in LANGUAGES]

    def clean_address(self) -> str:
        return clean_line(self.cleaned_data["address"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("DELETE"):
            return data
        if data.get("on") != "exit" and data.get("value") is None:
            self.add_error("value", _("Say after how much."))
        if data.get("on") == "scroll" and not 1 <= (data.get("value") or 0) <= 100:
            self.add_error("value", _("Between 1 and 100 percent."))
        if data.get("page") != "any" and not data.get("address"):
            self.add_error("address", _("Say which address."))
        names = [f"text_{code}" for code in LANGUAGES]
        if not any(data.get(name) for name in names) and not self.errors.keys() & set(names):
            self.add_error(f"text_{LANGUAGES[0]}", _("Write it in one language at least."))
        return data

    def rule(self) -> dict[str, Any]:
        data = self.cleaned_data
        texts = {code: text for code in LANGUAGES if (text := clean_line(data[f"text_{code}"]))}
        names = ("on", "page", "returning", "once", "then")
        return {
            "id": data["id"] or secrets.token_hex(4),
            "value": data["value"] or 0,
            "address": data["address"] if data["page"] != "any" else "",
            "texts": texts,
            **{name: data[name] for name in names},
        }


RuleForms = forms.formset_factory(RuleForm, extra=1, max_num=MOST, validate_max=True, can_delete=True)


def rules_of(inbox: Inbox) -> list[dict[str, Any]]:
    names = ("id", "on", "value", "page", "address", "returning", "once", "then")
    return [
        {
            **{name: getattr(rule, name) for name in names},
            **{f"text_{code}": text for code, text in rule.texts.items()},
        }
        for rule in inbox.rules
    ]
