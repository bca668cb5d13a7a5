from django.db import migrations

from workspaces.tenancy import unique_with_workspace


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0002_plans")]
    operations = [unique_with_workspace("workspaces_membership")]
