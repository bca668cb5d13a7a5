from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "workspaces"

    def ready(self) -> None:
        from accounts import names
        from workspaces import config, finders, finding, imitation, receivers, setup, steps  # noqa: F401
        from workspaces.config.general import General

        names.checks.append(imitation.check)
        setup.register(steps.NAME)
        finding.finders += [finders.pages, finders.other_workspaces, finders.team]
        config.sections.append(General())
