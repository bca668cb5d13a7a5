"""Messages are found by the names of their files. What an older process writes meanwhile: `manage.py index_messages`."""

from django.db import migrations

from chat import entries


def fill(apps, schema_editor):
    entries.fill_anew(*[apps.get_model("chat", name) for name in ("Message", "MessageEntry", "Attachment")])


class Migration(migrations.Migration):
    # Each batch is a transaction of its own.
    atomic = False
    dependencies = [("chat", "0033_cards")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
