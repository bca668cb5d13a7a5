"""What may come in (SR-06, SR-32, SR-64): every reader, with what it refuses."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from chat import frames
from chat.frames import Malformed
from minichat.lib.errors import Invalid, TooLong

pytestmark = pytest.mark.pure
NAME = "019a2b3c-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "1", '"x"', "null", '{"a": NaN}', '{"a": Infinity}', '{"a": ' + "1" * 5000 + "}"]
)
def test_SR32_what_is_no_object_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        frames.parse(text)


@pytest.mark.parametrize("open_, close", [("[", "]"), ('{"a":', "}")])
def test_SR32_twenty_levels_and_no_more(open_: str, close: str) -> None:
    def nested(depth: int) -> str:
        return '{"x":' + open_ * (depth - 1) + "1" + close * (depth - 1) + "}"

    assert frames.parse(nested(20))
    for depth in (21, 100_000):
        with pytest.raises(Malformed):
            frames.parse(nested(depth))


def test_SR06_an_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        frames.read({"type": "message", "body": "x", "author": "me"}, {"body": frames.body(10)})
    assert set(refused.value.fields["errors"]) == {"author"}


def test_SR64_the_name_of_an_unknown_field_can_be_sent_back() -> None:
    with pytest.raises(Invalid) as refused:
        frames.read(json.loads('{"\\ud800\\u0000' + "x" * 100 + '": 1}'), {})
    [name] = refused.value.fields["errors"]
    assert name.encode() and len(name) == 40


def test_every_wrong_field_has_its_sentence() -> None:
    with pytest.raises(Invalid) as refused:
        frames.read({"body": "", "client_id": "x"}, {"body": frames.body(10), "client_id": frames.uuid})
    assert set(refused.value.fields["errors"]) == {"body", "client_id"}
    assert all(sentences and sentences[0] for sentences in refused.value.fields["errors"].values())


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("  hello \n\n", "hello"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("e\u0301", "é"),
        ("a\x00b\x07c\x9f", "abc"),
        ("\ud83d", None),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("น้ำ ก่อน", "น้ำ ก่อน"),
        ("\u202eabc", "\u202eabc"),
    ],
)
def test_SR64_a_body_passes_the_gate(sent: str, stored: str | None) -> None:
    if stored is None:
        with pytest.raises(Invalid):
            frames.body(100)(sent)
    else:
        assert frames.body(100)(sent) == stored


@pytest.mark.parametrize("value", [None, 1, [], {}, True, "", " ", "\u2028", "\u200b\u200d", "\u3164\u2800\u202e"])
def test_a_body_is_a_text(value: Any) -> None:
    with pytest.raises(Invalid):
        frames.body(100)(value)


def test_a_body_is_as_long_as_the_limit_and_no_longer() -> None:
    assert len(frames.body(5)("ก" * 5)) == 5
    assert len(frames.body(5)("ก" * 5 + " \n")) == 5
    for text in ("x" * 6, "x" * 21):
        with pytest.raises(TooLong):
            frames.body(5)(text)


@pytest.mark.parametrize(("value", "number"), [(0, 0), (7, 7), ("7", 7), ("0000000012", 12), (2**31 - 1, 2**31 - 1)])
def test_numbers(value: Any, number: int) -> None:
    assert frames.number(value) == number


@pytest.mark.parametrize("value", [-1, 2**31, 1.0, True, None, "", "-1", "1e3", "٣", "9" * 30, "0" * 11 + "1", [], {}])
def test_no_numbers(value: Any) -> None:
    with pytest.raises(Invalid):
        frames.number(value)


@pytest.mark.parametrize("value", [False, None, 0, "", "false", "0", "off"])
def test_no_is_no_in_every_spelling(value: Any) -> None:
    """0 equals False in Python: a reply must not become a note by it, nor the other way round."""
    assert frames.flag(value) is False


@pytest.mark.parametrize("value", [True, 1, "true", "1", "on"])
def test_yes_is_yes(value: Any) -> None:
    assert frames.flag(value) is True


@pytest.mark.parametrize("value", ["yes", 2, [], {}, "None"])
def test_what_is_neither(value: Any) -> None:
    with pytest.raises(Invalid):
        frames.flag(value)


@pytest.mark.parametrize("value", [None, 7, "", "x", [NAME], {"a": 1}, NAME + "0", "\x00" * 36])
def test_ids(value: Any) -> None:
    assert frames.uuid(NAME) == UUID(NAME)
    with pytest.raises(Invalid):
        frames.uuid(value)


@pytest.mark.parametrize("value", [7, "x" * 201, "\ud800", "ก"])
def test_SR64_a_credential_is_plain_text(value: Any) -> None:
    """Broken text in it would break the hash."""
    with pytest.raises(Invalid):
        frames.credential(value)


def test_where_the_visitor_is_loses_what_it_should_not_have() -> None:
    page = frames.page({"url": "https://a.b/\x00" + "x" * 900, "title": "  a \u202e b\n", "cookie": "x"})
    assert len(page["url"]) == 500 and "\x00" not in page["url"]
    assert page == {**page, "title": "a b", "referrer": ""}
    assert frames.page("x") == frames.page(None) == {"url": "", "title": "", "referrer": ""}


@pytest.mark.parametrize(
    ("value", "language"), [("th", "th"), ("th-TH,en", "th"), ("de", "en"), (None, "en"), (7, "en")]
)
def test_a_language_we_have(value: Any, language: str) -> None:
    assert frames.language(value) == language
