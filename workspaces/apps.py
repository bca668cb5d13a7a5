from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "workspaces"

    def ready(self) -> None:
        from workspaces import finders, finding, receivers, setup, steps  # noqa: F401

        setup.register(steps.NAME)
        finding.finders += [finders.pages, finders.other_workspaces, finders.team]
