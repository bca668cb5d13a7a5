"""Text as the knowledge base knows it: one spelling, and the terms it is found by, indexed and asked for alike.

Thai writes no spaces between words, so a dictionary cuts it (pythainlp's newmm, or its twin in Rust where `nlpo3` is
installed: the same words, faster); other words are stemmed. Both are loaded when they are first needed, or by `warm`.
"""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec

from ai.knowledge.stopwords import ENGLISH, THAI

# Stored with an index. Whoever changes what `terms` says of any text raises it, and everything is indexed anew.
ANALYZER_VERSION = "1"
# A term is a column of an index.
LONGEST_TERM = 64
# From so many Thai letters in a hundred on, a text is Thai: brands and models in it are written in Latin.
THAI_SHARE = 15

_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\x00]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_OTHER_DIGITS = re.compile(r"(?![0-9])\d")
_THAI = re.compile("[\u0e01-\u0e5b]+")
_THAI_WORD = re.compile("[\u0e01-\u0e2e\u0e40-\u0e44]")
# The circle of sara am before its tone, and sara e twice for sara ae: two ways to type one sound.
_LATE_TONE = re.compile("\u0e4d([\u0e48-\u0e4b])\u0e32")
# Khmer, Burmese, Lao, kana, ideographs, Hangul: no spaces either, and no dictionary of ours.
_UNSPACED = "\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_PIECE = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w])|\d+\.\d+(?![\w.]))"
    "|(?P<thai>[\u0e01-\u0e5b]+)"
    f"|(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<word>(?:(?![\u0e01-\u0e5b{_UNSPACED}])[^\W_])+(?:['\u2019\-_./](?:(?![\u0e01-\u0e5b{_UNSPACED}])[^\W_])+)*)"
)
_LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+")
_BETWEEN = re.compile(r"[\-_./]")
_APOSTROPHE = re.compile("['\u2019]")

Segment = Callable[[str], list[str]]
_loading = threading.Lock()
_segment: Segment | None = None


def normalise(text: str) -> str:
    """No case, no width, no accents on Latin letters, digits as 0 to 9, nothing unseen; Thai typed in one way."""
    if text.isascii():
        return text.lower().replace("\x00", " ")
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).lower()
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
    text = _OTHER_DIGITS.sub(lambda found: str(unicodedata.digit(found[0])), text)
    # NFKC takes sara am apart.
    text = _LATE_TONE.sub("\\1\u0e33", text).replace("\u0e4d\u0e32", "\u0e33")
    return text.replace("\u0e40\u0e40", "\u0e41")


def terms(text: str) -> list[str]:
    """What a text is found by, in its order. A question of stop words alone keeps them."""
    every = list(_pieces(normalise(text)))
    content = [term for term, is_content in every if is_content]
    return content or [term for term, _ in every]


def language_of(text: str) -> str:
    if text.isascii():
        return "en"
    thai = sum(map(len, _THAI.findall(text)))
    # Thai vowels above and below their letter are no letters to Python.
    letters = thai + sum(map(str.isalpha, _THAI.sub("", text)))
    return "th" if thai and thai * 100 >= THAI_SHARE * letters else "en"


def cut(run: str) -> list[str]:
    """Thai letters in a row as words, with nothing left out."""
    return _segmenter()(run)


def warm() -> None:
    """Load the dictionary now: at start, so that the first question does not wait for it."""
    terms("อุ่นเครื่อง warming up")


# --- Pieces -----------------------------------------------------------------------------------------------------------


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Each term, and whether it says what the text is about."""
    for found in _PIECE.finditer(text):
        kind, piece = str(found.lastgroup), found[0]
        if kind == "thai":
            for word in _thai_words(piece):
                yield word[:LONGEST_TERM], word not in THAI
        elif kind == "number":
            yield piece.replace(",", ""), True
        elif kind == "unspaced":
            yield from ((pair, True) for pair in _pairs(piece))
        else:
            yield from _words(piece)


@lru_cache(maxsize=20_000)
def _thai_words(run: str) -> tuple[str, ...]:
    return tuple(word for word in _segmenter()(run) if _THAI_WORD.search(word) or word.isdigit())


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _words(piece: str) -> Iterator[tuple[str, bool]]:
    """`AB-12` is found as ab12, as ab and as 12; `T-shirts` as t and shirt."""
    parts = [_APOSTROPHE.sub("", part) for part in _BETWEEN.split(piece)]
    whole = "".join(parts)
    has_digit = any(character.isdigit() for character in whole)
    if has_digit:
        parts = [run for part in parts for run in _LETTERS_OR_DIGITS.findall(part)]
    if has_digit and len(parts) > 1:
        yield whole[:LONGEST_TERM], True
    for part in parts:
        if part not in ENGLISH:
            yield stem(part)[:LONGEST_TERM], True
        else:
            yield part, False


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    if not word.isascii() or len(word) < 3 or len(word) > LONGEST_TERM:
        return word
    # A stemmer keeps the word it is at in itself.
    with _stemming:
        return str(_stemmer().stemWord(word))


_stemming = threading.Lock()


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]  # noqa: ANN202
    from snowballstemmer.porter_stemmer import PorterStemmer

    return PorterStemmer()


def _segmenter() -> Segment:
    global _segment
    with _loading:
        if _segment is None:
            _segment = _load()
    return _segment


def _load() -> Segment:
    """It comes with its words. Told so, it looks for no others on the network and makes no folder in the home."""
    os.environ.pop("PYTHAINLP_READ_MODE", None)  # its old name; both at once are an error
    os.environ["PYTHAINLP_READ_ONLY"] = os.environ["PYTHAINLP_OFFLINE"] = "1"
    if find_spec("nlpo3"):
        from pythainlp.tokenize.nlpo3 import segment as rust

        return rust  # type: ignore[no-any-return]
    from pythainlp.tokenize.newmm import segment

    # With its words, while nobody else may: threads that asked for them at once would all load them.
    segment("คำ")
    return segment  # type: ignore[no-any-return]
