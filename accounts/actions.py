from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext_lazy as _

from accounts import emails
from accounts.models import User
from accounts.shelf import AVATARS
from minichat.lib.errors import Conflict
from minichat.lib.files import Picture
from minichat.lib.transactions import action


def ways_in(user: User) -> int:
    """How many there are besides the code by mail, which is nobody's only one: mail may be late, or gone."""
    identities = SocialAccount.objects.filter(user=user).count()
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()
    return identities + int(passkeys) + int(user.has_usable_password())


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
    account = SocialAccount.objects.filter(user=user, provider=provider).first()
    if account is None:
        return None
    if ways_in(user) == 1:
        raise LastWayIn
    account.delete()
    return account


@action
def remove_second_step(user: User) -> int:
    """How many factors went. For whoever lost all of them and asked the person who runs this server."""
    count, _by_model = Authenticator.objects.filter(user=user).delete()
    if count:
        emails.send("second-step-removed", user)
    return count
