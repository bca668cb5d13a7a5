"""How the assistant is and speaks, as its admins write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ai.forms import phrases_of, short_enough
from ai.forms_moderation import RuleForms, rules_of
from ai.knowledge.decide import Style
from ai.models.assistant import LONGEST_NOTE
from ai.persona import (
    LONGEST_CUSTOM,
    LONGEST_INSTRUCTIONS,
    LONGEST_NAME,
    LONGEST_REPLY,
    MOST_PHRASES,
    MOST_TOPICS,
    MOST_WORDS,
    BlockedTopic,
    Hours,
    Particle,
    Persona,
    Ready,
    Tone,
)
from ai.presets import PRESETS, Preset
from ai.wording import HOURS, LABELS, PARTICLES, READY, STYLES, TONES
from minichat.lib.text import clean_body, clean_line


class PersonaForm(forms.Form):
    name = forms.CharField(
        label=LABELS["name"],
        help_text=gettext_lazy("Visitors see it beside each answer, together with the words “AI assistant”."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    instructions = forms.CharField(
        label=LABELS["instructions"],
        help_text=gettext_lazy(
            "What it is there for, and how it goes about it. At most 2,500 characters. A language model reads them; "
            "answers word for word from your knowledge stay as they are."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
    )
    custom = forms.CharField(
        label=LABELS["custom"],
        help_text=gettext_lazy(
            "What it should always have in mind: who you are, what you call things, what is special this month. "
            "At most 5,000 characters."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    tone = forms.ChoiceField(label=LABELS["tone"], choices=list(TONES.items()), widget=forms.RadioSelect)
    particle = forms.ChoiceField(
        label=LABELS["particle"],
        help_text=format_lazy(
            gettext_lazy(
                "Thai sentences sound abrupt without one. Choose the ending that fits the name: {statement} after "
                "statements and {question} after questions, or {both} for both. Other languages have none."
            ),
            statement="ค่ะ",
            question="คะ",
            both="ครับ",
        ),
        choices=list(PARTICLES.items()),
        widget=forms.RadioSelect,
    )
    style = forms.ChoiceField(label=LABELS["style"], choices=list(STYLES.items()), widget=forms.RadioSelect)
    hand_off_phrases = forms.CharField(
        label=LABELS["hand_off_phrases"],
        help_text=gettext_lazy(
            "One a line, at most 50. Whoever asks for a person (“talk to a human”, “ขอคุยกับเจ้าหน้าที่”) is understood "
            "already; add words of your own, like “complaint”."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    hours = forms.ChoiceField(
        label=LABELS["hours"],
        help_text=gettext_lazy("Office hours are those of each inbox."),
        choices=list(HOURS.items()),
        widget=forms.RadioSelect,
    )

    ready = forms.MultipleChoiceField(
        label=LABELS["ready"],
        help_text=gettext_lazy("In English and Thai. What is stored and shown stays as it was typed."),
        choices=list(READY.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    asks_provider = forms.BooleanField(
        label=LABELS["asks_provider"],
        help_text=gettext_lazy(
            "Before a model is asked, OpenAI looks at what the visitor wrote, for free and with your own key. What it "
            "objects to goes to a person. If it does not answer within two seconds, the model is asked all the same."
        ),
        required=False,
    )

    def clean_name(self) -> str:
        return short_enough(clean_line(self.cleaned_data["name"]), LONGEST_NAME)

    def clean_instructions(self) -> str:
        return short_enough(clean_body(self.cleaned_data["instructions"]), LONGEST_INSTRUCTIONS)

    def clean_custom(self) -> str:
        return short_enough(clean_body(self.cleaned_data["custom"]), LONGEST_CUSTOM)

    def clean_hand_off_phrases(self) -> tuple[str, ...]:
        return phrases_of(self.cleaned_data["hand_off_phrases"], MOST_PHRASES)

    def clean_ready(self) -> tuple[Ready, ...]:
        return tuple(one for one in Ready if one in self.cleaned_data["ready"])


class TopicForm(forms.Form):
    words = forms.CharField(
        label=pgettext_lazy("blocked topic", "Words"),
        help_text=gettext_lazy("One a line. A question with one of them gets the reply, whatever else is in it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    reply = forms.CharField(
        label=pgettext_lazy("blocked topic", "Reply"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def clean_words(self) -> tuple[str, ...]:
        return phrases_of(self.cleaned_data["words"], MOST_WORDS)

    def clean_reply(self) -> str:
        return short_enough(clean_body(self.cleaned_data["reply"]), LONGEST_REPLY)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("DELETE"):
            return data
        if data.get("reply") and not data.get("words") and "words" not in self.errors:
            self.add_error("words", _("Write the words that call for this reply."))
        if data.get("words") and not data.get("reply") and "reply" not in self.errors:
            self.add_error("reply", _("Write what it should reply."))
        return data

    @property
    def topic(self) -> BlockedTopic | None:
        data = self.cleaned_data
        return BlockedTopic(data["words"], data["reply"]) if data.get("words") and not data.get("DELETE") else None


TopicForms = forms.formset_factory(TopicForm, extra=1, max_num=MOST_TOPICS, validate_max=True, can_delete=True)


class AssistantForms:
    """The whole page: the settings, and a form for each topic and each rule."""

    def __init__(self, data: QueryDict | None = None, *, persona: Persona) -> None:
        self.persona_form = PersonaForm(data, initial=initial_of(persona))
        self.topics = TopicForms(data, initial=topics_of(persona.blocked_topics), prefix="topic")
        self.rules = RuleForms(data, initial=rules_of(persona.rules), prefix="rule")

    def is_valid(self) -> bool:
        return all([self.persona_form.is_valid(), self.topics.is_valid(), self.rules.is_valid()])

    @property
    def is_wrong(self) -> bool:
        return self.persona_form.is_bound and not self.is_valid()

    def persona(self) -> Persona:
        data = self.persona_form.cleaned_data
        return Persona(
            name=data["name"],
            tone=Tone(data["tone"]),
            particle=Particle(data["particle"]),
            instructions=data["instructions"],
            custom=data["custom"],
            style=Style(data["style"]),
            hand_off_phrases=data["hand_off_phrases"],
            blocked_topics=tuple(topic for form in self.topics if (topic := form.topic)),
            hours=Hours(data["hours"]),
            ready=data["ready"],
            rules=tuple(rule for form in self.rules if (rule := form.rule)),
            asks_provider=data["asks_provider"],
        )


def initial_of(persona: Persona) -> dict[str, Any]:
    return {
        "name": persona.name,
        "instructions": persona.instructions,
        "custom": persona.custom,
        "tone": persona.tone.value,
        "particle": persona.particle.value,
        "style": persona.style.value,
        "hand_off_phrases": "\n".join(persona.hand_off_phrases),
        "hours": persona.hours.value,
        "ready": [one.value for one in persona.ready],
        "asks_provider": persona.asks_provider,
    }


def topics_of(topics: Iterable[BlockedTopic]) -> list[dict[str, str]]:
    return [{"words": "\n".join(topic.words), "reply": topic.reply} for topic in topics]


def with_preset(typed: QueryDict, preset: Preset) -> QueryDict:
    """What was typed, with the instructions, the tone and the style of a preset."""
    filled = typed.copy()
    filled["instructions"], filled["tone"], filled["style"] = str(preset.instructions), preset.tone, preset.style
    return filled


def would_lose(typed: QueryDict) -> bool:
    """Whether somebody wrote the instructions: those of a preset, in whichever language, can be had again."""
    text = clean_body(typed.get("instructions", ""))
    return bool(text) and text not in _all_presets()


def _all_presets() -> set[str]:
    found = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {str(preset.instructions) for preset in PRESETS.values()}
    return found


class LabellingForm(forms.Form):
    """Beside the draft: in force once it is saved."""

    labels_conversations = forms.BooleanField(
        label=gettext_lazy("Label conversations automatically"),
        required=False,
        widget=forms.CheckboxInput(attrs={"aria-describedby": "labelling-hint"}),
    )

    @property
    def is_on(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["labels_conversations"])


class PublishForm(forms.Form):
    """`agreed` names the draft that was looked at, so that nobody publishes another one."""

    note = forms.CharField(
        label=gettext_lazy("What is new in it"),
        help_text=gettext_lazy("For your team, in the list of versions."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    unchecked = forms.BooleanField(
        label=gettext_lazy("Publish without a check: nobody has written test questions yet."), required=False
    )
    agreed = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, is_checked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_checked:
            del self.fields["unchecked"]
        else:
            self.fields["unchecked"].required = True
            self.fields["unchecked"].error_messages["required"] = _("Tick this to publish without a check.")

    def clean_note(self) -> str:
        return short_enough(clean_line(self.cleaned_data["note"]), LONGEST_NOTE)
