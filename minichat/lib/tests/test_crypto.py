from __future__ import annotations

from typing import Any

import pytest

from minichat.lib.crypto import Unreadable, decrypt, encrypt


@pytest.mark.parametrize("text", ["JBSWY3DPEHPK3PXP", "", "ความลับ 🔑", "x" * 10_000])
def test_what_was_encrypted_can_be_read_again(text: str) -> None:
    kept = encrypt(text, purpose="test")
    assert text == "" or text not in kept
    assert kept != encrypt(text, purpose="test")
    assert decrypt(kept, purpose="test") == text


def test_SR16_another_purpose_reads_nothing() -> None:
    with pytest.raises(Unreadable):
        decrypt(encrypt("secret", purpose="one"), purpose="two")


def test_what_was_changed_is_unreadable() -> None:
    kept = encrypt("secret", purpose="test")
    for broken in (kept[:-4], kept[:20] + "AAAA" + kept[24:], "", "no token"):
        with pytest.raises(Unreadable):
            decrypt(broken, purpose="test")


def test_a_new_secret_key_still_reads_what_the_old_one_wrote(settings: Any) -> None:
    kept = encrypt("secret", purpose="test")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-0123456789-abcdefghijklmnopqrstuv"
    with pytest.raises(Unreadable):
        decrypt(kept, purpose="test")
    settings.SECRET_KEY_FALLBACKS = [old]
    assert decrypt(kept, purpose="test") == "secret"
