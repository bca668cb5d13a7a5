from django.urls import path

from ai.views import assistant, check, golden, versions

urlpatterns = [
    path("", assistant.settings, name="assistant"),
    path("draft/delete/", assistant.discard, name="discard-draft"),
    path("labelling/", assistant.labelling, name="assistant-labelling"),
    path("check/", check.show, name="assistant-check"),
    path("check/runs/", check.begin, name="begin-check"),
    path("check/progress/", check.progress, name="check-progress"),
    path("publication/", check.publish, name="publish-assistant"),
    path("questions/", golden.questions, name="golden-questions"),
    path("questions/new/", golden.create, name="new-golden"),
    path("questions/past/", golden.past_questions, name="past-questions"),
    path("questions/<uuid:golden>/", golden.edit, name="edit-golden"),
    path("questions/<uuid:golden>/delete/", golden.delete, name="delete-golden"),
    path("versions/", versions.versions, name="assistant-versions"),
    path("versions/trial/", versions.begin_trial, name="begin-trial"),
    path("versions/trial/delete/", versions.end_trial, name="end-trial"),
    path("versions/<uuid:pk>/", versions.version, name="assistant-version"),
    path("versions/<uuid:pk>/publication/", versions.roll_back, name="roll-back-assistant"),
]
