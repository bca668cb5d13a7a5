from django.urls import path

from chat.views import widget_settings

urlpatterns = [
    path("w/<slug:slug>/settings/widget/", widget_settings.widget_settings, name="widget-settings"),
    path("w/<slug:slug>/settings/widget/allow/", widget_settings.allow_origin, name="allow-origin"),
]
