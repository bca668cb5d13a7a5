from django.apps import AppConfig


class LibConfig(AppConfig):
    """The toolbox: template tags and helpers that know no word of our domain."""

    name = "minichat.lib"
    label = "lib"

    def ready(self) -> None:
        from minichat.lib.files import folders

        folders.prepare()
