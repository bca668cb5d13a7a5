import django.db.models.deletion
from django.db import migrations, models

from workspaces.tenancy import composite_keys


class Migration(migrations.Migration):
    dependencies = [("ai", "0007_feedback")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="version",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to="ai.assistantversion"
            ),
        ),
        migrations.AddField(
            model_name="assistant",
            name="trial",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="ai.assistantversion",
            ),
        ),
        migrations.AddField(
            model_name="assistant", name="trial_share", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="assistant", name="trial_began_at", field=models.DateTimeField(blank=True, null=True)
        ),
        *composite_keys("ai_answer", {"version_id": "ai_assistantversion"}),
        *composite_keys("ai_assistant", {"trial_id": "ai_assistantversion"}),
    ]
