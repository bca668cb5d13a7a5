from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ai.forms import line_of, phrases_of, short_enough
from ai.models import Expectation, GoldenQuestion, Source
from ai.models.assistant import LONGEST_EXPECTED, LONGEST_GOLDEN
from workspaces.forms import PlainWorkspaceForm

MOST_EXPECTED_WORDS = 10

EXPECTATIONS = {
    Expectation.SOURCE: gettext_lazy("It answers from one FAQ or text"),
    Expectation.WORDS: gettext_lazy("What it says contains certain words"),
    Expectation.HAND_OFF: gettext_lazy("It hands over to a person"),
}


class GoldenForm(PlainWorkspaceForm):
    """A question, and what is right: of the three ways to say it only the chosen one counts."""

    question = forms.CharField(
        label=gettext_lazy("Question"),
        help_text=gettext_lazy("As a customer would ask it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    expects = forms.ChoiceField(
        label=gettext_lazy("What is right"), choices=list(EXPECTATIONS.items()), widget=forms.RadioSelect
    )
    source = forms.ModelChoiceField(
        Source.unscoped.filter(is_active=True).order_by("title", "pk"),
        label=gettext_lazy("FAQ or text"),
        help_text=gettext_lazy("If it has to answer from one."),
        required=False,
        empty_label=gettext_lazy("Choose one"),
    )
    words = forms.CharField(
        label=gettext_lazy("Words in the answer"),
        help_text=gettext_lazy("If it has to say them. One a line; all of them have to be there."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def clean_question(self) -> str:
        return line_of(self.cleaned_data["question"], LONGEST_GOLDEN)

    def clean_words(self) -> tuple[str, ...]:
        words = phrases_of(self.cleaned_data["words"], MOST_EXPECTED_WORDS)
        short_enough("\n".join(words), LONGEST_EXPECTED)
        return words

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        match data.get("expects"):
            case Expectation.SOURCE if not data.get("source") and "source" not in self.errors:
                self.add_error("source", _("Choose the FAQ or text with the right answer."))
            case Expectation.WORDS if not data.get("words") and "words" not in self.errors:
                self.add_error("words", _("Write what has to be in the answer."))
        return data

    def wish(self) -> dict[str, Any]:
        """For the verbs, without what belongs to another choice."""
        data = self.cleaned_data
        expects = Expectation(data["expects"])
        return {
            "question": data["question"],
            "expects": expects,
            "source": data["source"] if expects == Expectation.SOURCE else None,
            "words": data["words"] if expects == Expectation.WORDS else (),
        }


def initial_of(golden: GoldenQuestion) -> dict[str, Any]:
    return {
        "question": golden.question,
        "expects": golden.expects,
        "source": golden.source_id,
        "words": golden.words,
    }
