from django.db import migrations

from workspaces.tenancy import unique_with_workspace


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]
    operations = [unique_with_workspace("contacts_contact")]
