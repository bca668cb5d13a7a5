"""Answer, ask back, or fetch a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ai.knowledge import scoring
from ai.knowledge.decide import LEAST, Style, Verdict, decide
from ai.knowledge.ranking import Features, Hit, look_at
from ai.models import Chunk

pytestmark = pytest.mark.pure

NOTHING = Features(bm=0, cov=0, scov=0, gap=0, chcov=0, ch=0, miss=0)
EVERYTHING = Features(bm=0.8, cov=1, scov=1, gap=0.5, chcov=1, ch=0.8, miss=0)


def a_hit(title: str = "Shipping", *, is_exact: bool = False) -> Hit:
    chunk = Chunk(title_path=title, text="We ship.")
    return Hit(chunk, 1.0, NOTHING, (), is_exact, {}, look_at(title, "We ship."))


def sure(value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "p_right", lambda features: value)
    monkeypatch.setattr(scoring, "p_answerable", lambda features: 1 - value)


def test_nothing_found_is_handed_over() -> None:
    assert decide([]).verdict == Verdict.HAND_OFF


@pytest.mark.parametrize(
    ("style", "value", "verdict"),
    [
        (Style.CAREFUL, 0.66, "answer"),
        (Style.CAREFUL, 0.64, "did_you_mean"),
        (Style.CAREFUL, 0.34, "hand_off"),
        (Style.BALANCED, 0.51, "answer"),
        (Style.BALANCED, 0.49, "did_you_mean"),
        (Style.BALANCED, 0.34, "hand_off"),
        (Style.EAGER, 0.36, "answer"),
        (Style.EAGER, 0.34, "hand_off"),
    ],
)
def test_each_style_has_its_threshold(
    style: Style, value: float, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sure(value, monkeypatch)
    decision = decide([a_hit()], style)
    assert (decision.verdict, decision.confidence) == (verdict, value)


def test_what_was_just_said_is_no_answer_to_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only words of the question before stand in it. A model reads both, and may still say something new."""
    monkeypatch.setattr(scoring, "p_right", lambda features: 0.9)
    monkeypatch.setattr(scoring, "p_answerable", lambda features: 0.9)
    borrowed = replace(a_hit(), is_borrowed=True)
    assert decide([borrowed], Style.EAGER).verdict == Verdict.HAND_OFF
    assert decide([borrowed], by_model=True).verdict == Verdict.ANSWER


def test_a_model_is_trusted_with_what_is_there_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    sure(0.1, monkeypatch)
    assert decide([a_hit()]).verdict == Verdict.HAND_OFF
    assert decide([a_hit()], by_model=True).verdict == Verdict.ANSWER


def test_a_title_word_by_word_is_always_answered() -> None:
    assert decide([a_hit(is_exact=True)], Style.CAREFUL).verdict == Verdict.ANSWER


def test_up_to_three_titles_are_offered_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sure(0.4, monkeypatch)
    hits = [a_hit(title) for title in ("One\nUno", "", "Two", "One", "Three", "Four")]
    assert [hit.chunk.titles[0] for hit in decide(hits).suggestions] == ["One", "Two", "Three"]


def test_without_a_title_there_is_nothing_to_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    sure(0.4, monkeypatch)
    assert decide([a_hit("")]).verdict == Verdict.HAND_OFF


def test_the_fitted_curves_are_sure_of_much_and_unsure_of_nothing() -> None:
    for curve in (scoring.p_right, scoring.p_answerable):
        assert curve(NOTHING) < LEAST / 2
        assert curve(EVERYTHING) > 0.9
        assert curve(replace(EVERYTHING, bm=0.2, chcov=0.3, gap=0.05)) < curve(EVERYTHING)
