from django.urls import path

from chat.consumers import OperatorSocket, VisitorSocket

# Split by who may knock: the visitor's socket never sees the session (SR-35).
operator_urlpatterns = [path("ws/w/<slug:slug>/", OperatorSocket.as_asgi())]
visitor_urlpatterns = [path("ws/widget/<str:key>/", VisitorSocket.as_asgi())]
websocket_urlpatterns = [*operator_urlpatterns, *visitor_urlpatterns]
