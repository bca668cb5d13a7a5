from __future__ import annotations

import csv
import io
import unicodedata
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.models.canned_response import LONGEST_SHORTCUT, LONGEST_TEXT
from minichat.lib.sheets import unmarked
from minichat.lib.text import clean_body, clean_line

MOST_ROWS = 500
MOST_PROBLEMS = 20


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


class CannedResponseForm(forms.Form):
    """A text and how to call it. Only those who may change the team's list are asked whose it is."""

    shortcut = forms.CharField(
        label=gettext_lazy("Shortcut"),
        help_text=gettext_lazy("What you type after the slash, like “hours” for /hours."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    body = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy("{contact}, {operator} and {workspace} are replaced by the names."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        strip=False,
    )
    shared = forms.BooleanField(label=gettext_lazy("The whole team can use it"), required=False)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]

    def clean_shortcut(self) -> str:
        return shortcut_of(self.cleaned_data["shortcut"])

    def clean_body(self) -> str:
        return text_of(self.cleaned_data["body"])

    def clean(self) -> dict[str, Any]:
        return {"shared": False, **(super().clean() or {})}


class ImportForm(forms.Form):
    """A CSV file with the columns `shortcut` and `text`. Every wrong line is named; one of them stops the import."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "Two columns, “shortcut” and “text”, in UTF-8. A shortcut that exists gets the new text."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> dict[str, str]:
        rows = _rows(self.cleaned_data["file"])
        texts: dict[str, str] = {}
        problems: list[str] = []
        for number, row in rows:
            try:
                shortcut, text = shortcut_of(row.get("shortcut") or ""), text_of(unmarked(row.get("text") or ""))
                if shortcut in texts:
                    raise forms.ValidationError(_("/%(shortcut)s is there twice.") % {"shortcut": shortcut})
                texts[shortcut] = text
            except forms.ValidationError as error:
                problems.append(_("Line %(number)d: %(problem)s") % {"number": number, "problem": error.messages[0]})
        if problems:
            raise forms.ValidationError(problems[:MOST_PROBLEMS])
        if not texts:
            raise forms.ValidationError(_("There is nothing in this file."))
        return texts


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
