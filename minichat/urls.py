from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts import preferences
from accounts.staff import guard
from chat.views import demo_shop
from minichat import csp_reports, gallery

# Staff sign in like everybody else, on one page with one set of limits, and pass a second step.
guard(admin.site)

urlpatterns: list = [
    path("", include("minichat.site.urls")),
    path("", include("workspaces.urls")),
    path("", include("chat.urls_settings")),
    path("", include("notifications.urls")),
    path("csp-report/", csp_reports.receive, name="csp-report"),
    path("i18n/setlang/", preferences.set_language, name="set_language"),
    path("theme/", preferences.set_theme, name="theme"),
    path("accounts/", include("accounts.urls")),
    path("", include("minichat.lib.files.urls")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("w/<slug:slug>/", include("contacts.urls")),
    path("w/<slug:slug>/conversations/", include("chat.urls")),
    path("w/<slug:slug>/visitors/", include("chat.urls_visitors")),
    path("w/<slug:slug>/knowledge/", include("ai.urls")),
    path("w/<slug:slug>/ai/", include("ai.urls_assistant")),
    path("w/<slug:slug>/ai/", include("ai.urls_models")),
    path("w/<slug:slug>/ai/", include("ai.urls_desk")),
    path("", include("chat.widget.urls")),
]

if settings.LOCAL:
    urlpatterns += [
        path("demo/", demo_shop.demo_shop, name="demo-shop"),
        path("dev/mail/", include("notifications.urls_dev")),
        path("dev/components/", gallery.components, name="dev-components"),
    ]

handler400 = "minichat.lib.errors.bad_request"
handler403 = "minichat.lib.errors.permission_denied"
handler404 = "minichat.lib.errors.page_not_found"
handler429 = "minichat.lib.errors.too_many_requests"  # allauth's limits answer through it
handler500 = "minichat.lib.errors.server_error"
