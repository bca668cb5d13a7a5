from django.urls import path

from chat.views import look, setup, widget_settings

urlpatterns = [
    path("w/<slug:slug>/settings/widget/", widget_settings.widget_settings, name="widget-settings"),
    path("w/<slug:slug>/setup/look/", setup.look, name="setup-look"),
    path("w/<slug:slug>/setup/install/", setup.install, name="setup-install"),
    path("w/<slug:slug>/setup/try/", setup.try_it, name="setup-try"),
    path("w/<slug:slug>/settings/widget/look/", look.look, name="widget-look"),
    path("w/<slug:slug>/settings/widget/allow/", widget_settings.allow_origin, name="allow-origin"),
]
