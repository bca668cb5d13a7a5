from __future__ import annotations

import csv
import io
import unicodedata
from typing import Any, NamedTuple

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat import cards, quick_replies
from chat.cards import Card
from chat.models.canned_response import LONGEST_SHORTCUT, LONGEST_TEXT
from minichat.lib.errors import Invalid
from minichat.lib.sheets import unmarked
from minichat.lib.text import clean_body, clean_line

MOST_ROWS = 500
MOST_PROBLEMS = 20
REPLIES = "quick_replies"
CARD = ("title", "lines", "price", "label", "url")


def shortcut_of(value: str) -> str:
    """`value` as a shortcut: without the slash, in lower case. Raises `ValidationError`."""
    shortcut = clean_line(value).removeprefix("/").lower()
    if not shortcut:
        raise forms.ValidationError(_("Give it a shortcut."))
    if len(shortcut) > LONGEST_SHORTCUT:
        raise forms.ValidationError(_("A shortcut has at most %(limit)d characters.") % {"limit": LONGEST_SHORTCUT})
    if not all(map(_may_stand, shortcut)):
        raise forms.ValidationError(_("Letters, digits and hyphens only, without spaces."))
    return shortcut


def _may_stand(character: str) -> bool:
    """Letters and digits of any script with their marks (Thai vowels are marks), and what joins them."""
    return character.isalnum() or character in "-_" or unicodedata.category(character).startswith("M")


def text_of(value: str) -> str:
    """`value` as a canned text. Raises `ValidationError`."""
    text = clean_body(value)
    if not text:
        raise forms.ValidationError(_("Write the text."))
    if len(text) > LONGEST_TEXT:
        raise forms.ValidationError(
            _("The text has %(length)d characters; at most %(limit)d are possible.")
            % {"length": len(text), "limit": LONGEST_TEXT}
        )
    return text


def replies_of(value: str) -> list[str]:
    """`value` as quick replies, one per line. Raises `ValidationError`."""
    try:
        return quick_replies.lines(value)
    except Invalid as error:
        raise forms.ValidationError(error.detail) from None


class CannedResponseForm(forms.Form):
    """A text and how to call it. Only those who may change the team's list are asked whose it is."""

    shortcut = forms.CharField(
        label=gettext_lazy("Shortcut"),
        help_text=gettext_lazy("What you type after the slash, like “hours” for /hours."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    body = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "{contact}, {operator} and {workspace} are replaced by the names. **Bold**, `code` and lists (lines with - "
            "or 1.) are drawn as such."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        strip=False,
    )
    quick_replies = forms.CharField(
        label=gettext_lazy("Quick replies"),
        help_text=gettext_lazy(
            "Short answers, one per line, at most 6 of 40 characters. The visitor sees them as buttons and sends one "
            "with a tap."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
    )
    card_title = forms.CharField(
        label=gettext_lazy("Card: title"),
        help_text=gettext_lazy(
            "Something to look at and open, like a product with its price and a link. Leave it empty for none."
        ),
        required=False,
    )
    card_lines = forms.CharField(
        label=gettext_lazy("Card: text"),
        help_text=gettext_lazy("At most 5 lines."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        required=False,
    )
    card_price = forms.CharField(label=gettext_lazy("Card: price"), required=False)
    card_label = forms.CharField(label=gettext_lazy("Card: words on the button"), required=False)
    card_url = forms.CharField(
        label=gettext_lazy("Card: link"),
        help_text=gettext_lazy("It opens in a new tab."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}),
        required=False,
    )
    shared = forms.BooleanField(label=gettext_lazy("The whole team can use it"), required=False)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]

    def has_card(self) -> bool:
        """Something was typed there, or is wrong there: it is shown."""
        return any(self[f"card_{name}"].value() or self[f"card_{name}"].errors for name in CARD)

    def clean_shortcut(self) -> str:
        return shortcut_of(self.cleaned_data["shortcut"])

    def clean_body(self) -> str:
        return text_of(self.cleaned_data["body"])

    def clean_quick_replies(self) -> list[str]:
        return replies_of(self.cleaned_data["quick_replies"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        card = {name: given.pop(f"card_{name}", "") for name in CARD}
        return {"shared": False, **given, "card": self._card(card)}

    def _card(self, typed: dict[str, str]) -> Card | None:
        if not any(text.strip() for text in typed.values()):
            return None
        try:
            return cards.cleaned({**typed, "lines": [line for line in typed["lines"].splitlines() if line.strip()]})
        except Invalid as error:
            for name, sentences in error.fields["errors"].items():
                self.add_error(f"card_{name}", sentences)
            return None


def card_fields(card: Card | None) -> dict[str, str]:
    """A card as the form shows it."""
    typed = {**card, "lines": "\n".join(card["lines"])} if card else {}
    return {f"card_{name}": typed.get(name, "") for name in CARD}


class Imported(NamedTuple):
    """What a file brings, by shortcut; without the third column it says nothing of quick replies."""

    texts: dict[str, str]
    quick_replies: dict[str, list[str]]


class ImportForm(forms.Form):
    """A CSV file with the columns `shortcut` and `text`, and maybe `quick_replies`.

    Every wrong line is named; one of them stops the import.
    """

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "Two columns, “shortcut” and “text”, in UTF-8. A third, “quick_replies”, may hold one short answer per "
            "line. A shortcut that exists gets the new text."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Imported:
        rows = _rows(self.cleaned_data["file"])
        texts: dict[str, str] = {}
        replies: dict[str, list[str]] = {}
        problems: list[str] = []
        for number, row in rows:
            try:
                shortcut, text = shortcut_of(row.get("shortcut") or ""), text_of(unmarked(row.get("text") or ""))
                if shortcut in texts:
                    raise forms.ValidationError(_("/%(shortcut)s is there twice.") % {"shortcut": shortcut})
                if REPLIES in row:
                    replies[shortcut] = replies_of(unmarked(row[REPLIES] or ""))
                texts[shortcut] = text
            except forms.ValidationError as error:
                problems.append(_("Line %(number)d: %(problem)s") % {"number": number, "problem": error.messages[0]})
        if problems:
            raise forms.ValidationError(problems[:MOST_PROBLEMS])
        if not texts:
            raise forms.ValidationError(_("There is nothing in this file."))
        return Imported(texts, replies)


def _rows(file: UploadedFile) -> list[tuple[int, dict[str, str]]]:
    """The rows with their line numbers, columns by lower-case name."""
    try:
        content = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise forms.ValidationError(_("This is not text in UTF-8. Save it as “CSV UTF-8” and try again.")) from None
    try:
        reader = csv.DictReader(io.StringIO(content, newline=""), strict=True)
        reader.fieldnames = [clean_line(name).lower() for name in reader.fieldnames or []]
        if not {"shortcut", "text"} <= set(reader.fieldnames):
            raise forms.ValidationError(_("The first line must name the columns “shortcut” and “text”."))
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise forms.ValidationError(_("This is not a CSV file: %(problem)s") % {"problem": error}) from None
    if len(rows) > MOST_ROWS:
        raise forms.ValidationError(_("At most %(limit)d lines.") % {"limit": MOST_ROWS})
    return rows
