"""What a run found, as the CSV lines that are reported: `rf,run,metric,value,unit,bar,pass`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TextIO

HEADER = ("rf", "run", "metric", "value", "unit", "bar", "pass")
YES, NO, SLOW, INVALID, NOTED = "yes", "no", "slow", "invalid", ""


@dataclass(frozen=True)
class Figure:
    rf: str
    run: str
    metric: str
    value: float | int | str
    unit: str
    bar: str
    verdict: str

    def line(self) -> tuple[str, ...]:
        value = f"{self.value:.3f}".rstrip("0").rstrip(".") if isinstance(self.value, float) else str(self.value)
        return (self.rf, self.run, self.metric, value, self.unit, self.bar, self.verdict)


@dataclass
class Report:
    """Figures of one run. `no` and `invalid` fail it; `slow` (a time over its bar) is told and does not."""

    run: str
    figures: list[Figure] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    is_broken: bool = False

    def none(self, rf: str, metric: str, violations: Iterable[object], unit: str = "") -> None:
        """There must be none of these."""
        found = [str(violation) for violation in violations]
        self.details += [f"{rf} {metric}: {text}" for text in found[:5]]
        self._add(rf, metric, len(found), unit, "0", NO if found else YES)

    def at_least(self, rf: str, metric: str, value: float, bar: float, unit: str = "") -> None:
        self._add(rf, metric, value, unit, f">={bar:g}", YES if value >= bar else NO)

    def time(self, rf: str, metric: str, seconds: float, bar: float) -> None:
        """A time depends on the machine: over its bar it is `slow`, not wrong."""
        self._add(rf, metric, seconds, "s", f"<={bar:g}", YES if seconds <= bar else SLOW)

    def note(self, rf: str, metric: str, value: float | str, unit: str = "") -> None:
        self._add(rf, metric, value, unit, "", NOTED)

    def happened(self, rf: str, metric: str, value: int, bar: int = 1, unit: str = "") -> None:
        """The fault itself: without it the run proves nothing."""
        self._add(rf, metric, value, unit, f">={bar}", YES if value >= bar else INVALID)

    def broke(self, text: str) -> None:
        """The run did not come to its end."""
        self.is_broken = True
        self.details.append(text)
        self._add("run", "came to its end", 0, "", ">=1", INVALID)

    @property
    def failed(self) -> bool:
        return not self.figures or any(figure.verdict in (NO, INVALID) for figure in self.figures)

    @property
    def proves_nothing(self) -> bool:
        """The run came to its end and kept every promise, but a fault it wanted did not happen."""
        verdicts = {figure.verdict for figure in self.figures}
        return INVALID in verdicts and NO not in verdicts and not self.is_broken

    def _add(self, rf: str, metric: str, value: float | str, unit: str, bar: str, verdict: str) -> None:
        self.figures.append(Figure(rf, self.run, metric, value, unit, bar, verdict))


def write(reports: Iterable[Report], out: TextIO = sys.stdout) -> None:
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADER)
    for report in reports:
        rows.writerows(figure.line() for figure in report.figures)
    out.flush()


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
