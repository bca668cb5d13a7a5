"""Sign-ups whose address was never proven: whoever typed an address first gains nothing by it (SR-13)."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from accounts.models import PasswordHistory, User

# What every sign-up leaves behind, proven or not.
ITS_OWN = {EmailAddress, PasswordHistory, SocialAccount}


def at(address: str, *, besides: User | None = None) -> User | None:
    """The account of `address` if it is nothing but a sign-up that nobody has finished."""
    user = User.objects.filter(email=address).first()
    return user if user is not None and user != besides and is_unproven(user) else None


def is_unproven(user: User) -> bool:
    """Never let in, no proven address, and nothing in the house belongs to it."""
    if user.last_login is not None or user.is_staff or user.is_superuser:
        return False
    addresses = EmailAddress.objects.filter(user=user)
    return addresses.exists() and not addresses.filter(verified=True).exists() and not _owns_anything(user)


def forget(user: User) -> None:
    """Away with its password, its name and every page that still waits for its code."""
    user.delete()


def wipe(user: User) -> None:
    """The owner has come while somebody's sign-up waits: nothing of whoever typed the address stays (SR-13)."""
    user.name = ""
    user.set_unusable_password()
    user.save(update_fields=["name", "password"])
    PasswordHistory.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()


def _owns_anything(user: User) -> bool:
    """Rows of other rooms that point here: asked of the models, because this room knows none of them."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: user}).exists()
        for relation in User._meta.related_objects
        if relation.related_model not in ITS_OWN
    )
