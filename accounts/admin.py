from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User

# Secrets and keys are nobody's to look at or to make by hand; `remove_second_step` helps whoever lost theirs. Rows of
# sessions hold their keys: whoever read them could be anybody. The others would be a second place for what stands in
# the environment, or would open accounts by hand.
for model in (Authenticator, UserSession, SocialApp, SocialAccount, SocialToken):
    admin.site.unregister(model)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "name", "is_active", "is_staff", "date_joined")
    search_fields = ("email", "name")
    fields = ("email", "name", "locale", "timezone", "is_active", "is_staff", "date_joined", "last_login")
    readonly_fields = ("email", "date_joined", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up, or are made by a command that gives them a link; a form would make one without an address."""
        return False
