from django.urls import path

from chat.widget.views import api, more, pages, transcripts, uploads

urlpatterns = [
    path("widget.js", pages.loader, name="widget-loader"),
    path("widget/v1/<str:digest>.js", pages.pinned_loader, name="pinned-loader"),
    path("widget/theme/<str:color>.css", pages.theme, name="widget-theme"),
    path("widget/more/<str:language>.json", more.more, name="widget-more"),
    path("widget/<str:key>/", pages.frame, name="widget-frame"),
    path("widget/<str:key>/visitor/", api.create_visitor, name="widget-visitor"),
    path("widget/<str:key>/state/", api.state, name="widget-state"),
    path("widget/<str:key>/uploads/", uploads.create, name="widget-uploads"),
    path("widget/<str:key>/uploads/<uuid:pk>/delete/", uploads.delete, name="widget-delete-upload"),
    path("widget/<str:key>/files/<uuid:pk>/", uploads.show, name="widget-file"),
    path("widget/<str:key>/identify/", api.identify, name="widget-identify"),
    path("widget/<str:key>/update/", api.update, name="widget-update"),
    path("widget/<str:key>/track/", api.track, name="widget-track"),
    path("widget/<str:key>/reset/", api.reset, name="widget-reset"),
    path("widget/<str:key>/messages/", api.create_message, name="widget-messages"),
    path("widget/<str:key>/form/", api.fill_form, name="widget-form"),
    path("widget/<str:key>/conversations/", api.conversations, name="widget-conversations"),
    path("widget/<str:key>/conversations/<uuid:pk>/changes/", api.changes, name="widget-changes"),
    path("widget/<str:key>/conversations/<uuid:pk>/rating/", api.rating, name="widget-rating"),
    path("widget/<str:key>/conversations/<uuid:pk>/transcript/", transcripts.create, name="widget-transcript"),
    path("widget/<str:key>/address/", transcripts.address, name="widget-address"),
    path("widget/<str:key>/address/proof/", transcripts.proof, name="widget-address-proof"),
    path("widget/<str:key>/conversations/<uuid:pk>/marks/", api.marks, name="widget-marks"),
]
