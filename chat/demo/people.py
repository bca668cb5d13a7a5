"""The cast: two workspaces, the people in them, and one of our own staff. All share one password."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User
from workspaces.actions import add_member, create_workspace, invite
from workspaces.models import Workspace
from workspaces.roles import Role

NAMES = {
    "ana": "Ana Reyes",
    "omar": "Omar Haddad",
    "vera": "Vera Lind",
    "adam": "Adam Novak",
    "gil": "Gil Tan",
    "staff": "Stella Park",
}
ACME_TEAM = {"adam": Role.ADMIN, "omar": Role.OPERATOR, "vera": Role.VIEWER}
SEEN_AGO = {"adam": timedelta(hours=3), "omar": timedelta(minutes=12), "vera": timedelta(days=6)}
# Older than the oldest talk, so that no message was counted before its workspace was born.
BORN_BEFORE = timedelta(days=96)


def acme(password: str) -> Workspace:
    workspace = _workspace(person("ana@acme.test", password), "Acme", "business")
    for key, role in ACME_TEAM.items():
        user = person(f"{key}@acme.test", password)
        if not workspace.memberships.filter(user=user).exists():
            add_member(workspace, user=user, role=role)
    owner = workspace.memberships.get(user__email="ana@acme.test")
    if not workspace.invitations.exists():
        invite(workspace, addresses=["mai@acme.test"], role=Role.OPERATOR, by=owner)
    for key, ago in SEEN_AGO.items():
        workspace.memberships.filter(user__email=f"{key}@acme.test", last_seen_at=None).update(
            last_seen_at=timezone.now() - ago
        )
    return workspace


def globex(password: str) -> Workspace:
    return _workspace(person("gil@globex.test", password), "Globex", "free")


def staff(password: str) -> User:
    user = person("staff@minichat.test", password)
    if not (user.is_staff and user.is_superuser):
        user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_staff", "is_superuser"])
    return user


def person(email: str, password: str) -> User:
    """The person of this address, able to sign in with this password, whatever an earlier run has left."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, password, name=NAMES[email.partition("@")[0]])
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def _workspace(owner: User, name: str, plan: str) -> Workspace:
    slug = name.lower()
    workspace = Workspace.objects.filter(slug=slug).first()
    if workspace is None:
        workspace = create_workspace(owner, name=name, slug=slug, locale="en", plan=plan)
        workspace.created_at = timezone.now() - BORN_BEFORE
        workspace.save(update_fields=["created_at"])
    return workspace
