import uuid

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

from workspaces.tenancy import composite_keys, unique_with_workspace


class Migration(migrations.Migration):
    dependencies = [
        ("ai", "0005_assistant"),
        ("chat", "0035_assistant"),
        ("workspaces", "0008_setup"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("answered", "Answered"),
                            ("asked_back", "Asked Back"),
                            ("replied", "Replied"),
                            ("handed_off", "Handed Off"),
                            ("late", "Late"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=12)),
                ("confidence", models.FloatField(default=0.0)),
                ("hits", models.JSONField(blank=True, default=list)),
                ("made_by", models.JSONField(blank=True, default=dict)),
                ("is_gap", models.BooleanField(default=False)),
                ("was_helpful", models.BooleanField(blank=True, null=True)),
                (
                    "conversation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="chat.conversation"),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="chat.message",
                    ),
                ),
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ai_answer", to="chat.message"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "default_related_name": "ai_answers",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_gap", True)),
                        fields=["workspace", "-created_at", "-id"],
                        name="ai_gaps",
                    )
                ],
            },
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
        unique_with_workspace("chat_message"),
        *composite_keys(
            "ai_answer",
            {"conversation_id": "chat_conversation", "question_id": "chat_message", "message_id": "chat_message"},
        ),
    ]
