from django.urls import path

from ai.views import costs, keys, models

urlpatterns = [
    path("models/", models.show, name="ai-models"),
    path("models/add/", models.add, name="add-model"),
    path("models/try/", models.try_out, name="try-models"),
    path("models/<uuid:pk>/move/", models.move, name="move-model"),
    path("models/<uuid:pk>/remove/", models.remove, name="remove-model"),
    path("models/<uuid:pk>/again/", models.ask_again, name="ask-model-again"),
    path("keys/<slug:provider>/", keys.edit, name="ai-key"),
    path("keys/<slug:provider>/check/", keys.check, name="check-ai-key"),
    path("keys/<slug:provider>/remove/", keys.remove, name="remove-ai-key"),
    path("costs/", costs.show, name="ai-costs"),
]
