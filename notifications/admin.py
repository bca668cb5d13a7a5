from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from notifications import outbox
from notifications.models import OutgoingEmail


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(admin.ModelAdmin):
    """The dead letters above all. Texts stay hidden: they hold codes and links."""

    list_display = ("subject_kind", "status", "attempts", "created_at", "sent_at", "last_error")
    list_filter = ("status",)
    fields = ("status", "attempts", "created_at", "next_attempt_at", "sent_at", "last_error")
    readonly_fields = fields
    actions = ("send_again",)

    @admin.display(description=_("mail"))
    def subject_kind(self, mail: OutgoingEmail) -> str:
        return str(mail.pk)

    @admin.action(description=_("Send again"))
    def send_again(self, request: HttpRequest, mails: QuerySet[OutgoingEmail]) -> None:
        for mail in mails:
            outbox.send_again(mail)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OutgoingEmail | None = None) -> bool:
        return False
