"""The entrance: HTTP and sockets."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")
_django = get_asgi_application()  # loads the apps; what follows imports models

from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from minichat.lib.bodies import BodyLimit  # noqa: E402
from minichat.routing import sockets  # noqa: E402

application = ProtocolTypeRouter({"http": BodyLimit(_django, settings.BODY_LIMIT), "websocket": sockets})
