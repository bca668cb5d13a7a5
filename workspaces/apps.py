from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "workspaces"

    def ready(self) -> None:
        from workspaces import finders, finding, receivers  # noqa: F401

        finding.finders += [finders.pages, finders.other_workspaces, finders.team]
