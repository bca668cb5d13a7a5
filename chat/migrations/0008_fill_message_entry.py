"""Makes what was written before findable. What an older process writes while this runs: `manage.py index_messages`."""

from django.db import migrations

from chat import entries


def fill(apps, schema_editor):
    entries.fill(apps.get_model("chat", "Message"), apps.get_model("chat", "MessageEntry"), None)


class Migration(migrations.Migration):
    # Each batch is a transaction of its own.
    atomic = False
    dependencies = [("chat", "0007_message_entry")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
