import uuid

import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from workspaces.tenancy import composite_keys


class Migration(migrations.Migration):
    dependencies = [("chat", "0017_visits"), ("workspaces", "0008_setup")]
    operations = [
        migrations.CreateModel(
            name="PageView",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("url", models.CharField(max_length=500)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("visitor", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="chat.visitor")),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "default_related_name": "page_views",
                "indexes": [models.Index(fields=["visitor", "-at", "-id"], name="pages_of_visitor")],
            },
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
        *composite_keys("chat_pageview", {"visitor_id": "chat_visitor"}),
    ]
