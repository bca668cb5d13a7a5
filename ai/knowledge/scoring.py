"""The numbers of the ranking and of the confidence, as fitted on the developer sets (`benchmarks/data`)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ai.knowledge.ranking import Features

# BM25: how soon a word that is said again stops counting, and how much longer texts are marked down.
K1, B = 1.2, 0.75


def idf(n_chunks: int, df: int) -> float:
    """What a word is worth that stands in `df` of so many chunks."""
    return math.log(1 + (n_chunks - df + 0.5) / (df + 0.5))


# So many chunks are taken to exist beside those of the workspace: among three chunks every missing word would weigh as
# much as everything else, and nothing would ever be sure.
PRIOR_CHUNKS = 50
# What the closer look adds to the words' share: character runs, and the best two sentences.
CHARACTERS_COUNT, SENTENCES_COUNT = 0.6, 0.25
# And how near its meaning is, where that is known. Between 0.6 and 2 all sets are within two points of their best.
MEANING_COUNTS = 1.0
# Of an extract: the question's runs of characters, a number where one was asked for, and length.
RUNS_COUNT, NUMBER_COUNTS, LENGTH_COUNTS = 0.3, 0.15, 0.1


# Both are fitted on all sets with a part of the passages taken away, and on samples of 3 to 20 passages: among few, one
# word in common leaves all others far behind. For the same reason a gap counts no further than this.
WIDEST_GAP = 0.5


# With meaning: the same fit on the English sets, with one number more.


def p_answerable(features: Features) -> float:
    """That the knowledge base answers the question at all: for a model that reads several hits."""
    f = features
    if f.near is not None:
        words = -1.12 * f.bm + 1.75 * f.cov + 2.55 * f.scov + 3.77 * f.gap + 1.48 * f.chcov + 0.71 * f.ch - 0.4 * f.miss
        return _logistic(words + 6.52 * f.near - 5.55)
    value = 11.14 * f.bm - 1.36 * f.cov + 0.43 * f.scov + 1.86 * f.gap + 8.52 * f.chcov - 7.02 * f.ch + 1.50 * f.miss
    return _logistic(value - 5.49)


def p_right(features: Features) -> float:
    """That the first hit is the answer: for answers that are taken from it word by word."""
    f = features
    if f.near is not None:
        words = -2.22 * f.bm + 2.11 * f.cov + 2.44 * f.scov + 6.6 * f.gap + 1.7 * f.chcov + 0.37 * f.ch + 0.72 * f.miss
        return _logistic(words + 6.82 * f.near - 7.81)
    value = 9.26 * f.bm - 0.64 * f.cov - 0.29 * f.scov + 5.60 * f.gap + 6.57 * f.chcov - 3.79 * f.ch + 1.69 * f.miss
    return _logistic(value - 6.91)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
