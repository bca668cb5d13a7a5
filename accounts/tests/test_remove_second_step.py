"""Help for whoever has lost the phone and the codes."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from accounts.tests.steps import is_signed_in, set_up_app, sign_in


def test_the_password_alone_leads_in_again_and_the_owner_is_told(
    ana_client: Client, ana: User, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    set_up_app(ana_client)
    call_command("remove_second_step", "Ana@Acme.test")
    assert not Authenticator.objects.filter(user=ana).exists()
    assert [mail.to for mail in mailoutbox] == [[ana.email]]
    sign_in(client, ana.email)
    assert is_signed_in(client)


@pytest.mark.parametrize("email", ["ana@acme.test", "nobody@acme.test"])
def test_where_there_is_nothing_to_remove_it_says_so(ana: User, email: str, mailoutbox: list[EmailMessage]) -> None:
    with pytest.raises(CommandError):
        call_command("remove_second_step", email)
    assert not mailoutbox
