from django.db import migrations

from workspaces.tenancy import composite_keys


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0006_lifecycle")]
    operations = composite_keys("workspaces_pintries", {"membership_id": "workspaces_membership"})
