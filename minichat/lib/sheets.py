"""CSV that a spreadsheet shows and does not run (SR-59)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

# Excel reads UTF-8 (Thai!) only with this in front.
BOM = "\ufeff"
# What begins a formula or a call, in both widths, whatever a program may skip before it.
_SKIPPED = r"[\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\"'`]*"
_FORMULA = re.compile(_SKIPPED + r"[=+\-@|%\uff1d\uff0b\uff0d\uff20\uff5c\uff05\u2212]")
# A phone number or a plain amount computes nothing.
_HARMLESS = re.compile(r"\+\d[\d ]{5,19}|-?\d{1,15}(\.\d{1,6})?")
_BREAKS = re.compile(r"[\r\n\v\f\x85\u2028\u2029\t]+")


def cell(value: object) -> str:
    """`value` as one line of text. What could be read as a formula gets an apostrophe: spreadsheets show the rest."""
    return marked(_BREAKS.sub(" ", "" if value is None else str(value)).replace("\x00", ""))


def marked(text: str) -> str:
    """`text` as it is, or with an apostrophe where it could be read as a formula; `unmarked` takes that off again."""
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def unmarked(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and marked(cell[1:]) != cell[1:] else cell


def line(values: Iterable[object]) -> str:
    """One row, quoted as RFC 4180 has it: no separator or quote inside a cell opens another one."""
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([cell(value) for value in values])
    return written.getvalue()
