import uuid

import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from workspaces.tenancy import composite_keys


class Migration(migrations.Migration):
    dependencies = [("chat", "0015_mentions"), ("workspaces", "0008_setup")]
    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("note", models.BooleanField(default=False)),
                ("body", models.TextField(blank=True)),
                ("mentions", models.JSONField(blank=True, default=list)),
                ("counter", models.PositiveBigIntegerField(default=0)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "conversation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="chat.conversation"),
                ),
                (
                    "membership",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.membership"),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "default_related_name": "drafts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("conversation", "membership", "note"), name="one_draft_per_member_and_kind"
                    )
                ],
            },
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
        *composite_keys(
            "chat_draft", {"conversation_id": "chat_conversation", "membership_id": "workspaces_membership"}
        ),
    ]
