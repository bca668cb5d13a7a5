"""What a text is found by: one spelling, Thai words from a dictionary, stems, numbers and article numbers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from celery.signals import worker_init

import ai.knowledge.terms
from ai import warming
from ai.knowledge.terms import ANALYZER_VERSION, cut, language_of, normalise, terms, warm

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("HELLO", "hello"),
        ("ＡＢ１２", "ab12"),
        ("Café", "cafe"),
        ("น\u0e4d\u0e49าดื่ม", "น\u0e49\u0e33ดื่ม"),  # the circle before its tone
        ("น\u0e49\u0e4d\u0e32ดื่ม", "น\u0e49\u0e33ดื่ม"),  # sara am in two pieces
        ("เเมว", "แมว"),
        ("๑๒๓ บาท", "123 บาท"),
        ("ส่ง\u200bฟรี", "ส่งฟรี"),
        ("so\u00adft", "soft"),
    ],
)
def test_what_is_typed_in_many_ways_is_spelt_in_one(typed: str, spelt: str) -> None:
    assert normalise(typed) == spelt


def test_sara_am_survives() -> None:
    """NFKC takes it apart."""
    assert normalise("ทำงาน น้ำ") == "ทำงาน น้ำ"


def test_words_are_stemmed() -> None:
    assert set(terms("shipping shipped ships")) == {"ship"}
    assert terms("the shop's opening hours") == terms("shops open hour")


def test_thai_is_cut_into_words() -> None:
    assert {"กางเกง", "สีแดง"} <= set(terms("มีกางเกงสีแดงไหมคะ"))
    assert terms("สั่งiPhoneสีแดง") == ["สั่ง", "iphon", "สีแดง"]


def test_article_numbers_are_whole_and_in_parts() -> None:
    assert terms("AB-12") == ["ab12", "ab", "12"]
    assert terms("ab12") == ["ab12", "ab", "12"]
    assert "ab12" in terms("Is AB-12 in stock?")
    assert set(terms("AB 12")) < set(terms("AB-12"))


@pytest.mark.parametrize(
    ("number", "term"), [("1,790", "1790"), ("1,790.50", "1790.50"), ("3.5", "3.5"), ("๑,๗๙๐", "1790"), ("42", "42")]
)
def test_numbers_stay_whole(number: str, term: str) -> None:
    assert terms(number) == [term]


def test_words_with_hyphens_are_words() -> None:
    assert terms("T-shirt") == terms("t shirt")


@pytest.mark.parametrize("question", ["What is this?", "where are you", "อะไรคะ", "ที่ไหน"])
def test_stop_words_give_way_when_there_is_nothing_else(question: str) -> None:
    assert terms(question)


def test_stop_words_are_left_out_otherwise() -> None:
    assert terms("What is the price?") == ["price"]
    assert terms("ราคาเท่าไรคะ") == ["ราคา"]


def test_no_words_no_terms() -> None:
    assert terms("") == terms("  \n ") == terms("😀 … !!") == []


def test_scripts_without_spaces_and_dictionary_are_cut_in_pairs() -> None:
    assert terms("全部商品") == ["全部", "部商", "商品"]


@pytest.mark.parametrize(
    "text", ["\x00", "a\x00b", "ก" * 2_000, "เ" * 2_000, "\u0e33" * 2_000, "😀" * 2_000, "-" * 2_000, "a-" * 1_000]
)
def test_whatever_comes_in_something_storable_comes_out(text: str) -> None:
    for term in terms(text):
        assert 0 < len(term) <= 64 and "\x00" not in term


def test_a_text_says_its_language() -> None:
    assert language_of("Do you ship?") == "en"
    assert language_of("ส่งของไหม") == "th"
    assert language_of("OpenClaw คือผู้ช่วย AI ส่วนตัว") == "th"
    assert language_of("Our Thai name is กา and nothing else in this long sentence is Thai") == "en"
    assert language_of("") == "en"


def test_threads_do_not_disturb_each_other() -> None:
    words = [f"{stem}{ending}" for stem in ("ship", "pay", "return", "cancel") for ending in ("ing", "s", "ment", "ed")]
    alone = [terms(word) for word in words]
    from ai.knowledge.terms import stem

    stem.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(terms, words * 20)) == alone * 20


def test_the_dictionary_comes_along(tmp_path: Path) -> None:
    """Loading it asks nobody and leaves nothing in the home folder; importing the module does not load it."""
    script = """
import socket, sys
def refuse(*_):
    raise AssertionError("the network")
socket.socket.connect = socket.getaddrinfo = refuse
from ai.knowledge import terms
assert "pythainlp" not in sys.modules and "snowballstemmer" not in sys.modules
terms.warm()
assert terms.terms("กางเกงสีแดง") == ["กางเกง", "สีแดง"]
"""
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": os.getcwd()}  # noqa: PTH109
    for name in ("PYTHAINLP_DATA", "PYTHAINLP_READ_ONLY", "PYTHAINLP_OFFLINE"):
        environment.pop(name, None)
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=120)
    assert list(tmp_path.iterdir()) == []


def test_threads_load_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker is asked sixty things at once: if each loaded the words, the first answers would come after seconds."""
    if find_spec("nlpo3"):
        pytest.skip("another library cuts here")
    from pythainlp import tokenize
    from pythainlp.util import Trie

    made: list[object] = []

    def load(words: object) -> Trie:
        made.append(words)
        time.sleep(0.1)
        return Trie(["กางเกง", "สี", "แดง"])

    monkeypatch.setattr(tokenize, "Trie", load)
    tokenize.word_dict_trie.cache_clear()
    monkeypatch.setattr(ai.knowledge.terms, "_segment", None)
    try:
        with ThreadPoolExecutor(8) as pool:
            cuts = list(pool.map(cut, ["กางเกงแดง"] * 8))
        assert cuts == [["กางเกง", "แดง"]] * 8 and len(made) == 1
    finally:
        tokenize.word_dict_trie.cache_clear()


def test_a_worker_has_it_before_its_first_job(monkeypatch: pytest.MonkeyPatch) -> None:
    warmed: list[str] = []
    monkeypatch.setattr(ai.knowledge.terms, "warm", lambda: warmed.append("yes"))
    receivers = [receiver() for _, receiver in worker_init.receivers]
    assert warming.in_worker in receivers
    warming.in_worker(sender=None)
    assert warmed == ["yes"]


def test_there_is_a_version() -> None:
    assert ANALYZER_VERSION and len(ANALYZER_VERSION) <= 16
    warm()
