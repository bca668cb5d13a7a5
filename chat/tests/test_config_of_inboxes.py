"""All that an owner chose for an inbox is in the file of settings; what is wrong there is said where it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat import actions
from chat.appearance import LANGUAGES
from chat.forms_asking import initial
from chat.models import Inbox
from contacts.actions import FieldWish
from contacts.models import FieldKind
from workspaces import config
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
RULE = {"on": "time", "value": 15, "texts": {"th": "มีคำถามไหมคะ"}}


def document(*inboxes: Any) -> str:
    return json.dumps({"format": "minichat-workspace", "version": 1, "inboxes": list(inboxes)})


def put(workspace: Workspace, by: Membership, *inboxes: Any) -> list[str]:
    """Put this in place; says which settings it changed."""
    plan = config.plan(workspace, document(*inboxes))
    assert plan.problems == []
    config.import_config(workspace, text=document(*inboxes), agreed=plan.digest, by=by)
    return [change.path for change in plan.changes]


def problems(workspace: Workspace, entry: dict[str, Any]) -> dict[str, str]:
    found = config.plan(workspace, document({"name": "Website chat", **entry})).problems
    return {problem.path.removeprefix("inboxes[0]."): problem.text for problem in found}


@pytest.fixture
def chosen(inbox: Inbox, ana_member: Membership) -> Inbox:
    """An inbox whose owner has been through every tab."""
    look = {"color": "#1f5fbf", "language": "th", "title": "ถามเราได้", "greeting": "สวัสดี", "offline_text": "ปิดแล้ว"}
    look |= {
        "appearance": {"preset": "minimal", "side": "left", "gap": 32, "label": "แชต", "home": False, "sound": True}
    }
    look |= {"texts": {"ja": {"title": "ご質問", "greeting": "こんにちは"}}}
    row = actions.set_look(inbox, by=ana_member, **look)
    texts = {"en": "Anything unclear?"}
    rule = {"id": "ab12", "on": "scroll", "value": 60, "page": "contains", "address": "/price", "returning": True}
    fields = [FieldWish(FieldKind.NAME, True), FieldWish(FieldKind.TEXT, False, "Order number")]
    actions.set_inbox_form(row, by=ana_member, fields=fields, consent="ยินยอม", asks_when_away=True)
    row = actions.set_triggers(row, rules=[{**rule, "once": "visitor", "then": "open", "texts": texts}], by=ana_member)
    week = {"days": {"0": [["09:00", "12:00"], ["13:00", "17:30"]], "4": [["20:00", "02:00"]]}}
    hours = {"business_hours": {**week, "closed": ["2026-12-31"]}, "alert_seconds": None, "idle_minutes": 1440}
    return actions.change_inbox(row, by=ana_member, allowed_origins=["https://shop.test"], **hours)


def test_it_goes_out_in_words_for_people(acme: Workspace, chosen: Inbox, ana_member: Membership) -> None:
    [entry] = json.loads(config.export(acme, by=ana_member))["inboxes"]
    assert entry["business_hours"] == {
        "monday": ["09:00-12:00", "13:00-17:30"],
        "friday": ["20:00-02:00"],
        "closed": ["2026-12-31"],
    }
    assert (entry["alert_seconds"], entry["idle_minutes"]) == (None, 1440)
    assert (entry["appearance"]["side"], entry["appearance"]["size"]) == ("left", 56)
    assert entry["texts"]["ja"]["title"] == "ご質問" and entry["texts"]["th"]["title"] == ""
    assert [rule["address"] for rule in entry["triggers"]] == ["/price"]
    form = {"name": "required", "email": "off", "phone": "off", "company": "off", "text": "optional"}
    form |= {"question": "Order number", "consent": "ยินยอม", "makes_leads": False, "asks_when_away": True}
    assert entry["form"] == form
    assert config.plan(acme, config.export(acme, by=ana_member)).changes == []


def test_another_workspace_gets_the_same(
    acme: Workspace, chosen: Inbox, ana_member: Membership, globex: Workspace, gil_member: Membership
) -> None:
    [entry] = json.loads(config.export(acme, by=ana_member))["inboxes"]
    put(globex, gil_member, {**entry, "name": globex.inboxes.get().name})
    twin = globex.inboxes.get()
    names = ("color", "language", "title", "greeting", "offline_text", "appearance", "texts", "triggers")
    for name in (*names, "business_hours", "alert_seconds", "idle_minutes", "allowed_origins"):
        assert getattr(twin, name) == getattr(chosen, name), name
    assert initial(twin) == entry["form"]
    assert globex.audit_entries.filter(action="inbox.look_changed").exists()


def test_a_file_from_before_puts_everything_back(acme: Workspace, chosen: Inbox, ana_member: Membership) -> None:
    before = config.export(acme, by=ana_member)
    row = actions.set_look(acme.inboxes.get(), by=ana_member, appearance={}, texts={"th": {"title": "อื่น"}}, color="")
    row = actions.set_triggers(row, rules=[], by=ana_member)
    actions.change_inbox(row, by=ana_member, business_hours={}, idle_minutes=5)
    plan = config.plan(acme, before)
    told = {change.path: (change.before, change.after) for change in plan.changes}
    assert told["inboxes[0].appearance.side"] == ("right", "left")
    assert told["inboxes[0].texts.th.title"] == ("อื่น", "")
    assert told["inboxes[0].triggers[0].texts.en"] == (None, "Anything unclear?")
    assert told["inboxes[0].business_hours.monday"] == (None, ["09:00-12:00", "13:00-17:30"])
    config.import_config(acme, text=before, agreed=plan.digest, by=ana_member)
    again = acme.inboxes.get()
    for name in ("appearance", "texts", "color", "triggers", "business_hours", "idle_minutes"):
        assert getattr(again, name) == getattr(chosen, name), name


def test_what_is_not_named_stays(acme: Workspace, chosen: Inbox, ana_member: Membership) -> None:
    entry = {"name": chosen.name, "appearance": {"gap": 8}, "texts": {"ja": {"greeting": ""}}}
    assert put(acme, ana_member, entry) == ["inboxes[0].appearance.gap", "inboxes[0].texts.ja.greeting"]
    row = acme.inboxes.get()
    assert (row.looks.side, row.looks.gap) == ("left", 8)
    assert row.texts == {"ja": {"title": "ご質問"}}
    assert row.triggers == chosen.triggers and row.business_hours == chosen.business_hours


def test_the_form_is_changed_where_it_is_named(acme: Workspace, chosen: Inbox, ana_member: Membership) -> None:
    entry = {"name": chosen.name, "form": {"name": "off", "email": "required", "text": "off"}}
    paths = put(acme, ana_member, entry)
    assert set(paths) == {f"inboxes[0].form.{name}" for name in ("name", "email", "text", "question")}
    form = acme.inboxes.get().lead_form
    assert [(row.kind, row.required) for row in form.fields.all()] == [("email", True)]
    assert (form.consent, form.asks_when_away) == ("ยินยอม", True)
    assert put(acme, ana_member, entry) == []


def test_lists_and_hours_are_replaced(acme: Workspace, chosen: Inbox, ana_member: Membership) -> None:
    paths = put(acme, ana_member, {"name": chosen.name, "triggers": [RULE], "business_hours": None})
    assert "inboxes[0].business_hours.monday" in paths and "inboxes[0].triggers[0].value" in paths
    row = acme.inboxes.get()
    [rule] = row.rules
    assert (rule.on, rule.value, rule.then, rule.texts) == ("time", 15, "say", {"th": "มีคำถามไหมคะ"})
    assert row.business_hours == {}
    # A rule without a name gets one that a second look finds again.
    assert rule.id and put(acme, ana_member, {"name": chosen.name, "triggers": [RULE]}) == []


def test_a_new_inbox_has_all_of_it(acme: Workspace, ana_member: Membership) -> None:
    entry = {"name": "Second", "color": "#1F5FBF", "appearance": {"icon": "help"}, "triggers": [RULE]}
    paths = put(acme, ana_member, entry)
    assert {"inboxes[0]", "inboxes[0].color", "inboxes[0].appearance.icon"} <= set(paths)
    row = acme.inboxes.get(name="Second")
    assert (row.color, row.looks.icon, len(row.rules)) == ("#1f5fbf", "help", 1)


@pytest.mark.parametrize(
    ("entry", "path", "sentence"),
    [
        ({"language": "xx"}, "language", "not one of the available"),
        ({"title": "x" * 61}, "title", "at most 60"),
        ({"color": "teal"}, "color", "written as #"),
        ({"alert_seconds": 45}, "alert_seconds", "30, 60, 120, 300, 600, null"),
        ({"idle_minutes": True}, "idle_minutes", "One of these"),
        ({"appearance": "dark"}, "appearance", "object in braces"),
        ({"appearance": {"css": "body{}"}}, "appearance.css", "not known"),
        ({"appearance": {"preset": "url(x)"}}, "appearance.preset", '"auto", "light"'),
        ({"appearance": {"size": 56.0}}, "appearance.size", "48, 56, 64"),
        ({"appearance": {"home": 1}}, "appearance.home", "true, false"),
        ({"appearance": {"gap": 500}}, "appearance.gap", "from 4 to 80"),
        ({"appearance": {"label": "x" * 31}}, "appearance.label", "at most 30"),
        ({"appearance": {"label": 5}}, "appearance.label", "text in quotes"),
        ({"texts": []}, "texts", "object in braces"),
        ({"texts": {"fr": {}}}, "texts.fr", "not known"),
        ({"texts": {"th": {"footer": "x"}}}, "texts.th.footer", "not known"),
        ({"texts": {"th": {"greeting": "x" * 501}}}, "texts.th.greeting", "at most 500"),
        ({"triggers": {}}, "triggers", "list in square brackets"),
        ({"triggers": [{**RULE, "value": n} for n in range(6)]}, "triggers", "At most 5 rules"),
        ({"triggers": [RULE, RULE]}, "triggers[1].id", "twice"),
        ({"triggers": ["x"]}, "triggers[0]", "object in braces"),
        ({"triggers": [{**RULE, "script": "x"}]}, "triggers[0].script", "not known"),
        ({"triggers": [{**RULE, "id": "<script>"}]}, "triggers[0].id", "letters and digits"),
        ({"triggers": [{**RULE, "on": "never"}]}, "triggers[0].on", "not one of the available"),
        ({"triggers": [{**RULE, "on": 5}]}, "triggers[0].on", "text in quotes"),
        ({"triggers": [{**RULE, "on": "scroll", "value": 101}]}, "triggers[0].value", "1 and 100"),
        ({"triggers": [{**RULE, "value": "15"}]}, "triggers[0].value", "whole number"),
        ({"triggers": [{**RULE, "page": "is"}]}, "triggers[0].address", "which address"),
        ({"triggers": [{**RULE, "returning": "no"}]}, "triggers[0].returning", "true, false"),
        ({"triggers": [{"on": "exit"}]}, "triggers[0].texts.en", "one language"),
        ({"triggers": [{**RULE, "texts": {"th": "x" * 81}}]}, "triggers[0].texts.th", "at most 80"),
        ({"form": []}, "form", "object in braces"),
        ({"form": {"age": "required"}}, "form.age", "not known"),
        ({"form": {"name": "maybe"}}, "form.name", '"off", "optional", "required"'),
        ({"form": {"makes_leads": 1}}, "form.makes_leads", "true, false"),
        ({"form": {"text": "optional"}}, "form.question", "Write the question"),
        ({"form": {"text": "optional", "question": 5}}, "form.question", "text in quotes"),
        ({"form": {"consent": "x" * 501}}, "form.consent", "at most 500"),
        ({"business_hours": []}, "business_hours", "object in braces"),
        ({"business_hours": {}}, "business_hours", "at least one day"),
        ({"business_hours": {"holiday": []}}, "business_hours.holiday", "not known"),
        ({"business_hours": {"monday": "9-5"}}, "business_hours.monday", "list of texts"),
        ({"business_hours": {"monday": ["9-5"]}}, "business_hours.monday[0]", "09:00-17:00"),
        ({"business_hours": {"monday": ["09:00-25:00"]}}, "business_hours.monday[0]", "valid time"),
        ({"business_hours": {"monday": ["09:00-12:00"] * 3}}, "business_hours.monday", "two periods"),
        ({"business_hours": {"monday": ["9:00-12:00", "8:00-9:00"]}}, "business_hours.monday[1]", "before the first"),
        ({"business_hours": {"monday": ["9:00-12:00"], "closed": ["soon"]}}, "business_hours.closed", "no date"),
    ],
)
def test_SR64_what_is_wrong_is_said_where_it_stands(
    acme: Workspace, inbox: Inbox, entry: dict[str, Any], path: str, sentence: str
) -> None:
    found = problems(acme, entry)
    assert list(found) == [path] and sentence in found[path], found
    inbox.refresh_from_db()
    assert inbox.triggers == [] and inbox.appearance == {} and inbox.business_hours == {}


def test_the_languages_are_those_of_the_widget(acme: Workspace, inbox: Inbox, ana_member: Membership) -> None:
    [entry] = json.loads(config.export(acme, by=ana_member))["inboxes"]
    assert list(entry["texts"]) == list(LANGUAGES)
