from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from minichat.lib.emails import make_message
from workspaces.models import Workspace


def send_welcome(user: User, workspace: Workspace) -> None:
    """After the address is proven: where the new workspace is and what comes next."""
    url = settings.BASE_URL + reverse("widget-settings", args=[workspace.slug])
    with translation.override(user.locale or workspace.locale):
        make_message("welcome", user.email, {"user": user, "workspace": workspace, "url": url}).send()
