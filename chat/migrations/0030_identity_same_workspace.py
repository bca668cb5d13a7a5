from django.db import migrations

from workspaces.tenancy import composite_keys, unique_with_workspace

CHILDREN = {
    "chat_identitykey": {"inbox_id": "chat_inbox"},
    "chat_credential": {"visitor_id": "chat_visitor", "key_id": "chat_identitykey"},
    "chat_usedtoken": {"inbox_id": "chat_inbox"},
    "chat_visitorevent": {"visitor_id": "chat_visitor"},
}


class Migration(migrations.Migration):
    dependencies = [("chat", "0029_credentials_alone")]
    operations = [
        unique_with_workspace("chat_identitykey"),
        *[operation for table, links in CHILDREN.items() for operation in composite_keys(table, links)],
    ]
