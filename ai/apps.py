from celery.signals import worker_init
from django.apps import AppConfig


class AiConfig(AppConfig):
    name = "ai"

    def ready(self) -> None:
        from ai import (  # noqa: F401
            demo,
            notices,  # noqa: F401
            receivers,
            warming,
        )
        from ai.config import AssistantSettings
        from chat.demo import further
        from workspaces import config

        config.sections.append(AssistantSettings())
        further.append(demo.teach)
        worker_init.connect(warming.in_worker, dispatch_uid="ai.warming")
