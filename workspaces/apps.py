from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "workspaces"

    def ready(self) -> None:
        from workspaces import receivers, setup, steps  # noqa: F401

        setup.register(steps.NAME)
