from django.urls import path

from chat.views import canned_responses, look, setup, widget_settings

urlpatterns = [
    path("w/<slug:slug>/canned/", canned_responses.index, name="canned"),
    path("w/<slug:slug>/canned/new/", canned_responses.create, name="new-canned"),
    path("w/<slug:slug>/canned/import/", canned_responses.import_file, name="import-canned"),
    path("w/<slug:slug>/canned/export/", canned_responses.export_file, name="export-canned"),
    path("w/<slug:slug>/canned/<uuid:pk>/", canned_responses.edit, name="edit-canned"),
    path("w/<slug:slug>/canned/<uuid:pk>/delete/", canned_responses.delete, name="delete-canned"),
    path("w/<slug:slug>/settings/widget/", widget_settings.widget_settings, name="widget-settings"),
    path("w/<slug:slug>/setup/look/", setup.look, name="setup-look"),
    path("w/<slug:slug>/setup/install/", setup.install, name="setup-install"),
    path("w/<slug:slug>/setup/try/", setup.try_it, name="setup-try"),
    path("w/<slug:slug>/settings/widget/look/", look.look, name="widget-look"),
    path("w/<slug:slug>/settings/widget/allow/", widget_settings.allow_origin, name="allow-origin"),
]
