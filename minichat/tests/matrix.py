"""Who may do what: the rules and the table that `test_matrix.py` holds against the house (SR-02)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chat.consumers import OperatorSocket, VisitorSocket
from workspaces.roles import Role

ROLES = ["anonymous", "vic", "vera", "omar", "adam", "ana", "gil", "staff"]
RANKS = {"vera": Role.VIEWER, "omar": Role.OPERATOR, "adam": Role.ADMIN, "ana": Role.OWNER}
OK = "ok"  # let in: any answer but a refusal
REFUSALS = {302, 401, 403, 404, 405}


@dataclass(frozen=True)
class Rule:
    """What a route answers: to members of a sufficient role, to everybody else."""

    method: str
    role: Role | None = None
    body: dict[str, Any] | None = None
    as_json: bool = False

    def expected(self, who: str) -> Any:
        raise NotImplementedError


class Members(Rule):
    """Inside a workspace: strangers find nothing, too little role is told so, the anonymous are asked to sign in."""

    def expected(self, who: str) -> Any:
        if who in ("anonymous", "vic"):
            return 302 if self.method == "get" else 401
        if who in ("gil", "staff"):
            return 404
        assert self.role is not None
        return OK if RANKS[who].includes(self.role) else 403


class Heir(Members):
    """Omar, who was offered the workspace; besides him whoever has `role`."""

    def expected(self, who: str) -> Any:
        if who in RANKS:
            return OK if who == "omar" or (self.role and RANKS[who].includes(self.role)) else 403
        return super().expected(who)


class WithoutInvitation(Rule):
    """Nobody here has followed a link: nothing to see, nothing to accept. Guests are in workspaces/tests."""

    def expected(self, who: str) -> Any:
        return 401 if who in ("anonymous", "vic") and self.method == "post" else 404


class Theirs(Members):
    """A row of one member, Ana's: her colleagues find nothing either."""

    def expected(self, who: str) -> Any:
        return 404 if who in RANKS and who != "ana" else super().expected(who)


class AnasAct(Members):
    """What Ana did: whoever may do such things and is not her finds nothing."""

    def expected(self, who: str) -> Any:
        answer = super().expected(who)
        return 404 if answer == OK and who != "ana" else answer


class OnceClosed(Rule):
    """Pages of a closed workspace: while it is open they are not there, for nobody."""

    def expected(self, who: str) -> Any:
        if who in ("anonymous", "vic"):
            return 302 if self.method == "get" else 401
        return 404


class Author(Members):
    """Inside a workspace, and one's own (Omar's)."""

    def expected(self, who: str) -> Any:
        return 403 if who in ("adam", "ana") else super().expected(who)


class Bearer(Rule):
    """The visitor's own calls: a session cookie opens nothing (SR-35)."""

    def expected(self, who: str) -> Any:
        return OK if who == "vic" else 401


class Everybody(Rule):
    def expected(self, who: str) -> Any:
        return OK


class SignedIn(Rule):
    def expected(self, who: str) -> Any:
        if who in ("anonymous", "vic"):
            return 302 if self.method == "get" else 401
        return OK


class RoomInThePlan(SignedIn):
    """Gil's free plan includes the one workspace that he has."""

    def expected(self, who: str) -> Any:
        return 403 if who == "gil" else super().expected(who)


class Account(Rule):
    """allauth's pages for people with a session send everybody else to sign-in, and the other way round."""

    def expected(self, who: str) -> Any:
        return None  # judged by `test_account_pages`


class Staff(Rule):
    def expected(self, who: str) -> Any:
        return OK if who == "staff" else 302


SEND = {"client_id": "{uuid}", "body": "hello"}
TABLE: dict[str, list[Rule]] = {
    "home": [Everybody("get")],
    "pricing": [Everybody("get")],
    "privacy": [Everybody("get")],
    "terms": [Everybody("get")],
    "status": [Everybody("get")],
    "csp-report": [Everybody("post", body={"csp-report": {}}, as_json=True)],
    "robots": [Everybody("get")],
    "sitemap": [Everybody("get")],
    "home-workspace": [SignedIn("get")],
    "dashboard": [Members("get", Role.VIEWER)],
    "new-workspace": [RoomInThePlan("get"), SignedIn("post", body={"name": ""})],
    "find": [Members("get", Role.VIEWER)],
    "settings": [Members("get", Role.ADMIN)],
    "activity": [Members("get", Role.ADMIN)],
    "export-activity": [Members("post", Role.ADMIN)],
    "config": [Members("get", Role.ADMIN)],
    "export-config": [Members("post", Role.ADMIN)],
    "preview-config": [Members("post", Role.ADMIN, {"text": ""})],
    "apply-config": [Members("post", Role.ADMIN, {"text": ""})],
    "setup": [Members("get", Role.ADMIN)],
    "setup-name": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"name": "Acme"})],
    "setup-look": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"color": "ocean"})],
    "setup-install": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"origin": "https://x.example"})],
    "setup-try": [Members("get", Role.ADMIN)],
    "leave-setup": [Members("post", Role.ADMIN)],
    "hide-setup": [Members("post", Role.ADMIN)],
    "inboxes": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"name": ""})],
    "inbox-settings": [Members("get", Role.ADMIN)],
    "inbox-general": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"name": ""})],
    "close-inbox": [Members("post", Role.ADMIN)],
    "reopen-inbox": [Members("post", Role.ADMIN)],
    "inbox-look": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"color": "ocean"})],
    "inbox-hours": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"limited": ""})],
    "inbox-waits": [Members("post", Role.ADMIN, {"alert_seconds": "60"})],
    "inbox-logo": [Members("post", Role.ADMIN, {"logo": ""})],
    "remove-inbox-logo": [Members("post", Role.ADMIN)],
    "inbox-triggers": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"rule-TOTAL_FORMS": ""})],
    "inbox-install": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"allowed_domains": ""})],
    "inbox-identity": [Members("get", Role.ADMIN)],
    "make-identity-key": [Members("post", Role.ADMIN)],
    "revoke-identity-key": [Members("post", Role.ADMIN)],
    "enforce-identity": [Members("post", Role.ADMIN, {"enforced": "1"})],
    "inbox-members": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"audience": ""})],
    "widget-settings": [Members("get", Role.ADMIN)],
    "widget-look": [Members("get", Role.ADMIN)],
    "widget-theme": [Everybody("get")],
    "pin": [Members("get", Role.OWNER), Members("post", Role.OWNER, {"new": ""})],
    "remove-pin": [Members("post", Role.OWNER)],
    "forgotten-pin": [Members("get", Role.OWNER)],
    "danger": [Members("get", Role.OWNER)],
    "close-workspace": [Members("post", Role.OWNER, {"name": ""})],
    "closed-workspace": [OnceClosed("get")],
    "restore-workspace": [OnceClosed("post")],
    "general": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"name": ""})],
    "members": [Members("get", Role.VIEWER)],
    # Everybody may go; the only owner is told why she stays.
    "leave-workspace": [Members("post", Role.VIEWER)],
    "team-changes": [Members("post", Role.ADMIN, {"verb": "deactivate"})],
    "member": [Members("get", Role.ADMIN)],
    "member-role": [Members("post", Role.ADMIN, {"role": "viewer"})],
    "deactivate-member": [Members("post", Role.ADMIN)],
    "reactivate-member": [Members("post", Role.ADMIN)],
    "remove-member": [Members("post", Role.ADMIN)],
    "invitations": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"emails": ""})],
    "resend-invitation": [Members("post", Role.ADMIN)],
    "revoke-invitation": [Members("post", Role.ADMIN)],
    "ownership": [Members("get", Role.VIEWER), Members("post", Role.OWNER, {"email": ""})],
    "accept-ownership": [Heir("post")],
    "end-ownership-offer": [Heir("post", Role.OWNER)],
    "invitation-link": [Everybody("get")],  # what its holder may do is asked of the session
    "invitation": [WithoutInvitation("get")],
    "accept-invitation": [WithoutInvitation("post")],
    "sign-out-of-invitation": [Everybody("post")],
    "branding": [Members("get", Role.ADMIN)],
    "logo": [Members("post", Role.ADMIN, {"logo": ""})],
    "remove-logo": [Members("post", Role.ADMIN)],
    "check-site": [Members("post", Role.ADMIN, {"address": ""})],
    "allow-origin": [Members("post", Role.ADMIN, {"origin": "https://x.example"})],
    "notifications": [Members("get", Role.VIEWER)],
    "notifications-latest": [Members("get", Role.VIEWER)],
    "notifications-count": [Members("get", Role.VIEWER)],
    "read-all-notifications": [Members("post", Role.VIEWER)],
    "read-notification": [Theirs("post", Role.VIEWER)],
    "notification-settings": [Members("get", Role.VIEWER), Members("post", Role.VIEWER, {"timezone": ""})],
    "stop-visitor-mail": [Everybody("get"), Everybody("post")],  # likewise, for a visitor's mails
    "unsubscribe": [Everybody("get"), Everybody("post")],  # the token is the right, for one purpose
    "set_language": [Everybody("post", body={"language": "th"})],
    "theme": [SignedIn("post", body={"theme": "dark"})],
    "account_photo": [SignedIn("get")],
    "account_profile": [SignedIn("get"), SignedIn("post", body={"name": "x"})],
    "socialaccount_connections": [SignedIn("get")],
    "account_connect": [SignedIn("post")],
    "account_disconnect": [SignedIn("post")],
    "account_sessions": [SignedIn("get")],
    "account_end_session": [SignedIn("post", body={"session": "0"})],
    "account_end_other_sessions": [SignedIn("post")],
    "account_avatar": [SignedIn("post", body={"photo": ""})],
    "account_remove_avatar": [SignedIn("post")],
    "account_confirm_by_mail": [SignedIn("get"), SignedIn("post")],
    "account_data": [SignedIn("get")],
    "account_export": [SignedIn("post")],
    "account_export_file": [SignedIn("get")],  # one's own; `test_export`
    "account_close": [SignedIn("get"), SignedIn("post", body={"email": ""})],
    "mfa_index": [SignedIn("get")],
    "mfa_reauthenticate": [SignedIn("get"), SignedIn("post")],
    "mfa_reauthenticate_webauthn": [SignedIn("get"), SignedIn("post")],
    "mfa_activate_totp": [SignedIn("get"), SignedIn("post")],
    "mfa_deactivate_totp": [SignedIn("get"), SignedIn("post")],
    "mfa_view_recovery_codes": [SignedIn("get")],
    "mfa_generate_recovery_codes": [SignedIn("get"), SignedIn("post")],
    "mfa_add_webauthn": [SignedIn("get"), SignedIn("post")],
    "mfa_edit_webauthn": [SignedIn("get"), SignedIn("post")],  # one's own; `test_passkeys`
    "mfa_remove_webauthn": [SignedIn("get"), SignedIn("post")],
    "picture": [Everybody("get")],  # its address cannot be guessed
    "file": [Everybody("get")],  # the token is the right, for five minutes
    "inbox": [Members("get", Role.VIEWER)],
    "inbox-search": [Members("get", Role.VIEWER)],
    "thread": [Members("get", Role.VIEWER)],
    "thread-details": [Members("get", Role.VIEWER)],
    "changes": [Members("get", Role.VIEWER)],
    "messages": [Members("post", Role.OPERATOR, SEND, as_json=True), Members("post", Role.OPERATOR, SEND)],
    "edit-message": [Author("post", Role.OPERATOR, {"body": "hello"}, as_json=True)],
    "delete-message": [Members("post", Role.OPERATOR)],
    "uploads": [Members("post", Role.OPERATOR, {"client_id": "{uuid}"})],
    "delete-upload": [Members("post", Role.OPERATOR)],
    "attachment": [Members("get", Role.VIEWER)],
    "contacts": [Members("get", Role.VIEWER)],
    "export-contacts": [Members("post", Role.OPERATOR)],
    "contact": [Members("get", Role.VIEWER)],
    "edit-contact": [Members("get", Role.OPERATOR), Members("post", Role.OPERATOR, {"name": "x"})],
    "set-attribute": [Members("post", Role.OPERATOR, {"key": "x", "value": "x"})],
    "delete-attribute": [Members("post", Role.OPERATOR, {"key": "x"})],
    "contact-notes": [Members("get", Role.VIEWER)],
    "add-note": [Members("post", Role.OPERATOR, {"body": "x"})],
    "edit-note": [Author("get", Role.OPERATOR), Author("post", Role.OPERATOR, {"body": "x"})],
    "delete-note": [Members("post", Role.OPERATOR)],
    "merge-contact": [Members("get", Role.OPERATOR)],
    "leads": [Members("get", Role.VIEWER)],
    "lead": [Members("get", Role.VIEWER)],
    "move-lead": [Members("post", Role.OPERATOR, {"status": "lost"})],
    "assign-lead": [Members("post", Role.OPERATOR, {"assignee": ""})],
    "offered-canned": [Members("get", Role.OPERATOR)],
    "canned": [Members("get", Role.OPERATOR)],
    "new-canned": [Members("get", Role.OPERATOR), Members("post", Role.OPERATOR, {"shortcut": "x", "body": "x"})],
    "import-canned": [Members("get", Role.ADMIN), Members("post", Role.ADMIN)],
    "export-canned": [Members("get", Role.OPERATOR)],
    "edit-canned": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"shortcut": "hi", "body": "x"})],
    "delete-canned": [Members("post", Role.ADMIN)],
    "knowledge": [Members("get", Role.VIEWER)],
    "knowledge-texts": [Members("get", Role.VIEWER)],
    "knowledge-gaps": [Members("get", Role.VIEWER)],
    "dismiss-gap": [Members("post", Role.ADMIN)],
    "knowledge-files": [Members("get", Role.VIEWER)],
    "knowledge-pages": [Members("get", Role.VIEWER)],
    "knowledge-file": [Members("get", Role.VIEWER)],
    "knowledge-test": [Members("get", Role.VIEWER)],
    "knowledge-source": [Members("get", Role.VIEWER)],
    "new-faq": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"question": "x", "answer": "x"})],
    "new-text": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"title": "x", "text": "x"})],
    "new-file": [Members("get", Role.ADMIN), Members("post", Role.ADMIN)],
    "new-page": [
        Members("get", Role.ADMIN),
        Members("post", Role.ADMIN, {"url": "https://shop.example/", "scope": "page", "schedule": "never"}),
    ],
    "read-source-again": [Members("post", Role.ADMIN)],
    "edit-source": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"question": "x", "answer": "x"})],
    "delete-source": [Members("post", Role.ADMIN)],
    "import-faqs": [Members("get", Role.ADMIN), Members("post", Role.ADMIN)],
    "export-faqs": [Members("get", Role.OPERATOR)],
    "assistant": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"tone": "brief"})],
    "assistant-labelling": [Members("post", Role.ADMIN, {"labels_conversations": "on"})],
    "discard-draft": [Members("post", Role.ADMIN)],
    "assistant-check": [Members("get", Role.ADMIN)],
    "begin-check": [Members("post", Role.ADMIN)],
    "check-progress": [Members("get", Role.ADMIN)],
    "publish-assistant": [Members("post", Role.ADMIN, {"agreed": "x"})],
    "golden-questions": [Members("get", Role.ADMIN)],
    "new-golden": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"question": "x", "expects": "hand_off"})],
    "past-questions": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"chosen": "{uuid}"})],
    "edit-golden": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"question": "x", "expects": "hand_off"})],
    "delete-golden": [Members("post", Role.ADMIN)],
    "assistant-versions": [Members("get", Role.ADMIN)],
    "assistant-version": [Members("get", Role.ADMIN)],
    "roll-back-assistant": [Members("post", Role.ADMIN)],
    "begin-trial": [Members("post", Role.ADMIN, {"version": "x", "share": "50"})],
    "end-trial": [Members("post", Role.ADMIN)],
    "ai-models": [Members("get", Role.ADMIN)],
    "add-model": [Members("post", Role.ADMIN, {"choice": ""})],
    "try-models": [Members("post", Role.ADMIN)],
    "move-model": [Members("post", Role.ADMIN, {"up": "1"})],
    "remove-model": [Members("post", Role.ADMIN)],
    "ask-model-again": [Members("post", Role.ADMIN)],
    "ai-key": [Members("get", Role.OWNER), Members("post", Role.OWNER, {"key": ""})],
    "check-ai-key": [Members("post", Role.ADMIN)],
    "remove-ai-key": [Members("post", Role.OWNER)],
    "suggest-reply": [Members("post", Role.OPERATOR)],
    "rewrite-reply": [Members("post", Role.OPERATOR, {"text": "x", "way": "shorter"})],
    "suggestion-bar": [Members("get", Role.OPERATOR)],
    "why-answer": [Members("get", Role.VIEWER)],
    "judge-answer": [Members("post", Role.OPERATOR, {"verdict": "poor"})],
    "ai-costs": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"rate": ""})],
    "draft": [Members("post", Role.OPERATOR, {"body": "x", "counter": 1}, as_json=True)],
    "visitors": [Members("get", Role.VIEWER)],
    "start-chat": [Members("post", Role.OPERATOR, SEND, as_json=True)],
    "add-contact-note": [Members("post", Role.OPERATOR, {"body": "x"})],
    "delete-contact-note": [Members("post", Role.OPERATOR)],
    "colleagues": [Members("get", Role.OPERATOR)],
    "assign": [Members("post", Role.OPERATOR, {"assignee": ""})],
    "take-over": [Members("post", Role.OPERATOR)],
    "hand-back": [Members("post", Role.OPERATOR)],
    "resolve": [Members("post", Role.OPERATOR)],
    "reopen": [Members("post", Role.OPERATOR)],
    "triage": [Members("post", Role.OPERATOR, {"verb": "close", "list": ""}, as_json=True)],
    "triage-progress": [AnasAct("get", Role.OPERATOR)],
    "undo-triage": [AnasAct("post", Role.OPERATOR)],
    "snooze-times": [Members("get", Role.OPERATOR)],
    "new-label": [Members("post", Role.OPERATOR, {"name": "x"}, as_json=True)],
    "transcript": [Members("post", Role.OPERATOR)],
    "block": [Members("post", Role.OPERATOR)],
    "unblock": [Members("post", Role.OPERATOR)],
    "blocked": [Members("get", Role.OPERATOR)],
    "unblock-contact": [Members("post", Role.OPERATOR)],
    "new-view": [Members("get", Role.OPERATOR), Members("post", Role.OPERATOR, {"name": "x"})],
    "edit-view": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"name": "x"})],
    "delete-view": [Members("post", Role.ADMIN)],
    "view-counts": [Members("get", Role.VIEWER)],
    "labels": [Members("get", Role.OPERATOR), Members("post", Role.OPERATOR, {"name": "x", "hue": 1})],
    "edit-label": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"name": "x", "hue": 1})],
    "delete-label": [Members("post", Role.ADMIN)],
    "marks": [Members("post", Role.VIEWER, {"read": 1}, as_json=True)],
    "widget-loader": [Everybody("get")],
    "pinned-loader": [Everybody("get")],
    "widget-more": [Everybody("get")],
    "widget-frame": [Everybody("get")],
    "widget-visitor": [Everybody("post", body={"ticket": "{ticket}"}, as_json=True)],
    "widget-state": [Bearer("get")],
    "widget-identify": [Bearer("post", body={"traits": {"name": "Vic"}}, as_json=True)],
    "widget-update": [Bearer("post", body={"attributes": {"plan": "pro"}}, as_json=True)],
    "widget-track": [Bearer("post", body={"name": "added"}, as_json=True)],
    "widget-reset": [Bearer("post", body={}, as_json=True)],
    "widget-messages": [Bearer("post", body={**SEND, "conversation": None}, as_json=True)],
    "widget-uploads": [Bearer("post", body={"client_id": "{uuid}"})],
    "widget-delete-upload": [Bearer("post")],
    "widget-file": [Bearer("get")],
    "widget-form": [Bearer("post", body={"client_id": "{uuid}", "answers": {}}, as_json=True)],
    "inbox-form": [Members("get", Role.ADMIN), Members("post", Role.ADMIN, {"name": "off"})],
    "widget-conversations": [Bearer("get")],
    "widget-rating": [Bearer("post", body={"rating": 5}, as_json=True)],
    "widget-changes": [Bearer("get")],
    "widget-transcript": [Bearer("post", body={}, as_json=True)],
    "widget-address": [Bearer("post", body={"email": "vic@customer.example"}, as_json=True)],
    "widget-address-proof": [Bearer("post", body={"code": "123456"}, as_json=True)],
    "widget-marks": [Bearer("post", body={"read": 1}, as_json=True)],
    "demo-shop": [Everybody("get")],
    "dev-components": [Everybody("get")],
    "dev-mail": [Everybody("get")],
    "dev-mail-one": [Everybody("get")],
    "dev-mail-html": [Everybody("get")],
    "admin": [Staff("get")],
}
ACCOUNT_PAGES = {  # 200 for the anonymous; everything else asks for a session
    "account_login",
    "account_signup",
    "account_inactive",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
ACCOUNT_SESSION_PAGES = {
    "account_logout",
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "socialaccount_signup",
    "mfa_authenticate",  # between password and session
    "mfa_login_webauthn",
}
# The way to a provider and back: nothing without a form of ours or its state (accounts/tests/test_social.py).
PROVIDER_ROUTES = {"account_begin", "google_callback", "github_callback", "line_callback"}
SOCKET_ACTIONS = {
    OperatorSocket: {
        "open": Role.VIEWER,
        "look": Role.VIEWER,
        "watch": Role.VIEWER,
        "message": Role.OPERATOR,
        "typing": Role.OPERATOR,
        "read": Role.VIEWER,
        "seen": None,
        "ping": None,
    },
    VisitorSocket: dict.fromkeys(
        ["hello", "message", "read", "got", "typing", "page", "form", "identify", "update", "track", "seen", "ping"]
    ),
}
