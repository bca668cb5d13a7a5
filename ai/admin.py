"""What models cost and whose plan includes them: the tables of this room that staff edit."""

from django.contrib import admin

from ai.models import ModelOffer, PlanAllowance


@admin.register(ModelOffer)
class ModelOfferAdmin(admin.ModelAdmin):
    list_display = ["name", "provider", "model", "price_in", "price_out", "price_cached", "valid_from", "is_offered"]
    list_filter = ["provider", "is_offered"]
    search_fields = ["name", "model"]
    ordering = ["provider", "model", "-valid_from"]


@admin.register(PlanAllowance)
class PlanAllowanceAdmin(admin.ModelAdmin):
    list_display = ["plan", "microusd"]
