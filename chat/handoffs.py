"""Why the assistant handed a conversation over: words that are stored, and the team's sentences for them."""

from django.utils.translation import gettext_lazy as _

ASKED, UNKNOWN, FILE, CONTINUED = "asked", "unknown", "file", "continued"
SWITCHED_OFF, HOURS, FAILED, MODERATED = "off", "hours", "failed", "moderated"
SENTENCES = {
    ASKED: _("The visitor asked for a person"),
    UNKNOWN: _("The AI assistant did not know the answer and handed over"),
    FILE: _("The visitor sent a file: the AI assistant handed over"),
    CONTINUED: _("The visitor goes on from your team’s answer: the AI assistant handed over"),
    SWITCHED_OFF: _("The AI assistant is switched off in this inbox and handed over"),
    HOURS: _("It is not the AI assistant’s time to answer: it handed over"),
    FAILED: _("The AI assistant did not answer in time and handed over"),
    MODERATED: _("A moderation rule called for a person"),
}
# The rules of moderation that come with the house, and the one that the provider applies; those of a workspace are kept
# by their own names.
PROVIDER = "list:provider"
_RULES = {
    "list:threats": _("Threats and self-harm"),
    "list:abuse": _("Insults"),
    PROVIDER: _("The provider’s moderation"),
}


def rule_name(rule: str) -> str:
    return str(_RULES.get(rule, rule))
