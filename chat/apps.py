from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from chat import bell, counts, delivered, receivers  # noqa: F401
        from chat.hub import hub
        from minichat.lib import lifecycle

        hub.heard = [counts.touch, bell.touch, delivered.marks.heard]
        lifecycle.on_start.append(hub.astart)
        lifecycle.on_stop.append(hub.astop)
