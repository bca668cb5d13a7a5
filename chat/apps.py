from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from chat import bell, counts, delivered, finders, receivers  # noqa: F401
        from chat.config import Inboxes
        from chat.hub import hub
        from chat.steps import STEPS
        from minichat.lib import lifecycle
        from workspaces import config, setup
        from workspaces.finding import finders as palette

        setup.register(*STEPS)
        palette += [finders.people, finders.conversations]
        config.sections.append(Inboxes())
        hub.heard = [counts.touch, bell.touch, delivered.marks.heard]
        lifecycle.on_start.append(hub.astart)
        lifecycle.on_stop.append(hub.astop)
