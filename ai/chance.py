"""Whether two shares differ by more than chance."""

from __future__ import annotations

from enum import StrEnum
from math import erfc, sqrt

# Fewer conversations on one side say nothing.
LEAST = 30
SURE = 0.05


class Verdict(StrEnum):
    TOO_EARLY = "too_early"
    CHANCE = "chance"
    MORE = "more"
    LESS = "less"


def p_value(first: int, of_first: int, second: int, of_second: int) -> float:
    """How likely two shares are to lie so far apart, or farther, if there is no difference behind them.

    The two-sided z-test of two proportions: were both sides drawn from one pot, their common share p would be known
    best from all of them together, and the difference of the two would scatter around 0 with the standard error
    sqrt(p * (1 - p) * (1 / n1 + 1 / n2)). The difference in units of it, z, is read off the normal curve, both ends
    counted. It holds from about 30 on each side. Without anybody, or with all or none on both sides, nothing can be
    told apart: 1.
    """
    if not of_first or not of_second:
        return 1.0
    together = (first + second) / (of_first + of_second)
    error = sqrt(together * (1 - together) * (1 / of_first + 1 / of_second))
    if not error:
        return 1.0
    z = abs(first / of_first - second / of_second) / error
    return erfc(z / sqrt(2))


def verdict(first: int, of_first: int, second: int, of_second: int) -> Verdict:
    """Of the second compared with the first."""
    if min(of_first, of_second) < LEAST:
        return Verdict.TOO_EARLY
    if p_value(first, of_first, second, of_second) >= SURE:
        return Verdict.CHANCE
    return Verdict.MORE if second * of_first > first * of_second else Verdict.LESS
