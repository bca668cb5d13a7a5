"""Whether two shares differ by more than chance."""

from __future__ import annotations

from statistics import NormalDist

import pytest

from ai.chance import Verdict, p_value, verdict

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("first", "of_first", "second", "of_second", "z"),
    [
        # By hand: 0.15 / sqrt(0.575 * 0.425 * 2 / 100), and so on.
        (50, 100, 65, 100, 2.14559),
        (15, 50, 20, 50, 1.04828),
        (480, 1000, 520, 1000, 1.78885),
        (30, 60, 30, 40, 2.5),
    ],
)
def test_the_two_sided_test(first: int, of_first: int, second: int, of_second: int, z: float) -> None:
    found = p_value(first, of_first, second, of_second)
    assert found == pytest.approx(2 * (1 - NormalDist().cdf(z)), abs=1e-5)
    assert p_value(second, of_second, first, of_first) == pytest.approx(found), "both sides alike"


@pytest.mark.parametrize("numbers", [(0, 0, 0, 0), (0, 0, 5, 5), (0, 40, 0, 40), (40, 40, 40, 40), (20, 40, 20, 40)])
def test_nothing_to_tell_apart(numbers: tuple[int, int, int, int]) -> None:
    assert p_value(*numbers) == 1.0


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((0, 29, 29, 29), Verdict.TOO_EARLY),
        ((0, 500, 29, 29), Verdict.TOO_EARLY),
        ((0, 30, 30, 30), Verdict.MORE),
        ((30, 30, 0, 30), Verdict.LESS),
        ((50, 100, 52, 100), Verdict.CHANCE),
        ((50, 100, 65, 100), Verdict.MORE),
        ((65, 100, 50, 100), Verdict.LESS),
        # More in number, fewer of its own.
        ((90, 100, 120, 200), Verdict.LESS),
    ],
)
def test_in_a_word(numbers: tuple[int, int, int, int], expected: Verdict) -> None:
    assert verdict(*numbers) == expected
