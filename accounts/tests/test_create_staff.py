from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_staff_are_made_or_promoted() -> None:
    User.objects.create_user("known@minichat.test", "a password of theirs", name="Known")
    for email in ["new@minichat.test", "Known@minichat.test"]:
        out = StringIO()
        call_command("create_staff", email, stdout=out)
        assert "/accounts/password/reset/" in out.getvalue()
        assert User.objects.get(email=email.lower()).is_staff
    assert User.objects.count() == 2
    assert User.objects.get(email="known@minichat.test").check_password("a password of theirs")


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("create_staff", "@nowhere")
    assert not User.objects.exists()
