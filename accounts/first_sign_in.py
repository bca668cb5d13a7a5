"""How the first people get in before mail works: the link that a reset mail would have carried."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.validators import validate_email
from django.urls import reverse

from accounts.addresses import normalise
from accounts.models import User


def person(email: str, **fields: bool) -> User:
    """The person of this address, made when there is none. Whoever runs a command on the server vouches for it.

    Raises ValidationError when this is no address.
    """
    address = normalise(email)
    validate_email(address)
    user = User.objects.filter(email=address).first() or User.objects.create_user(address)
    for name, value in fields.items():
        setattr(user, name, value)
    user.save()
    EmailAddress.objects.update_or_create(user=user, email=address, defaults={"verified": True, "primary": True})
    return user


def one_time_url(user: User) -> str:
    """Leads to a page that sets a password. Choosing one, or an hour, ends it; the token is signed, not stored."""
    token = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token})
    return f"{settings.BASE_URL}{path}"
