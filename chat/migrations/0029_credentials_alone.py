from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("chat", "0028_keep_credentials")]
    operations = [migrations.RemoveField(model_name="visitor", name="token_hash")]
