import uuid

import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from workspaces.tenancy import composite_keys


class Migration(migrations.Migration):
    dependencies = [
        ("ai", "0006_answers"),
        ("chat", "0035_assistant"),
        ("workspaces", "0008_setup"),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="judged_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="answer",
            name="judged_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="workspaces.membership",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="was_gap",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                condition=models.Q(("judged_at__isnull", False)),
                fields=["workspace", "-judged_at"],
                name="ai_judged",
            ),
        ),
        migrations.AddField(
            model_name="assistant",
            name="labels_conversations",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Sorting",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ai_sorting", to="chat.conversation"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={"default_related_name": "ai_sortings"},
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
        *composite_keys("ai_sorting", {"conversation_id": "chat_conversation"}),
        *composite_keys("ai_answer", {"judged_by_id": "workspaces_membership"}),
    ]
