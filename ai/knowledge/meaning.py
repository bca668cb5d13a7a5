"""What a text means, beside its words: "send it back" lies near "return a product", and no word is in both.

An optional extra (`make semantic`, `AI_SEMANTIC=1`), off as shipped, for English alone. Off, nothing is computed, kept
or asked for. A chunk keeps its vectors beside its text: those near a question join those its words find, and rise.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings

from ai.knowledge.terms import language_of

# Read when numpy is loaded. Its products are small here: a second thread waits for the first, and on a busy machine a
# question takes five times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Kept with half the digits: 768 bytes each, and no answer is another one for it.
KIND, SIZE, BYTES = "<f2", 384, 768
# A chunk is a wide row already, and fifty of them are read for a question.
MOST_TITLES = 6
# Rounded: the last digits are the processor's, and equal rows are to be equal on every machine.
DIGITS = 4

_LETTERS = re.compile(r"[^\W\d_]")


def is_on() -> bool:
    return bool(settings.AI_SEMANTIC)


def is_read(text: str) -> bool:
    """Whether the model knows its language, by its letters. What it does not know lies anywhere, and near anything:
    also Thai with more of Latin names in it than of Thai."""
    if language_of(text) != "en":
        return False
    letters = _LETTERS.findall(text)
    return bool(letters) and 2 * sum(map(str.isascii, letters)) >= len(letters)


def of_chunk(titles: Sequence[str], text: str) -> bytes | None:
    """A vector for each of its titles (an FAQ's question and the other ways to ask it) and one for title and text.
    Nothing of a text in another language; None while the extra is off.

    Tens of milliseconds of a processor each: for jobs, outside of transactions.
    """
    if not is_on():
        return None
    if not is_read(text):
        return b""
    parts = [*titles[:MOST_TITLES], "\n".join([*titles[:1], text])]
    return b"".join(_model().encode(part).astype(KIND).tobytes() for part in parts)


def nearness(question: str, chunks: Sequence[bytes | memoryview | None]) -> list[float | None]:
    """How near each chunk is to the question, 0 to 1: its nearest vector counts. None: one of both is not known."""
    if not is_on() or not any(chunks) or not is_read(question):
        return [None] * len(chunks)
    vector = asked(question)
    return [round(max(0.0, float((matrix(chunk) @ vector).max())), DIGITS) if chunk else None for chunk in chunks]


@lru_cache(maxsize=500)
def asked(question: str) -> Any:
    """The vector of a question."""
    return _model().encode(question)


def count(stored: bytes | memoryview) -> int:
    """How many vectors these are."""
    return len(stored) // BYTES


def matrix(stored: bytes | memoryview) -> Any:
    """The vectors as rows of a numpy array."""
    import numpy as np

    return np.frombuffer(stored, KIND).astype(np.float32).reshape(count(stored), SIZE)


def warm() -> None:
    """Load the model now, where the extra is on."""
    if is_on():
        asked("warming up")


def _model() -> Any:
    from ai.knowledge.minilm import model

    return model()
