from django.urls import path

from chat.widget.views import api, pages

urlpatterns = [
    path("widget.js", pages.loader, name="widget-loader"),
    path("widget/theme/<str:color>.css", pages.theme, name="widget-theme"),
    path("widget/<str:key>/", pages.frame, name="widget-frame"),
    path("widget/<str:key>/visitor/", api.create_visitor, name="widget-visitor"),
    path("widget/<str:key>/state/", api.state, name="widget-state"),
    path("widget/<str:key>/messages/", api.create_message, name="widget-messages"),
    path("widget/<str:key>/conversations/<uuid:pk>/changes/", api.changes, name="widget-changes"),
    path("widget/<str:key>/conversations/<uuid:pk>/marks/", api.marks, name="widget-marks"),
]
