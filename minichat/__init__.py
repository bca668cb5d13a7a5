"""The wiring of the house. Importing it loads the Celery app and no room."""

from minichat.celery import app as celery_app

__all__ = ["celery_app"]
