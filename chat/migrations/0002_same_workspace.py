from django.db import migrations

from workspaces.tenancy import composite_keys, unique_with_workspace

PARENTS = ["chat_inbox", "chat_visitor", "chat_conversation"]
CHILDREN = {
    "chat_visitor": {"inbox_id": "chat_inbox", "contact_id": "contacts_contact"},
    "chat_refusedorigin": {"inbox_id": "chat_inbox"},
    "chat_conversation": {
        "inbox_id": "chat_inbox",
        "contact_id": "contacts_contact",
        "visitor_id": "chat_visitor",
        "assignee_id": "workspaces_membership",
    },
    "chat_message": {"conversation_id": "chat_conversation", "author_id": "workspaces_membership"},
    "chat_conversationread": {"conversation_id": "chat_conversation", "membership_id": "workspaces_membership"},
    "chat_presence": {"membership_id": "workspaces_membership"},
}


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0001_initial"),
        ("contacts", "0002_same_workspace"),
        ("workspaces", "0003_same_workspace"),
    ]
    operations = [
        *[unique_with_workspace(table) for table in PARENTS],
        *[operation for table, links in CHILDREN.items() for operation in composite_keys(table, links)],
    ]
