"""Keys, models and caps as they are typed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ai import budgets, chain, keys, money
from ai.models import Budget
from ai.models.credential import LONGEST_KEY
from ai.models.offer import LONGEST_MODEL
from ai.naming import NAMES, provider_name
from ai.providers import catalogue
from ai.providers.ollama import Ollama
from minichat.lib import http
from minichat.lib.origins import is_loopback
from minichat.lib.text import clean_line
from workspaces.models import Workspace

# As providers write them: openai/gpt-oss-20b, claude-haiku-4-5, qwen3:8b.
MODEL = re.compile(r"[A-Za-z0-9][\w.:/@+-]*", re.ASCII)
MOST = Decimal(1_000_000_000)
LEAST_RATE, MOST_RATE = Decimal("0.01"), Decimal(1_000_000)


class KeyForm(forms.Form):
    """For one provider. The key is typed anew each time: one that is there is never shown, nor taken along to another
    address (SR-55)."""

    base_url = forms.CharField(
        label=gettext_lazy("Address of the server"),
        help_text=gettext_lazy(
            "Where it speaks like OpenAI, with the version at the end: https://llm.example.com/v1. It must be "
            "reachable from the internet by https."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url", "spellcheck": "false", "dir": "ltr"}),
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        help_text=gettext_lazy("Kept encrypted and never shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, provider: str, address: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if provider != catalogue.COMPATIBLE:
            del self.fields["base_url"]
            return
        self.initial["base_url"] = address
        self.fields["key"].required = False
        self.fields["key"].help_text = _(
            "Kept encrypted and never shown again. Leave it empty if the server wants none."
        )

    def clean_key(self) -> str:
        key = self.cleaned_data["key"].strip()
        if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
            raise forms.ValidationError(_("This is no key: keys are made of Latin letters, digits and signs."))
        return key

    def clean_base_url(self) -> str:
        """Refused is what would be refused when it is asked, and plain http: the key would travel in the open."""
        try:
            place = http.parse(self.cleaned_data["base_url"])
        except http.NotAnAddress as error:
            raise forms.ValidationError(str(error) or _("This is not an address.")) from error
        if is_loopback(place.origin):
            raise forms.ValidationError(
                _(
                    "This address leads to the machine that MiniChat runs on. An Ollama there is set up by whoever "
                    "runs this installation."
                )
            )
        if place.scheme != "https":
            raise forms.ValidationError(
                _("Over plain http the key could be read on its way. Use an address with https.")
            )
        if place.port not in http.Limits().ports:
            raise forms.ValidationError(_("Only servers on the usual port of https (443) are asked."))
        if "?" in place.target:
            raise forms.ValidationError(_("Leave out everything from the question mark on."))
        return str(place).rstrip("/")


class LinkForm(forms.Form):
    """One more model: one from the list, or another one of a provider by its name."""

    choice = forms.ChoiceField(label=gettext_lazy("Model"))
    model = forms.CharField(
        label=gettext_lazy("Name of another model"),
        help_text=gettext_lazy("As the provider writes it. Only if you chose “Another model” above."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = choices(workspace)
        self.fields["choice"].choices = groups  # type: ignore[attr-defined]
        if not any(value.endswith("/") for _name, group in groups for value, _label in group):
            del self.fields["model"]

    @property
    def is_empty(self) -> bool:
        """There is nothing to choose: no key, and nothing in the plan."""
        return not self.fields["choice"].choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        provider, _slash, model = data.get("choice", "").partition("/")
        data["provider"], data["chosen"] = provider, model or self._typed(data)
        return data

    def _typed(self, data: dict[str, Any]) -> str:
        name = clean_line(data.get("model", ""))
        if not data.get("choice"):
            return ""
        if not name:
            self.add_error("model", _("Write the name of the model, or choose one from the list."))
        elif len(name) > LONGEST_MODEL or not MODEL.fullmatch(name):
            self.add_error("model", _("This is no name of a model: no spaces, and Latin letters only."))
        return name


def choices(workspace: Workspace) -> list[tuple[str, list[tuple[str, str]]]]:
    """The models that a workspace can ask, by provider; `groq/` stands for another one of Groq's."""
    known, included = keys.accesses(workspace), chain.included_models(workspace)
    offers = chain.offers()
    groups = []
    for provider in NAMES:
        access = known.get(provider)
        if access is None:
            continue
        is_any = access.is_own or provider == Ollama.name
        rows = [
            (f"{provider}/{one.model}", _priced(one.name, one.price_in, one.price_out))
            for one in offers
            if one.provider == provider and (is_any or (provider, one.model) in included)
        ]
        if is_any:
            rows.append((f"{provider}/", _("Another model…")))
        if rows:
            groups.append((str(provider_name(provider)), rows))
    return groups


def _priced(name: str, price_in: int, price_out: int) -> str:
    if not price_in and not price_out:
        return _("%(name)s (free)") % {"name": name}
    return f"{name} ({money.per_million(price_in)} / {money.per_million(price_out)})"


class CapsForm(forms.Form):
    monthly_cap = forms.DecimalField(label="", required=False, min_value=0, max_value=MOST, decimal_places=2)
    daily_cap = forms.DecimalField(label="", required=False, min_value=0, max_value=MOST, decimal_places=2)
    rate = forms.DecimalField(label="", min_value=LEAST_RATE, max_value=MOST_RATE, decimal_places=4)
    answers_per_visitor = forms.IntegerField(
        label=gettext_lazy("Answers for one visitor a day"),
        help_text=gettext_lazy("After that the built-in answers take over for this visitor. Empty: no cap."),
        required=False,
        min_value=1,
        max_value=100_000,
    )

    def __init__(self, *args: Any, workspace: Workspace, budget: Budget | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = {"currency": workspace.currency}
        self.fields["monthly_cap"].label = _("Cap a month in %(currency)s") % currency
        self.fields["daily_cap"].label = _("Cap a day in %(currency)s") % currency
        self.fields["monthly_cap"].help_text = _("Empty: no cap. At 90 % and at the end the owners hear of it.")
        self.fields["daily_cap"].help_text = _("Empty: no cap.")
        self.fields["rate"].label = _("%(currency)s for one US dollar") % currency
        self.fields["rate"].help_text = _(
            "Providers charge in US dollars. The caps keep the rate they were saved with."
        )
        self.fields["rate"].initial = budgets.RATES.get(workspace.currency, "1")
        if workspace.currency == "USD":
            del self.fields["rate"]
        if budget is not None:
            self.initial = {**self._initial(workspace, budget), **self.initial}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "rate" not in self.fields:
            data["rate"] = Decimal(1)
        month, day = data.get("monthly_cap"), data.get("daily_cap")
        if month is not None and day is not None and day > month:
            self.add_error("daily_cap", _("A day cannot have more than the month."))
        return data

    def _initial(self, workspace: Workspace, budget: Budget) -> dict[str, Any]:
        """In another currency than they were saved in, caps are shown for what they are worth."""
        kept = {"answers_per_visitor": budget.answers_per_visitor}
        if budget.currency == workspace.currency:
            return {**kept, "monthly_cap": budget.monthly_cap, "daily_cap": budget.daily_cap, "rate": budget.rate}
        rate = Decimal(budgets.RATES.get(workspace.currency, "1"))
        return {
            **kept,
            "monthly_cap": _worth(budget.monthly_microusd, rate),
            "daily_cap": _worth(budget.daily_microusd, rate),
        }


def _worth(amount: int | None, rate: Decimal) -> Decimal | None:
    return None if amount is None else budgets.in_currency(amount, rate).quantize(Decimal("0.01"))
