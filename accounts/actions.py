from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.shelf import AVATARS
from minichat.lib.errors import Conflict
from minichat.lib.files import Picture
from minichat.lib.transactions import action


class LastWayIn(Conflict):
    code = "last_way_in"
    message = _("This is your last way to sign in. Choose a password first.")


def set_avatar(user: User, *, picture: Picture) -> User:
    """The files are written before the row is locked: a slow disk or bucket holds up nobody."""
    return _swap_avatar(user, AVATARS.put(picture))


def remove_avatar(user: User) -> User:
    return _swap_avatar(user, "")


@action
def _swap_avatar(user: User, key: str) -> User:
    """Under the row's lock, so that of two photos at once the earlier one's files go."""
    AVATARS.drop(User.objects.select_for_update(no_key=True).get(pk=user.pk).avatar)
    user.avatar = key
    user.save(update_fields=["avatar"])
    return user


@action
def disconnect(user: User, *, provider: str) -> SocialAccount | None:
    """Under the person's lock: two disconnected at once must not be the last two."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    connected = list(SocialAccount.objects.filter(user=user))
    account = next((one for one in connected if one.provider == provider), None)
    if account is None:
        return None
    if len(connected) == 1 and not user.has_usable_password():
        raise LastWayIn
    account.delete()
    return account
