"""CSV for people who open it in a spreadsheet."""

from __future__ import annotations

# A cell that begins like this is a formula there, and formulas can call out (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """`text` as a cell that stays text; `plain_cell` takes the mark off again."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain_cell(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
