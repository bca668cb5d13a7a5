"""The widget designer's form: everything the look page of a new owner has, and the rest of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.appearance import LANGUAGES, LONGEST, TEXTS, Appearance
from chat.forms_look import LookForm, initial
from chat.models import Inbox
from chat.shelf import INBOX_LOGOS
from minichat.lib.files import PictureField
from minichat.lib.text import clean_body, clean_line

PRESETS = {
    "auto": _("As the visitor's device"),
    "light": pgettext_lazy("appearance", "Light"),
    "dark": pgettext_lazy("appearance", "Dark"),
    "minimal": _("Minimal"),
    "corporate": _("Corporate"),
}
LABELS = {"title": _("Heading"), "greeting": _("Greeting"), "offline": _("While nobody is there")}
SIZES = {48: _("Small"), 56: _("Medium"), 64: _("Large")}


class LogoForm(forms.Form):
    logo = PictureField(label=_("New picture"), recipe=INBOX_LOGOS.recipe)


class DesignForm(LookForm):
    """Typed tokens only: choices, numbers in their range, short texts (SR-38)."""

    preset = forms.ChoiceField(
        label=_("Style"), required=False, choices=list(PRESETS.items()), widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("Heading"),
        help_text=_("Over the chat. Empty: the name of your business."),
        required=False,
        max_length=LONGEST["title"],
    )
    offline = forms.CharField(
        label=_("While nobody is there"),
        help_text=_("Empty: “We are away at the moment…” in the visitor's language."),
        required=False,
        max_length=LONGEST["offline"],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    home = forms.BooleanField(label=_("Begin with a home screen"), required=False)
    sound = forms.BooleanField(
        label=_("Visitors may switch on a sound"),
        help_text=_("A soft tone when you answer while they look elsewhere. It is off until they want it."),
        required=False,
    )
    branding = forms.BooleanField(label=_("Show “Powered by MiniChat”"), required=False)
    launcher = forms.ChoiceField(
        label=_("Button on your website"),
        required=False,
        choices=[("shown", _("Shown")), ("none", _("Hidden: a link or a button of your own opens the chat"))],
        widget=forms.RadioSelect,
    )
    side = forms.ChoiceField(
        label=_("Corner"),
        required=False,
        choices=[("right", _("Bottom right")), ("left", _("Bottom left"))],
        widget=forms.RadioSelect,
    )
    gap = forms.IntegerField(
        label=_("Distance from the corner, in pixels"),
        required=False,
        min_value=Appearance.GAPS.start,
        max_value=Appearance.GAPS.stop - 1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    icon = forms.ChoiceField(
        label=_("Sign"),
        required=False,
        choices=[("chat", _("Speech bubble")), ("help", _("Question mark"))],
        widget=forms.RadioSelect,
    )
    size = forms.TypedChoiceField(
        label=_("Size"),
        required=False,
        choices=list(SIZES.items()),
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    label = forms.CharField(
        label=_("Text on the button"),
        required=False,
        max_length=LONGEST["label"],
        help_text=_("Empty: the sign alone."),
    )

    def __init__(self, *args: Any, removes_branding: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["greeting"].help_text = _(
            "The first thing a visitor reads. Empty: ours, in the visitor's language."
        )
        if not removes_branding:
            del self.fields["branding"]
        for language in LANGUAGES:
            for name in TEXTS:
                widget = forms.TextInput() if name == "title" else forms.Textarea(attrs={"rows": 2})
                widget.attrs["lang"] = language
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=LABELS[name], required=False, max_length=LONGEST[name], widget=widget
                )

    @property
    def languages(self) -> list[dict[str, Any]]:
        """The fields of each language, for the template."""
        names = dict(settings.VISITOR_LANGUAGES)
        return [
            {"code": code, "name": names[code], "fields": [self[f"{name}_{code}"] for name in TEXTS]}
            for code in LANGUAGES
        ]

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])

    def clean_offline(self) -> str:
        return clean_body(self.cleaned_data["offline"])

    def clean_label(self) -> str:
        return clean_line(self.cleaned_data["label"])

    def wanted(self) -> dict[str, Any]:
        """What `set_look` is given."""
        data = self.cleaned_data
        names = ("preset", "side", "gap", "launcher", "icon", "size", "label", "home", "sound")
        # What a form did not bring along stays as it is.
        chosen = {
            name: self.initial[name] if data[name] in ("", None) and name != "label" else data[name] for name in names
        }
        appearance = Appearance(**chosen, branding=data.get("branding", False))
        return {
            **{name: data[name] for name in ("color", "greeting", "language", "title")},
            "offline_text": data["offline"],
            "appearance": appearance.kept(),
            "texts": {code: own for code in LANGUAGES if (own := self._texts(code))},
        }

    def _texts(self, language: str) -> dict[str, str]:
        cleaned = {name: clean_body(self.cleaned_data[f"{name}_{language}"]) for name in TEXTS}
        return {name: text for name, text in cleaned.items() if text}


def design_of(inbox: Inbox) -> dict[str, Any]:
    looks = inbox.looks
    names = ("preset", "side", "gap", "launcher", "icon", "size", "label", "home", "sound", "branding")
    own = {f"{name}_{code}": text for code, texts in inbox.texts.items() for name, text in texts.items()}
    return {
        **initial(inbox),
        **{name: getattr(looks, name) for name in names},
        "title": inbox.title,
        "offline": inbox.offline_text,
        **own,
    }
