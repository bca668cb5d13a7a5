import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")

app = Celery("minichat")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
