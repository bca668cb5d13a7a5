"""A rule of moderation, as admins write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ai.forms import phrases_of, short_enough
from ai.persona import LONGEST_NAME, LONGEST_REPLY, MOST_RULES, MOST_WORDS, Act, Rule
from ai.wording import ACTS
from minichat.lib.text import clean_body, clean_line


class RuleForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("moderation rule", "Name"),
        help_text=gettext_lazy("Your team reads it where the rule found something."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    words = forms.CharField(
        label=gettext_lazy("Words to look for"),
        help_text=gettext_lazy("One a line. They count as words of their own, not as parts of others."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    act = forms.ChoiceField(
        label=pgettext_lazy("moderation rule", "What happens"),
        choices=list(ACTS.items()),
        required=False,
        initial=Act.HAND_OFF.value,
    )
    reply = forms.CharField(
        label=pgettext_lazy("moderation rule", "Sentence"),
        help_text=gettext_lazy("For rules that answer with a fixed sentence."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def clean_name(self) -> str:
        return short_enough(clean_line(self.cleaned_data["name"]), LONGEST_NAME)

    def clean_words(self) -> tuple[str, ...]:
        return phrases_of(self.cleaned_data["words"], MOST_WORDS)

    def clean_reply(self) -> str:
        return short_enough(clean_body(self.cleaned_data["reply"]), LONGEST_REPLY)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("DELETE") or not (data.get("name") or data.get("words") or data.get("reply")):
            return data
        self._require("name", _("Give the rule a name."))
        self._require("words", _("Write the words that the rule looks for."))
        if data.get("act") == Act.REPLY:
            self._require("reply", _("Write the sentence that is said."))
        return data

    def _require(self, name: str, sentence: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    @property
    def rule(self) -> Rule | None:
        data = self.cleaned_data
        if data.get("DELETE") or not data.get("words"):
            return None
        act = Act(data["act"] or Act.HAND_OFF)
        return Rule(data["name"], data["words"], act, data["reply"] if act == Act.REPLY else "")


RuleForms = forms.formset_factory(RuleForm, extra=1, max_num=MOST_RULES, validate_max=True, can_delete=True)


def rules_of(rules: Iterable[Rule]) -> list[dict[str, str]]:
    return [
        {"name": rule.name, "words": "\n".join(rule.words), "act": rule.act.value, "reply": rule.reply}
        for rule in rules
    ]
