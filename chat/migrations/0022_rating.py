from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0021_triggers")]
    operations = [
        migrations.AddField(
            model_name="conversation",
            name="rating",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="rating_comment",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="conversation",
            name="rated_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
