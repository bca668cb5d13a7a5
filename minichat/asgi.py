"""The entrance: HTTP and sockets."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")
django.setup(set_prefix=False)  # loads the apps; what follows imports models

from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from minichat.lib.bodies import BodyLimit  # noqa: E402
from minichat.lib.lifecycle import lifespan  # noqa: E402
from minichat.lib.threads import Handler  # noqa: E402
from minichat.routing import sockets  # noqa: E402

application = ProtocolTypeRouter(
    {"http": BodyLimit(Handler(), settings.BODY_LIMIT), "websocket": sockets, "lifespan": lifespan}
)
