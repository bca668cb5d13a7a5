from django.apps import AppConfig


class LibConfig(AppConfig):
    """The toolbox: template tags and helpers that know no word of our domain."""

    name = "minichat.lib"
    label = "lib"
