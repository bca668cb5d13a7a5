from django.urls import path

from workspaces.views import home

urlpatterns = [
    path("w/", home.home_workspace, name="home-workspace"),
    path("w/<slug:slug>/", home.dashboard, name="dashboard"),
    path("w/<slug:slug>/settings/", home.settings, name="settings"),
]
