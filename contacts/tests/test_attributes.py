"""What a website may tell about a person, and in which shape (SR-64)."""

from __future__ import annotations

from typing import Any

import pytest

from contacts.attributes import clean_attributes, clean_traits, merged
from minichat.lib.errors import Invalid

pytestmark = pytest.mark.pure


def test_everything_becomes_text() -> None:
    said = {"plan": "pro", "seats": 3, "vat": 7.5, "vip": True, "new": False, "gone": None, "ระดับ": "ทอง\u0000\n"}
    assert clean_attributes(said) == {
        "plan": "pro", "seats": "3", "vat": "7.5", "vip": "true", "new": "false", "gone": "", "ระดับ": "ทอง"
    }  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "plan=pro",
        {"plan": {"name": "pro"}},
        {"plan": ["pro"]},
        {"plan": "x" * 501},
        {"plan": float("nan")},
        {"plan": float("inf")},
        {"plan": 10**20},
        {"": "x"},
        {"x" * 41: "x"},
        {"__proto__": "x"},
        {"a\nb<": "x"},
        {"<b>": "x"},
        {7: "x"},
        {f"k{n}": n for n in range(51)},
    ],
)
def test_SR64_nothing_deep_long_or_many(said: Any) -> None:
    with pytest.raises(Invalid):
        clean_attributes(said)


def test_traits_have_their_columns_and_the_rest_is_attributes() -> None:
    traits, rest = clean_traits({"name": " Nok  Noi ", "email": "nok@example.com", "plan": "pro", "phone": 66812345678})
    assert traits == {"name": "Nok Noi", "email": "nok@example.com", "phone": "66812345678"} and rest == {"plan": "pro"}
    with pytest.raises(Invalid):
        clean_traits({"email": "not an address"})


def test_a_contact_has_so_many_attributes_and_no_more() -> None:
    full = {f"k{n}": "x" for n in range(50)}
    with pytest.raises(Invalid):
        merged(full, {"one": "more"})
    assert len(merged(full, {"k0": "", "one": "more"})) == 50
