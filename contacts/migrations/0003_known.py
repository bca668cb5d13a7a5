from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_same_workspace")]
    operations = [
        migrations.AddField("contact", "external_id", models.CharField(blank=True, max_length=200, null=True)),
        migrations.AddField("contact", "verified_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("contact", "attributes", models.JSONField(blank=True, default=dict)),
        migrations.AddField("contact", "folded", models.TextField(blank=True, default="", editable=False)),
        migrations.AddIndex(
            "contact", models.Index(fields=["workspace", "-last_seen_at", "-id"], name="contact_last_seen")
        ),
        migrations.AddConstraint(
            "contact", models.UniqueConstraint(fields=("workspace", "external_id"), name="one_contact_per_external_id")
        ),
    ]
