"""What the team writes for its assistant to know."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ai.models import Schedule, Scope, Source
from ai.models.source import LONGEST_ANSWER, LONGEST_CATEGORY, LONGEST_TEXT, LONGEST_TITLE, MOST_OTHER_WAYS
from ai.persona import LONGEST_PHRASE
from ai.reading import addresses, kinds
from ai.rewriting import LONGEST as LONGEST_REWRITTEN
from ai.rewriting import Way
from minichat.lib import http
from minichat.lib.text import clean_body, clean_line

LONGEST_QUESTION = 500
LONGEST_NAME = 150
LONGEST_ADDRESS = 1_000
# In one form; each as large as one file may be.
MOST_FILES = 5


def line_of(value: str, limit: int) -> str:
    """`value` as one line. Raises `ValidationError`."""
    text = clean_line(value)
    if not clean_body(text):
        raise forms.ValidationError(_("This cannot be empty."))
    return short_enough(text, limit)


def body_of(value: str, limit: int) -> str:
    """`value` as a text of several lines. Raises `ValidationError`."""
    text = clean_body(value)
    if not text:
        raise forms.ValidationError(_("This cannot be empty."))
    return short_enough(text, limit)


def ways_of(value: str) -> list[str]:
    """`value` as questions, one a line, each once. Raises `ValidationError`."""
    ways = list(dict.fromkeys(filter(None, map(clean_line, value.splitlines()))))
    if len(ways) > MOST_OTHER_WAYS:
        raise forms.ValidationError(_("At most %(limit)d other ways to ask.") % {"limit": MOST_OTHER_WAYS})
    return [short_enough(way, LONGEST_TITLE) for way in ways]


def phrases_of(value: str, most: int) -> tuple[str, ...]:
    """`value` as phrases, one a line, each once. Raises `ValidationError`."""
    lines = tuple(dict.fromkeys(filter(None, map(clean_line, value.splitlines()))))
    if len(lines) > most:
        raise forms.ValidationError(_("At most %(limit)d lines.") % {"limit": most})
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_PHRASE:
            raise forms.ValidationError(
                _("Line %(number)d is longer than %(limit)d characters.") % {"number": number, "limit": LONGEST_PHRASE}
            )
    return lines


def short_enough(text: str, limit: int) -> str:
    if len(text) > limit:
        raise forms.ValidationError(
            _("The text has %(length)d characters; at most %(limit)d are possible.")
            % {"length": len(text), "limit": limit}
        )
    return text


class FaqForm(forms.Form):
    question = forms.CharField(
        label=gettext_lazy("Question"),
        help_text=gettext_lazy("As a customer would ask it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        help_text=gettext_lazy(
            "Sent word for word. **Bold**, `code` and lists (lines with - or 1.) are drawn as such."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        strip=False,
    )
    other_ways = forms.CharField(
        label=gettext_lazy("Other ways to ask"),
        help_text=gettext_lazy(
            "The same question in other words or in another language, one a line, at most 20. Three of them help a lot."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        required=False,
    )
    category = forms.CharField(
        label=gettext_lazy("Category"),
        help_text=gettext_lazy("Only you see it: it keeps the list in order."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "list": "categories"}),
        required=False,
    )
    is_active = forms.BooleanField(label=gettext_lazy("The assistant answers with it"), required=False, initial=True)

    @staticmethod
    def initial_of(source: Source) -> dict[str, Any]:
        return {
            "question": source.title,
            "answer": source.text,
            "other_ways": source.other_ways,
            "category": source.category,
            "is_active": source.is_active,
        }

    @classmethod
    def typed(cls, data: QueryDict) -> FaqForm:
        """What somebody has typed so far, without a word about what is wrong with it."""
        values = {name: data.get(name, "") for name in cls.base_fields}
        return cls(initial={**values, "is_active": "is_active" in data})

    def asked(self) -> tuple[str, list[str]]:
        """The question and its other ways, as they were typed."""
        lines = map(clean_line, self.initial["other_ways"].splitlines())
        return clean_line(self.initial["question"])[:LONGEST_TITLE], list(dict.fromkeys(filter(None, lines)))

    def clean_question(self) -> str:
        return line_of(self.cleaned_data["question"], LONGEST_TITLE)

    def clean_answer(self) -> str:
        return body_of(self.cleaned_data["answer"], LONGEST_ANSWER)

    def clean_other_ways(self) -> list[str]:
        return ways_of(self.cleaned_data["other_ways"])

    def clean_category(self) -> str:
        return short_enough(clean_line(self.cleaned_data["category"]), LONGEST_CATEGORY)


class RewritingForm(forms.Form):
    text = forms.CharField(required=False, strip=False)
    way = forms.ChoiceField(choices=[(way.value, way.value) for way in Way])

    def clean_text(self) -> str:
        return body_of(self.cleaned_data["text"], LONGEST_REWRITTEN)


class JudgementForm(forms.Form):
    """Nothing takes a judgement back."""

    verdict = forms.ChoiceField(choices=[("good", "good"), ("poor", "poor")], required=False)

    @property
    def helpful(self) -> bool | None:
        return {"good": True, "poor": False}.get(self.cleaned_data["verdict"])


class TextForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("What it is about. Visitors see it as the source of an answer."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "Terms of delivery, a manual, about us: at most 200,000 characters. A line that begins with # is a heading."
        ),
        widget=forms.Textarea(attrs={"rows": 16, "dir": "auto"}),
        strip=False,
    )
    is_active = forms.BooleanField(label=gettext_lazy("The assistant answers with it"), required=False, initial=True)

    @staticmethod
    def initial_of(source: Source) -> dict[str, Any]:
        return {"title": source.title, "text": source.text, "is_active": source.is_active}

    def clean_title(self) -> str:
        return line_of(self.cleaned_data["title"], LONGEST_TITLE)

    def clean_text(self) -> str:
        return body_of(self.cleaned_data["text"], LONGEST_TEXT)


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Its clean data is a list. Each file is looked at by itself, by whoever takes it."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [super(ManyFilesField, self).clean(one, initial) for one in data or [None]]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %(limit)d files at once.") % {"limit": MOST_FILES})
        return files


def hint_of_files() -> str:
    megabytes = settings.UPLOAD_LIMIT // (1024 * 1024)
    return _(
        "PDF, Word (.docx), text, Markdown or CSV: at most %(files)d at once, each of at most %(megabytes)d MB "
        "and 500 pages."
    ) % {"files": MOST_FILES, "megabytes": megabytes}


class UploadForm(forms.Form):
    chosen = ManyFilesField(
        label=gettext_lazy("Files"),
        help_text=lazy(hint_of_files, str)(),
        widget=ManyFilesInput(attrs={"accept": kinds.ACCEPTED}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )


class FileForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Visitors see it as the source of an answer."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    is_active = forms.BooleanField(label=gettext_lazy("The assistant answers with it"), required=False, initial=True)

    @staticmethod
    def initial_of(source: Source) -> dict[str, Any]:
        return {"title": source.title, "is_active": source.is_active}

    def clean_title(self) -> str:
        return line_of(self.cleaned_data["title"], LONGEST_NAME)


class PageForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("As in the browser, for example https://shop.example/help"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What is read"),
        choices=[
            (Scope.PAGE, gettext_lazy("This page alone")),
            (Scope.SITE, gettext_lazy("This page and those it leads to")),
            (Scope.SITEMAP, gettext_lazy("All pages of the sitemap")),
        ],
        initial=Scope.PAGE,
    )
    schedule = forms.ChoiceField(
        label=gettext_lazy("Read again"),
        help_text=gettext_lazy("What has changed on the website is then known without your doing anything."),
        choices=[
            (Schedule.NEVER, gettext_lazy("Only when I say so")),
            (Schedule.DAILY, gettext_lazy("Every day")),
            (Schedule.WEEKLY, gettext_lazy("Every week")),
        ],
        initial=Schedule.WEEKLY,
    )
    is_active = forms.BooleanField(label=gettext_lazy("The assistant answers with it"), required=False, initial=True)

    @staticmethod
    def initial_of(source: Source) -> dict[str, Any]:
        return {
            "url": source.url,
            "scope": source.scope,
            "schedule": source.schedule,
            "is_active": source.is_active,
        }

    def clean_url(self) -> str:
        typed = short_enough(clean_line(self.cleaned_data["url"]), LONGEST_ADDRESS)
        try:
            return short_enough(addresses.canonical(typed), LONGEST_ADDRESS)
        except http.NotAnAddress as error:
            raise forms.ValidationError(str(error) or _("This is not the address of a web page.")) from error


class QuestionForm(forms.Form):
    """What somebody wants to try. Longer ones are cut, nothing is refused."""

    q = forms.CharField(
        label=gettext_lazy("Your customer asks"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "maxlength": LONGEST_QUESTION}),
        required=False,
    )
    draft = forms.BooleanField(label=gettext_lazy("Answer with the draft, which is not published"), required=False)

    def question(self) -> str:
        self.is_valid()
        return clean_body(self.cleaned_data.get("q", ""))[:LONGEST_QUESTION]
