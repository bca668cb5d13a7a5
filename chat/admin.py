"""Staff see how an inbox is set up, never what is said in it."""

from django.contrib import admin

from chat.models import Inbox
from workspaces.admin import ReadOnlyAdmin


@admin.register(Inbox)
class InboxAdmin(ReadOnlyAdmin):
    list_display = ["name", "workspace", "widget_key", "created_at", "closed_at"]
    list_select_related = ["workspace"]
    search_fields = ["name", "workspace__name", "widget_key"]
    fields = ["name", "workspace", "widget_key", "allowed_origins", "retention_days", "created_at", "closed_at"]
