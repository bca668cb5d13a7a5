from django.urls import path

from chat.views import canned_responses, changes, conversation, corrections, inbox, messages

urlpatterns = [
    path("", inbox.index, name="inbox"),
    path("<uuid:pk>/", inbox.thread, name="thread"),
    path("<uuid:pk>/details/", inbox.thread, {"view": "details"}, name="thread-details"),
    path("<uuid:pk>/changes/", changes.changes, name="changes"),
    path("<uuid:pk>/messages/", messages.create, name="messages"),
    path("<uuid:pk>/messages/<uuid:message>/edit/", corrections.edit, name="edit-message"),
    path("<uuid:pk>/messages/<uuid:message>/delete/", corrections.delete, name="delete-message"),
    path("<uuid:pk>/canned/", canned_responses.offered, name="offered-canned"),
    path("<uuid:pk>/assignment/", conversation.assign, name="assign"),
    path("<uuid:pk>/takeover/", conversation.take_over, name="take-over"),
    path("<uuid:pk>/resolution/", conversation.resolve, name="resolve"),
    path("<uuid:pk>/resolution/delete/", conversation.reopen, name="reopen"),
    path("<uuid:pk>/marks/", conversation.marks, name="marks"),
]
