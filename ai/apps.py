from django.apps import AppConfig


class AiConfig(AppConfig):
    name = "ai"

    def ready(self) -> None:
        from ai import (  # noqa: F401
            demo,
            notices,  # noqa: F401
            receivers,
        )
        from ai.config import AssistantSettings
        from chat.demo import further
        from workspaces import config

        config.sections.append(AssistantSettings())
        further.append(demo.teach)
