"""What our own staff may look at and change. Tenants' rows are read here; verbs change them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.models import User
from minichat.lib.text import clean_line
from workspaces import actions as verbs
from workspaces.models import AuditEntry, Entitlements, Membership, Plan, Workspace


class ReadOnlyAdmin(admin.ModelAdmin):
    """Neither added, changed nor deleted here: the actions of the room do that, with their checks and events."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class EntitlementsInline(ReadOnlyInline):
    model = Entitlements
    fields = ["plan", "visitor_messages", "seats", "inboxes"]
    verbose_name_plural = "entitlements"


class MembershipInline(ReadOnlyInline):
    model = Membership
    fields = ["user", "role", "deactivated_at", "last_used_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user")


class ReasonForm(ActionForm):
    """Beside the choice of what to do: the owners read why."""

    reason = forms.CharField(label="Reason (for suspending)", required=False, max_length=500)


@admin.register(Workspace)
class WorkspaceAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug", "status", "created_at"]
    list_filter = ["status"]
    search_fields = ["name", "slug"]
    inlines = [EntitlementsInline, MembershipInline]
    actions = ["suspend", "resume"]
    action_form = ReasonForm

    def has_suspend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("workspaces.change_workspace")  # type: ignore[union-attr]

    @admin.action(description="Suspend the selected workspaces", permissions=["suspend"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Workspace]) -> None:
        reason = clean_line(request.POST.get("reason", ""))[:500]
        if not reason:
            messages.error(request, "Say why: the owners read it.")
            return
        for workspace in queryset.exclude(status__in=Workspace.SHUT):
            verbs.suspend(workspace, reason=reason, staff=_staff(request))
            messages.success(request, f"{workspace} is suspended; its owners were told.")

    @admin.action(description="Lift the suspension of the selected workspaces", permissions=["suspend"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Workspace]) -> None:
        for workspace in queryset.exclude(suspended_at=None):
            verbs.resume(workspace, staff=_staff(request))
            messages.success(request, f"{workspace} works again; its owners were told.")


def _staff(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):
    """The price list: the one table here that staff edit."""

    list_display = ["name", "slug", "visitor_messages", "seats", "usd_month", "thb_month", "is_public"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "workspace", "actor_label", "target_type", "target_label"]
    list_select_related = ["workspace"]
    list_filter = ["action"]
    search_fields = ["actor_label", "target_label", "target_id"]
    date_hierarchy = "at"
    ordering = ["-at"]
