from django.urls import path

from workspaces.views import branding, danger, find, general, home, new, pin, setup

urlpatterns = [
    path("w/", home.home_workspace, name="home-workspace"),
    path("workspaces/new/", new.new_workspace, name="new-workspace"),
    path("w/<slug:slug>/", home.dashboard, name="dashboard"),
    path("w/<slug:slug>/setup/", setup.resume, name="setup"),
    path("w/<slug:slug>/setup/name/", setup.name, name="setup-name"),
    path("w/<slug:slug>/setup/leave/", setup.leave, name="leave-setup"),
    path("w/<slug:slug>/setup/hide/", setup.hide, name="hide-setup"),
    path("w/<slug:slug>/find/", find.show, name="find"),
    path("w/<slug:slug>/settings/", home.settings, name="settings"),
    path("w/<slug:slug>/settings/general/", general.general, name="general"),
    path("w/<slug:slug>/settings/pin/", pin.pin, name="pin"),
    path("w/<slug:slug>/settings/pin/delete/", pin.remove_pin, name="remove-pin"),
    path("w/<slug:slug>/settings/pin/forgotten/", pin.forgotten_pin, name="forgotten-pin"),
    path("w/<slug:slug>/settings/danger/", danger.danger, name="danger"),
    path("w/<slug:slug>/settings/danger/close/", danger.close_workspace, name="close-workspace"),
    path("w/<slug:slug>/closed/", danger.closed_workspace, name="closed-workspace"),
    path("w/<slug:slug>/closed/restore/", danger.restore_workspace, name="restore-workspace"),
    path("w/<slug:slug>/settings/branding/", branding.show, name="branding"),
    path("w/<slug:slug>/settings/branding/logo/", branding.create_logo, name="logo"),
    path("w/<slug:slug>/settings/branding/logo/delete/", branding.delete_logo, name="remove-logo"),
]
