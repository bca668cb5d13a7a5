from __future__ import annotations

import pytest
from django.template.loader import render_to_string

pytestmark = pytest.mark.pure


def start_page(**context: bool) -> str:
    return render_to_string("pages/start.html", context)


def test_it_offers_a_new_account_only_where_one_can_be_made() -> None:
    assert "/accounts/signup/" in start_page(SIGNUPS_OPEN=True)
    assert "/accounts/signup/" not in start_page(SIGNUPS_OPEN=False)


def test_the_demo_is_named_only_where_there_is_one() -> None:
    assert "omar@acme.test" in start_page(DEMO=True)
    assert "omar@acme.test" not in start_page(DEMO=False)
