"""One form of an address (SR-20)."""

from __future__ import annotations

import pytest

from accounts.addresses import normalise

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ana@acme.test", "ana@acme.test"),
        ("  ANA@Acme.Test ", "ana@acme.test"),
        ("\uff41na@acme.test", "ana@acme.test"),
        ("ana@b\u00fccher.test", "ana@xn--bcher-kva.test"),
        ("ana@B\u00dcCHER.test", "ana@xn--bcher-kva.test"),
        ("ana@XN--BCHER-KVA.test", "ana@xn--bcher-kva.test"),
        ("mia@stra\u00dfe.test", "mia@strasse.test"),
        ("ana+chat@acme.test", "ana+chat@acme.test"),
        ("สมชาย@ไทย.test", "สมชาย@xn--o3cw4h.test"),
    ],
)
def test_SR20_spellings_of_an_address_are_one(typed: str, stored: str) -> None:
    assert normalise(typed) == stored


@pytest.mark.parametrize(
    "odd", ["", "@", "ana", "ana@", "@acme.test", "a@b@c", "ana@..", f"ana@{'x' * 300}", "\ud800@x"]
)
def test_what_is_no_address_is_left_for_the_form_to_refuse(odd: str) -> None:
    assert normalise(normalise(odd)) == normalise(odd)
