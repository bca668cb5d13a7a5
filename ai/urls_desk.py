from django.urls import path

from ai.views import desk

urlpatterns = [
    path("suggestion/", desk.bar, name="suggestion-bar"),
    path("suggestion/<uuid:pk>/", desk.suggestion, name="suggest-reply"),
    path("rewriting/<uuid:pk>/", desk.rewriting, name="rewrite-reply"),
    path("answers/<uuid:message>/", desk.why, name="why-answer"),
    path("answers/<uuid:message>/judgement/", desk.judge, name="judge-answer"),
]
