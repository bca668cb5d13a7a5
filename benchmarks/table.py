"""Tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

Cell = str | float | int | None


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    lines = [list(header), *[[text(cell) for cell in row] for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    print(f"\n{title}\n")
    for number, line in enumerate(lines):
        first, *rest = zip(line, widths, strict=True)
        print("  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]))
        if number == 0:
            print("  ".join("-" * width for width in widths))
    print(flush=True)


def text(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:.2f}" if cell < 10 else f"{cell:.1f}" if cell < 100 else f"{cell:.0f}"
    return str(cell)


def median(values: Sequence[float | None]) -> float | None:
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    middle = len(known) // 2
    return known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2


def ratio(above: float | None, below: float | None) -> str:
    return f"{above / below:.1f}x" if above and below else "-"
