from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "contacts"

    def ready(self) -> None:
        from contacts import finders, notices, receivers  # noqa: F401
        from workspaces.finding import finders as palette

        palette.append(finders.leads)
