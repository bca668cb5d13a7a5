"""The wiring of the house. Importing it loads the Celery app and the system checks, and no room."""

from minichat import checks
from minichat.celery import app as celery_app

__all__ = ["celery_app", "checks"]
