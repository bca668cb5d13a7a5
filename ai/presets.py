"""Beginnings for the instructions: four sorts of assistant, in the language of whoever writes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ai.knowledge.decide import Style
from ai.persona import Tone
from ai.wording import Words


@dataclass(frozen=True)
class Preset:
    key: str
    label: Words
    about: Words
    instructions: Words
    tone: Tone
    style: Style


PRESETS = {
    preset.key: preset
    for preset in (
        Preset(
            "support",
            _("Customer support"),
            _("Answers about orders, delivery and returns, and fetches somebody when things get difficult."),
            _(
                "You help customers of our shop with orders, delivery, payment and returns.\n"
                "Stay calm and kind, also when somebody is annoyed; say sorry once and then help.\n"
                "Answer in two or three sentences. Ask for the order number when you need it.\n"
                "Hand over to a person for complaints, refunds and anything you cannot find in our knowledge."
            ),
            Tone.FRIENDLY,
            Style.BALANCED,
        ),
        Preset(
            "sales",
            _("Sales assistant"),
            _("Helps to choose, says what things cost, and never pushes."),
            _(
                "You help customers to find the right product.\n"
                "Ask what they need it for and what they want to spend before you suggest anything.\n"
                "Suggest at most three products, each with its price and one reason.\n"
                "Never invent products or discounts.\n"
                "Do not push. Hand over to a person for large orders and special prices."
            ),
            Tone.LIVELY,
            Style.EAGER,
        ),
        Preset(
            "faq",
            _("FAQ bot"),
            _("Short answers to what is asked every day, and nothing else."),
            _(
                "You answer questions that are in our knowledge, and nothing else.\n"
                "Answer briefly, in the words of our FAQs. Do not guess and do not add anything.\n"
                "If the answer is not there, say so and hand over to a person."
            ),
            Tone.BRIEF,
            Style.CAREFUL,
        ),
        Preset(
            "technical",
            _("Technical support"),
            _("Leads through a solution step by step."),
            _(
                "You help customers whose product does not work as it should.\n"
                "Ask for the model, what happened and what they tried already.\n"
                "Give one step at a time, numbered, and ask whether it helped before the next one.\n"
                "Hand over to a person when safety is concerned, when something is broken, "
                "or after three steps without success."
            ),
            Tone.PROFESSIONAL,
            Style.BALANCED,
        ),
    )
}
