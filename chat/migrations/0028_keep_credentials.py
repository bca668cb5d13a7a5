from django.db import migrations


def keep(apps, schema_editor):
    """Each visitor's one credential becomes a row of its own: they all come back as who they are."""
    visitors = apps.get_model("chat", "Visitor")._base_manager
    credentials = apps.get_model("chat", "Credential")
    rows = visitors.values_list("pk", "workspace_id", "token_hash").iterator(chunk_size=1000)
    batch = []
    for visitor, workspace, token_hash in rows:
        batch.append(credentials(visitor_id=visitor, workspace_id=workspace, token_hash=token_hash))
        if len(batch) == 1000:
            credentials._base_manager.bulk_create(batch)
            batch = []
    credentials._base_manager.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("chat", "0027_identity")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
