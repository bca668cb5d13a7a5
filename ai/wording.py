"""The settings of an assistant in words: for the form, for what differs between two versions, for the outcomes of a
check."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ai.knowledge.decide import Style
from ai.outcomes import Kind
from ai.persona import Act, Hours, Particle, Ready, Tone

Words = str | Promise

LABELS: dict[str, Any] = {
    "name": _("Name of the assistant"),
    "tone": _("Tone"),
    "particle": _("Polite ending in Thai"),
    "instructions": _("Instructions"),
    "custom": _("More about your business"),
    "style": _("When it answers by itself"),
    "hand_off_phrases": _("Words with which it hands over"),
    "blocked_topics": _("What it does not talk about"),
    "hours": _("When it is on duty"),
    "ready": _("Ready-made lists"),
    "rules": _("Moderation rules"),
    "asks_provider": _("Also ask the provider’s moderation"),
}
TONES: dict[Tone, Words] = {
    Tone.FRIENDLY: _("Friendly: warm and natural"),
    Tone.PROFESSIONAL: _("Professional: polite and matter-of-fact"),
    Tone.LIVELY: _("Lively: cheerful, for young customers"),
    Tone.BRIEF: _("Brief: no word too many"),
}
# The endings themselves are Thai in each language.
PARTICLES: dict[Particle, Words] = {
    Particle.NONE: pgettext_lazy("Thai particle", "None"),
    Particle.KHA: format_lazy(_("{statement} and {question}, as women speak"), statement="ค่ะ", question="คะ"),
    Particle.KHRAP: format_lazy(_("{statement}, as men speak"), statement="ครับ"),
}
STYLES: dict[Style, Words] = {
    Style.CAREFUL: _("Careful: only when it is sure; it hands over more often"),
    Style.BALANCED: _("Balanced"),
    Style.EAGER: _("Eager: it answers whenever something fits, and errs more often"),
}
HOURS: dict[Hours, Words] = {
    Hours.ALWAYS: _("Always"),
    Hours.OUTSIDE: _("Only outside office hours, when nobody is there"),
    Hours.INSIDE: _("Only during office hours"),
}
READY: dict[Ready, Words] = {
    Ready.THREATS: _("Threats and self-harm: a person takes over at once"),
    Ready.ABUSE: _("Insults: it asks politely to stay calm, and no model is used"),
    Ready.NUMBERS: _("Card numbers and Thai ID numbers: hidden from language models"),
}
ACTS: dict[Act, Words] = {
    Act.HAND_OFF: _("Hand over to a person"),
    Act.REPLY: _("Answer with a fixed sentence, without a model"),
    Act.MARK: _("Only mark the conversation for the team"),
}
YES_NO: dict[bool, Words] = {
    True: pgettext_lazy("a setting", "On"),
    False: pgettext_lazy("a setting", "Off"),
}
KINDS: dict[Kind, Words] = {
    Kind.ANSWER: _("Answers"),
    Kind.DID_YOU_MEAN: _("Asks back what was meant"),
    Kind.HAND_OFF: _("Hands over: it does not know"),
    Kind.PERSON: _("Hands over: it was asked for a person"),
    Kind.MODERATED: _("Hands over: a moderation rule calls for a person"),
    Kind.FIXED: _("Says the sentence of a moderation rule"),
    Kind.BLOCKED: _("Says that it does not talk about this"),
    Kind.SMALL_TALK: _("Replies to small talk"),
}
