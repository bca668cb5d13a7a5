from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "workspaces"

    def ready(self) -> None:
        from workspaces import config, finders, finding, receivers, setup, steps  # noqa: F401
        from workspaces.config.general import General

        setup.register(steps.NAME)
        finding.finders += [finders.pages, finders.other_workspaces, finders.team]
        config.sections.append(General())
