from django.db import migrations

from workspaces.tenancy import composite_keys

CHILDREN = ["notifications_notification", "notifications_notificationsettings"]


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_notification_centre"), ("workspaces", "0003_same_workspace")]
    operations = [
        operation for table in CHILDREN for operation in composite_keys(table, {"membership_id": "workspaces_membership"})
    ]
