from __future__ import annotations

import pytest

from minichat.lib.keyboards import other_layout

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(("typed", "meant"), [("ะำฟท", "team"), ("mu,", "ทีม"), ("้ำสสน", "hello"), ("l;ylfu", "สวัสดี")])
def test_what_the_same_keys_type_in_the_other_layout(typed: str, meant: str) -> None:
    assert other_layout(typed) == meant


@pytest.mark.parametrize("typed", ["", "42", "#12", "日本"])
def test_nothing_to_change(typed: str) -> None:
    assert other_layout(typed) == ""
