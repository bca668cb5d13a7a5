from __future__ import annotations

from allauth.mfa.models import Authenticator

from accounts import emails
from accounts.models import User
from accounts.shelf import AVATARS
from minichat.lib.files import Picture
from minichat.lib.transactions import action


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
def remove_second_step(user: User) -> int:
    """How many factors went. For whoever lost all of them and asked the person who runs this server."""
    count, _ = Authenticator.objects.filter(user=user).delete()
    if count:
        emails.send("second-step-removed", user)
    return count
