"""FAQs as a CSV file: what is written is what can be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ai.actions import FaqWish
from ai.forms import body_of, line_of, short_enough, ways_of
from ai.models import Source
from ai.models.source import LONGEST_ANSWER, LONGEST_CATEGORY, LONGEST_TITLE
from minichat.lib.sheets import BOM, marked, unmarked
from minichat.lib.text import clean_line

COLUMNS = ["question", "answer", "other_ways", "category", "active"]
NEEDED = {"question", "answer"}
MOST_ROWS = 1_000
MOST_PROBLEMS = 20
YES = {"yes", "y", "true", "1", "on", "ใช่", "เปิด"}
NO = {"no", "n", "false", "0", "off", "ไม่", "ไม่ใช่", "ปิด"}


class Writable(Protocol):
    def write(self, text: str, /) -> object: ...


@dataclass(frozen=True)
class Problem:
    """A line that cannot be taken, as it stands in the file."""

    line: int
    cells: dict[str, str]
    sentence: str

    def __str__(self) -> str:
        return _("Line %(number)d: %(problem)s") % {"number": self.line, "problem": self.sentence}


@dataclass(frozen=True)
class Sheet:
    wishes: list[FaqWish]
    problems: list[Problem]


def written(faqs: Iterable[Source], file: Writable) -> None:
    file.write(BOM)
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for faq in faqs:
        texts = [faq.title, faq.text, faq.other_ways, faq.category]
        writer.writerow([*map(marked, texts), "yes" if faq.is_active else "no"])


def read(content: bytes) -> Sheet:
    """Raises `ValidationError` for what is no table of ours; lines that are wrong are named one by one."""
    wishes: list[FaqWish] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, row in _rows(content):
        try:
            wish = _wish(row)
            if wish.question.casefold() in seen:
                raise forms.ValidationError(_("This question is there twice."))
            seen.add(wish.question.casefold())
            wishes.append(wish)
        except forms.ValidationError as error:
            problems.append(Problem(number, _cells(row), error.messages[0]))
    if not wishes and not problems:
        raise forms.ValidationError(_("There is nothing in this file."))
    return Sheet(wishes, problems)


def _cells(row: dict[str, str]) -> dict[str, str]:
    """What there is in it of the columns we know."""
    return {name: text for name in COLUMNS if (text := row.get(name) or "")}


def _wish(row: dict[str, str]) -> FaqWish:
    if None in row:
        raise forms.ValidationError(_("This line has more cells than the first one."))
    cells = {name: unmarked(value or "") for name, value in row.items()}
    return FaqWish(
        _named("question", line_of, cells["question"], LONGEST_TITLE),
        _named("answer", body_of, cells["answer"], LONGEST_ANSWER),
        _named("other_ways", ways_of, cells["other_ways"]) if "other_ways" in cells else None,
        _named("category", _category, cells["category"]) if "category" in cells else None,
        _named("active", _yes_or_no, cells["active"]) if "active" in cells else None,
    )


def _named(column: str, check: Any, *values: Any) -> Any:
    try:
        return check(*values)
    except forms.ValidationError as error:
        sentence = _("“%(column)s”: %(problem)s") % {"column": column, "problem": error.messages[0]}
        raise forms.ValidationError(sentence) from None


def _category(value: str) -> str:
    return short_enough(clean_line(value), LONGEST_CATEGORY)


def _yes_or_no(value: str) -> bool:
    word = clean_line(value).casefold()
    if word in NO:
        return False
    if word in YES or not word:
        return True
    raise forms.ValidationError(_("Write yes or no."))


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their line numbers, columns by lower-case name."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise forms.ValidationError(_("This is not text in UTF-8. Save it as “CSV UTF-8” and try again.")) from None
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        reader.fieldnames = [clean_line(name).lower() for name in reader.fieldnames or []]
        if not set(reader.fieldnames) >= NEEDED:
            raise forms.ValidationError(_("The first line must name the columns “question” and “answer”."))
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise forms.ValidationError(_("This is not a CSV file: %(problem)s") % {"problem": error}) from None
    if len(rows) > MOST_ROWS:
        raise forms.ValidationError(_("At most %(limit)d lines.") % {"limit": MOST_ROWS})
    return iter(rows)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "In UTF-8, with the columns “question” and “answer”; “other_ways” (one a line), “category” and “active” "
            "(yes or no) may follow. A question that exists gets the new answer."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Sheet:
        return read(self.cleaned_data["file"].read())
