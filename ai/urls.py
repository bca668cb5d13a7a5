from django.urls import path

from ai.views import files, gaps, panel, readings, sources

urlpatterns = [
    path("", sources.faqs, name="knowledge"),
    path("texts/", sources.texts, name="knowledge-texts"),
    path("unanswered/", gaps.index, name="knowledge-gaps"),
    path("unanswered/<uuid:pk>/dismiss/", gaps.dismiss, name="dismiss-gap"),
    path("files/", sources.files, name="knowledge-files"),
    path("files/new/", readings.create_files, name="new-file"),
    path("pages/", sources.pages, name="knowledge-pages"),
    path("pages/new/", sources.create_page, name="new-page"),
    path("test/", panel.show, name="knowledge-test"),
    path("faqs/new/", sources.create_faq, name="new-faq"),
    path("faqs/import/", files.import_file, name="import-faqs"),
    path("faqs/export/", files.export_file, name="export-faqs"),
    path("texts/new/", sources.create_text, name="new-text"),
    path("<uuid:pk>/", sources.show, name="knowledge-source"),
    path("<uuid:pk>/file/", readings.download, name="knowledge-file"),
    path("<uuid:pk>/read/", readings.read_again, name="read-source-again"),
    path("<uuid:pk>/edit/", sources.edit, name="edit-source"),
    path("<uuid:pk>/delete/", sources.delete, name="delete-source"),
]
