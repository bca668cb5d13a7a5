from django.urls import path

from workspaces.views import branding, guests, home, invitations, ownership, team

urlpatterns = [
    path("w/", home.home_workspace, name="home-workspace"),
    path("w/<slug:slug>/", home.dashboard, name="dashboard"),
    path("w/<slug:slug>/settings/", home.settings, name="settings"),
    path("w/<slug:slug>/settings/team/", team.show, name="members"),
    path("w/<slug:slug>/settings/team/changes/", team.bulk, name="team-changes"),
    path("w/<slug:slug>/settings/team/<uuid:pk>/", team.show_member, name="member"),
    path("w/<slug:slug>/settings/team/<uuid:pk>/role/", team.change_role, name="member-role"),
    path("w/<slug:slug>/settings/team/<uuid:pk>/deactivation/", team.deactivate, name="deactivate-member"),
    path("w/<slug:slug>/settings/team/<uuid:pk>/deactivation/delete/", team.reactivate, name="reactivate-member"),
    path("w/<slug:slug>/settings/team/<uuid:pk>/removal/", team.remove, name="remove-member"),
    path("w/<slug:slug>/settings/team/invitations/", invitations.invitations, name="invitations"),
    path("w/<slug:slug>/settings/team/invitations/<uuid:pk>/mail/", invitations.resend, name="resend-invitation"),
    path("w/<slug:slug>/settings/team/invitations/<uuid:pk>/delete/", invitations.revoke, name="revoke-invitation"),
    path("w/<slug:slug>/settings/team/ownership/", ownership.ownership, name="ownership"),
    path("w/<slug:slug>/settings/team/ownership/acceptance/", ownership.accept, name="accept-ownership"),
    path("w/<slug:slug>/settings/team/ownership/delete/", ownership.end, name="end-ownership-offer"),
    path("invitations/<str:token>/", guests.open_link, name="invitation-link"),
    path("invitation/", guests.show, name="invitation"),
    path("invitation/acceptance/", guests.accept, name="accept-invitation"),
    path("invitation/sign-out/", guests.sign_out, name="sign-out-of-invitation"),
    path("w/<slug:slug>/settings/branding/", branding.show, name="branding"),
    path("w/<slug:slug>/settings/branding/logo/", branding.create_logo, name="logo"),
    path("w/<slug:slug>/settings/branding/logo/delete/", branding.delete_logo, name="remove-logo"),
]
