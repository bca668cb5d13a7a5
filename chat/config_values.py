"""The parts of an inbox in the file of settings: how each is written, and read with its problems where they stand.

What is wrong is written down beside its cause and read as if it were not there. Objects say what shall be otherwise,
lists and the hours replace what there was.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.actions.allowed_origins import MOST_ORIGINS
from chat.appearance import LANGUAGES, LONGEST, TEXTS, Appearance
from chat.forms_hours import HoursForm, wanted
from chat.forms_triggers import RuleForm
from chat.hours import Period
from chat.look import COLOR, DEFAULT
from chat.models import Inbox
from chat.triggers import MOST, Rule
from minichat.lib.origins import parse_origin
from minichat.lib.text import clean_body, clean_line
from workspaces.config import Reading

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PERIOD = re.compile(r"(\d{1,2}:\d{2})-(\d{1,2}:\d{2})")
MOST_PERIODS = 2
RULE_ID = re.compile(r"[0-9A-Za-z_-]{1,8}")
RULE_NAMES = {field.name for field in fields(Rule)}


class InboxTextsForm(forms.Form):
    name = forms.CharField(max_length=80)
    color = forms.CharField(max_length=7, required=False)
    language = forms.ChoiceField(choices=[("", ""), *settings.VISITOR_LANGUAGES], required=False)
    title = forms.CharField(max_length=LONGEST["title"], required=False)
    greeting = forms.CharField(max_length=LONGEST["greeting"], required=False)
    offline_text = forms.CharField(max_length=LONGEST["offline"], required=False)

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])

    def clean_color(self) -> str:
        color: str = self.cleaned_data["color"].lower()
        if color and not COLOR.fullmatch(color):
            raise forms.ValidationError(_("A colour is written as #1f5fbf."))
        return "" if color == DEFAULT else color


class WordsForm(forms.Form):
    """The words for one language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            self.fields[name] = forms.CharField(max_length=LONGEST[name], required=False)


class LabelForm(forms.Form):
    label = forms.CharField(max_length=LONGEST["label"], required=False)

    def clean_label(self) -> str:
        return clean_line(self.cleaned_data["label"])


# --- Sites, and numbers of a row -------------------------------------------------------------------------------------


def read_origins(value: Any, path: str, reading: Reading) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        reading.problem(path, _("A list of texts is expected here."))
        return []
    if len(value) > MOST_ORIGINS:
        reading.problem(
            path, ngettext("At most %(n)d site.", "At most %(n)d sites.", MOST_ORIGINS) % {"n": MOST_ORIGINS}
        )
    origins: dict[str, None] = {}
    for number, one in enumerate(value[:MOST_ORIGINS]):
        try:
            origins[parse_origin(one)] = None
        except ValueError as error:
            reading.problem(f"{path}[{number}]", str(error))
    return list(origins)


def is_one_of(value: Any, allowed: Iterable[Any], path: str, reading: Reading) -> bool:
    """Of the same type too: `true` is no 1 here, nor is 20.0 a 20."""
    found = [one for one in allowed if type(one) is type(value) and one == value]
    if not found:
        known = ", ".join(json.dumps(one) for one in allowed)
        reading.problem(path, _("One of these is expected here: %(values)s.") % {"values": known})
    return bool(found)


# --- How the widget looks --------------------------------------------------------------------------------------------


def appearance_of(inbox: Inbox) -> dict[str, Any]:
    return asdict(inbox.looks)


def read_appearance(value: Any, path: str, reading: Reading, was: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(Appearance)}
    if not reading.is_object(value, path, names):
        return dict(was)
    choices: dict[str, Iterable[Any]] = {
        "preset": Appearance.PRESETS,
        "side": Appearance.SIDES,
        "launcher": Appearance.LAUNCHERS,
        "icon": Appearance.ICONS,
        "size": Appearance.SIZES,
        "home": (True, False),
        "branding": (True, False),
        "sound": (True, False),
    }
    found = reading.through(LabelForm(value), path, {name: one for name, one in value.items() if name == "label"})
    for name, allowed in choices.items():
        if name in value and is_one_of(value[name], allowed, f"{path}.{name}", reading):
            found[name] = value[name]
    if "gap" in value:
        if type(value["gap"]) is int and value["gap"] in Appearance.GAPS:
            found["gap"] = value["gap"]
        else:
            limits = {"least": Appearance.GAPS.start, "most": Appearance.GAPS.stop - 1}
            reading.problem(f"{path}.gap", _("A number from %(least)d to %(most)d is expected here.") % limits)
    return {**was, **found}


# --- Words for one language ------------------------------------------------------------------------------------------


def texts_of(stored: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """All of them, so that a file says what is empty as well."""
    return {code: {name: stored.get(code, {}).get(name, "") for name in TEXTS} for code in LANGUAGES}


def read_texts(value: Any, path: str, reading: Reading, was: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found = {code: dict(was[code]) for code in LANGUAGES}
    if not reading.is_object(value, path, set(LANGUAGES)):
        return found
    for code in [code for code in LANGUAGES if code in value]:
        if reading.is_object(value[code], f"{path}.{code}", set(TEXTS)):
            given = reading.through(WordsForm(value[code]), f"{path}.{code}", value[code])
            found[code] |= {name: clean_body(text) for name, text in given.items()}
    return found


def kept_texts(texts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """As the column has them: only what was written."""
    written = {code: {name: text for name, text in own.items() if text} for code, own in texts.items()}
    return {code: own for code, own in written.items() if own}


# --- When it speaks up by itself -------------------------------------------------------------------------------------


def triggers_of(inbox: Inbox) -> list[dict[str, Any]]:
    return [asdict(rule) for rule in inbox.rules]


def read_triggers(value: Any, path: str, reading: Reading) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        reading.problem(path, _("A list in square brackets is expected here."))
        return []
    if len(value) > MOST:
        reading.problem(path, ngettext("At most %(n)d rule.", "At most %(n)d rules.", MOST) % {"n": MOST})
    rules: list[dict[str, Any]] = []
    for number, one in enumerate(value[:MOST]):
        rule = _rule(one, f"{path}[{number}]", reading)
        if rule and rule["id"] in {other["id"] for other in rules}:
            reading.problem(f"{path}[{number}].id", _("This name stands here twice."))
        elif rule:
            rules.append(rule)
    return rules


def _rule(value: Any, path: str, reading: Reading) -> dict[str, Any] | None:
    before = len(reading.problems)
    if not reading.is_object(value, path, RULE_NAMES):
        return None
    given = {**asdict(Rule(id="")), **value}
    texts = given["texts"] if reading.is_object(given["texts"], f"{path}.texts", set(LANGUAGES)) else {}
    _check_types(given, texts, path, reading)
    if given["id"] != "" and not RULE_ID.fullmatch(str(given["id"])):
        reading.problem(f"{path}.id", _("Up to eight letters and digits are expected here."))
    if len(reading.problems) > before:
        return None
    form = RuleForm({**given, **{f"text_{code}": text for code, text in texts.items()}})
    for name, errors in form.errors.items():
        place = name.replace("text_", "texts.")
        for error in errors:
            reading.problem(f"{path}.{place}", str(error))
    if form.errors:
        return None
    # What the page of the rules would keep, under a name that another look at the same file finds again.
    rule = asdict(Rule(**form.rule()))
    return {**rule, "id": given["id"] or _name_of(rule)}


def _check_types(given: Mapping[str, Any], texts: Mapping[str, Any], path: str, reading: Reading) -> None:
    for name in ("id", "on", "page", "address", "once", "then"):
        if not isinstance(given[name], str):
            reading.problem(f"{path}.{name}", _("A text in quotes is expected here."))
    for code, text in texts.items():
        if not isinstance(text, str):
            reading.problem(f"{path}.texts.{code}", _("A text in quotes is expected here."))
    if type(given["value"]) is not int:
        reading.problem(f"{path}.value", _("A whole number is expected here."))
    is_one_of(given["returning"], (True, False), f"{path}.returning", reading)


def _name_of(rule: dict[str, Any]) -> str:
    told = json.dumps({**rule, "id": ""}, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


# --- When the team is there ------------------------------------------------------------------------------------------


def hours_of(inbox: Inbox) -> dict[str, list[str]] | None:
    """For people: days by their names, periods as "09:00-17:00". None: at any time."""
    hours = inbox.hours
    if not hours:
        return None
    days = {WEEK[day]: [_period(one) for one in periods] for day, periods in sorted(hours.days.items())}
    return {**days, "closed": sorted(day.isoformat() for day in hours.closed)}


def read_hours(value: Any, path: str, reading: Reading) -> dict[str, Any] | None:
    """What the column holds; None where something is wrong."""
    if value is None:
        return {}
    before = len(reading.problems)
    if not reading.is_object(value, path, {*WEEK, "closed"}):
        return None
    lists = {name: one for name, one in value.items() if _is_texts(one, f"{path}.{name}", reading)}
    data = {"limited": "1", "holidays": "\n".join(lists.get("closed", []))}
    for number, day in enumerate(WEEK):
        data |= _fields_of(number, lists.get(day, []), f"{path}.{day}", reading)
    if len(reading.problems) > before:
        return None
    form = HoursForm(data)
    for name, errors in form.errors.items():
        for error in errors:
            reading.problem(path + _place(name), str(error))
    return None if form.errors else wanted(form)["business_hours"]


def _fields_of(number: int, periods: list[str], path: str, reading: Reading) -> dict[str, str]:
    if len(periods) > MOST_PERIODS:
        reading.problem(path, _("A day has at most two periods."))
    data: dict[str, str] = {}
    for part, text in enumerate(periods[:MOST_PERIODS], 1):
        if found := PERIOD.fullmatch(text.strip()):
            data |= {f"d{number}_from{part}": found[1], f"d{number}_to{part}": found[2]}
        else:
            reading.problem(f"{path}[{part - 1}]", _("A period is written as 09:00-17:00."))
    return data


def _is_texts(value: Any, path: str, reading: Reading) -> bool:
    fits = isinstance(value, list) and all(isinstance(one, str) for one in value)
    if not fits:
        reading.problem(path, _("A list of texts is expected here."))
    return fits


def _place(name: str) -> str:
    """Where in the file the field of the form stands."""
    if found := re.fullmatch(r"d(\d)_(?:from|to)(\d)", name):
        return f".{WEEK[int(found[1])]}[{int(found[2]) - 1}]"
    return ".closed" if name == "holidays" else ""


def _period(period: Period) -> str:
    begins, ends = (side.strftime("%H:%M") for side in period)
    return f"{begins}-{ends}"
