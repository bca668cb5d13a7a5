from __future__ import annotations

import uuid

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts import emails, exports, holders, nobody
from accounts.models import DataExport, User
from accounts.shelf import AVATARS
from accounts.signals import account_changed
from minichat.lib.errors import Conflict
from minichat.lib.files import Picture, link_to
from minichat.lib.transactions import action


def ways_in(user: User) -> int:
    """How many there are besides the code by mail, which is nobody's only one: mail may be late, or gone."""
    identities = SocialAccount.objects.filter(user=user).count()
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()
    return identities + int(passkeys) + int(user.has_usable_password())


class LastWayIn(Conflict):
    code = "last_way_in"
    message = _("This is your last way to sign in. Choose a password first.")


@action
def update_profile(user: User, *, name: str, locale: str, theme: str, timezone: str) -> User:
    user.name, user.locale, user.theme, user.timezone = name, locale, theme, timezone
    user.save(update_fields=["name", "locale", "theme", "timezone"])
    return user


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
        account_changed.send(User, user=user, what="factors_removed")
        emails.send("second-step-removed", user)
    return count


# --- One's data -------------------------------------------------------------------------------------------------------


@action
def ask_for_export(user: User) -> DataExport:
    """One at a time: whoever asks again while one is being built, or lies ready, is shown that one."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    export = next((one for one in DataExport.objects.filter(user=user) if one.ready_at is None or one.can_be_had), None)
    if export is None:
        pk = uuid.uuid4()
        export = DataExport.objects.create(pk=pk, user=user, path=f"exports/{pk.hex[:2]}/{pk.hex}.json")
        account_changed.send(User, user=user, what="export_asked_for")
    return export


def build_export(pk: str) -> DataExport | None:
    """Its owner is told by mail. Whoever was switched off or left in the meantime gets nothing (SR-09)."""
    export = exports.claim(pk)
    if export is None:
        return None
    if not export.user.is_active:
        exports.drop(export)
        return None
    _tell(exports.build(export))
    return export


@action
def _tell(export: DataExport) -> None:
    emails.send("data-export", export.user, url=settings.BASE_URL + reverse("account_data"))


@action
def hand_out_export(export: DataExport) -> str:
    """An address for five minutes; that it was handed out is written down."""
    account_changed.send(User, user=export.user, what="export_handed_out")
    name = f"minichat-{export.created_at:%Y-%m-%d}.json"
    return link_to(export.path, name=name, content_type="application/json")


@action
def close_account(user: User) -> User:
    """At once and for good. Every way in ends with it: session, socket, factor, link, and the address is free again.

    Under the lock of the row, and each workspace looks at its owners under its own: of two owners who leave at the
    same moment one stays.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    reasons = holders.objections(user)
    if reasons:
        raise Conflict(" ".join(reasons))
    address, former = user.email, user.display_name
    account_changed.send(User, user=user, what="closed")
    holders.forget(user)
    user.email, user.name, user.avatar, user.timezone, user.theme = nobody.address(), "", "", "", ""
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login, user.closed_at = None, now()
    user.save()
    emails.send("account-closed", user, to=address, name=former)
    user.locale = ""
    user.save(update_fields=["locale"])
    return user
