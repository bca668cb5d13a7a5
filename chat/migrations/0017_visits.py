from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0016_drafts")]
    operations = [
        migrations.AddField("visitor", "arrived_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("visitor", "left_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("visitor", "timezone", models.CharField(blank=True, max_length=64)),
        migrations.AddIndex(
            "visitor", models.Index(fields=["workspace", "-arrived_at", "-id"], name="visitors_by_arrival")
        ),
    ]
