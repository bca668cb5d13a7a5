from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from chat import counts, delivered, receivers  # noqa: F401
        from chat.hub import hub
        from chat.steps import STEPS
        from minichat.lib import lifecycle
        from workspaces import setup

        setup.register(*STEPS)
        hub.heard = [counts.touch, delivered.marks.heard]
        lifecycle.on_start.append(hub.astart)
        lifecycle.on_stop.append(hub.astop)
