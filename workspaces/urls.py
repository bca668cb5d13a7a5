from django.urls import path

from workspaces.views import branding, find, home, setup

urlpatterns = [
    path("w/", home.home_workspace, name="home-workspace"),
    path("w/<slug:slug>/", home.dashboard, name="dashboard"),
    path("w/<slug:slug>/setup/", setup.resume, name="setup"),
    path("w/<slug:slug>/setup/name/", setup.name, name="setup-name"),
    path("w/<slug:slug>/setup/leave/", setup.leave, name="leave-setup"),
    path("w/<slug:slug>/setup/hide/", setup.hide, name="hide-setup"),
    path("w/<slug:slug>/find/", find.show, name="find"),
    path("w/<slug:slug>/settings/", home.settings, name="settings"),
    path("w/<slug:slug>/settings/branding/", branding.show, name="branding"),
    path("w/<slug:slug>/settings/branding/logo/", branding.create_logo, name="logo"),
    path("w/<slug:slug>/settings/branding/logo/delete/", branding.delete_logo, name="remove-logo"),
]
