"""Every page in both languages and both themes: axe finds nothing, the policy refuses nothing, nothing hangs over.

The pages are read from the addresses that the server knows, so a new page is looked at without being listed here. What
cannot be opened without an id of something is named below, or said to be no page.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Error

from minichat.tests.matrix import TABLE
from tests.browser.house import SECRET_KEY, House

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"type": "tag", "values": TAGS}
# All that a theme can change: it draws the same elements.
COLOURS = {"type": "rule", "values": ["color-contrast"]}
LANGUAGES = ("en", "th")
# A colour fades over, and axe would measure it half way.
COLOURS_HAVE_CHANGED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
  const running = document.getAnimations().filter(one => one.effect.getComputedTiming().iterations !== Infinity);
  Promise.allSettled(running.map(one => one.finished)).then(() => done());
})))"""
MOST_FINDINGS = 30

# Addresses that hold an id: how to find one. What is missing here and below fails `test_every_page_is_walked`.
WITH_ID: dict[str, Callable[[House], str]] = {
    "thread": lambda house: f"/w/acme/conversations/{thread_of(house)}/",
    "unsubscribe": lambda house: f"/unsubscribe/{unsubscribe_token(house)}/",
    "stop-visitor-mail": lambda house: f"/unsubscribe/chat/{stop_visitor_token(house)}/",
    "thread-details": lambda house: f"/w/acme/conversations/{thread_of(house)}/details/",
    "edit-view": lambda house: f"/w/acme/conversations/views/{view_of(house)}/",
    "edit-label": lambda house: f"/w/acme/settings/labels/{label_of(house)}/",
    "edit-canned": lambda house: f"/w/acme/canned/{canned(house)}/",
    "knowledge-source": lambda house: f"/w/acme/knowledge/{faq_of(house)}/",
    "edit-source": lambda house: f"/w/acme/knowledge/{faq_of(house)}/edit/",
    "edit-golden": lambda house: f"/w/acme/ai/questions/{golden_of(house)}/",
    "knowledge-gaps": lambda house: gaps(house),
    "assistant-version": lambda house: f"/w/acme/ai/versions/{version_of(house)}/",
    "ai-key": lambda house: "/w/acme/ai/keys/groq/",
    "inbox-settings": lambda house: f"/w/acme/settings/inboxes/{inbox_of(house)}/",
    "inbox-general": lambda house: f"/w/acme/settings/inboxes/{inbox_of(house)}/general/",
    "inbox-hours": lambda house: f"/w/acme/settings/inboxes/{inbox_of(house)}/hours/",
    "inbox-form": lambda house: f"/w/acme/settings/inboxes/{inbox_of(house)}/form/",
    "inbox-look": lambda house: f"/w/acme/settings/inboxes/{inbox_of(house)}/look/",
    "inbox-install": lambda house: f"/w/acme/settings/inboxes/{inbox_of(house)}/install/",
    "inbox-triggers": lambda house: f"/w/acme/settings/inboxes/{inbox_of(house)}/triggers/",
    "inbox-members": lambda house: f"/w/acme/settings/inboxes/{inbox_of(house)}/members/",
    "contact": lambda house: f"/w/acme/contacts/{somebody(house)}/",
    "edit-contact": lambda house: f"/w/acme/contacts/{somebody(house)}/edit/",
    "merge-contact": lambda house: f"/w/acme/contacts/{somebody(house)}/merge/",
    "edit-note": lambda house: f"/w/acme/contacts/{somebody(house)}/notes/{note_of(house)}/edit/",
    "lead": lambda house: f"/w/acme/leads/{lead_of(house)}/",
    "inbox-identity": lambda house: f"/w/acme/settings/inboxes/{inbox_of(house)}/identity/",
    "member": lambda house: f"/w/acme/settings/team/{house.member('omar@acme.test')}/",
}
# States that a page has by its query.
STATES = [
    "/w/acme/conversations/?tab=waiting",
    "/w/acme/conversations/?tab=closed",
    "/w/acme/conversations/?tab=mine",
    "/w/acme/conversations/?tab=snoozed",
    "/w/acme/conversations/?priority=urgent&unread=1&sort=priority",
    "/w/acme/conversations/?q=%E0%B8%84%E0%B8%B1%E0%B9%88%E0%B8%A7",
    "/w/acme/conversations/?q=nothing-has-this",
    "/w/acme/conversations/?q=a&since=2026-11-20&until=2026-11-01",
    "/w/acme/notifications/?show=unread",
    "/w/acme/contacts/?q=nobody",
    "/w/acme/leads/?status=new",
    "/w/acme/knowledge/?q=nothing-has-this",
    "/w/acme/knowledge/files/?q=nothing-has-this",
    "/w/acme/knowledge/test/?q=how+long+is+delivery",
    "/w/acme/knowledge/test/?q=%E0%B8%AA%E0%B9%88%E0%B8%87%E0%B8%9F%E0%B8%A3%E0%B8%B5%E0%B9%84%E0%B8%AB%E0%B8%A1",
    "/w/acme/knowledge/test/?q=how+do+I+pay+for+shipping",
    "/w/acme/knowledge/test/?q=unicorns",
    "/w/acme/ai/questions/new/?question=how+long+is+delivery",
    "/unsubscribe/dead/",
    "/unsubscribe/chat/dead/",
    "/dev/mail/?page=2",
    "/nowhere/",
]
# What a GET answers with no page of ours: JSON, files, fragments, redirects and verbs; and frames shown elsewhere.
NO_PAGE = {
    "why-answer",
    "suggestion-bar",
    "changes",
    "find",
    "triage-progress",
    "check-progress",
    "snooze-times",
    "inbox-search",
    "view-counts",
    "offered-canned",
    "colleagues",
    "contact-notes",
    "export-canned",
    "export-faqs",
    "knowledge-file",
    "widget-theme",
    "widget-more",
    "widget-file",
    "attachment",
    "notifications-latest",
    "notifications-count",
    "widget-loader",
    "pinned-loader",
    "widget-frame",
    "widget-state",
    "widget-changes",
    "widget-conversations",
    "picture",
    "file",
    "account_export_file",
    "robots",
    "sitemap",
    "invitation-link",
    "dev-mail-one",
    "dev-mail-html",
    "account_reset_password_from_key",
    # Nobody of the demo has a passkey.
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}


def view_of(house: House) -> uuid.UUID:
    [(key,)] = house.rows("select id from chat_savedview order by created_at limit 1")
    return uuid.UUID(key)


def label_of(house: House) -> uuid.UUID:
    [(key,)] = house.rows("select id from chat_label order by created_at limit 1")
    return uuid.UUID(key)


def canned(house: House) -> uuid.UUID:
    """A text of Acme's team, which the demo has none of."""
    one = uuid.uuid5(uuid.NAMESPACE_URL, "walked")
    house.write(
        "insert or ignore into chat_cannedresponse (id, workspace_id, shortcut, body, created_at, changed_at)"
        " select ?, id, 'walked', 'We are here.', datetime('now'), datetime('now') from workspaces_workspace"
        " where slug = 'acme'",
        one.hex,
    )
    return one


def faq_of(house: House) -> uuid.UUID:
    [(key,)] = house.rows("select id from ai_source where title = 'ร้านเปิดกี่โมง'")
    return uuid.UUID(key)


def golden_of(house: House) -> uuid.UUID:
    """A test question of Acme's team, which the demo has none of."""
    one = uuid.uuid5(uuid.NAMESPACE_URL, "golden")
    house.write(
        "insert or ignore into ai_goldenquestion (id, workspace_id, question, expects, source_id, words, created_at)"
        " select ?, id, 'ร้านเปิดกี่โมง', 'words', null, '9', datetime('now') from workspaces_workspace"
        " where slug = 'acme'",
        one.hex,
    )
    return one


def gaps(house: House) -> str:
    """The list of unanswered questions with one in it, which the demo's assistant has none of before anybody asks."""
    house.write(
        "insert or ignore into ai_answer (id, workspace_id, conversation_id, question_id, outcome, reason, confidence,"
        " hits, made_by, is_gap, was_gap, created_at)"
        " select ?, m.workspace_id, m.conversation_id, m.id, 'handed_off', 'unknown', 0, '[]', '{}', true, true,"
        " datetime('now') from chat_message m where m.conversation_id = ? and m.kind = 'visitor'"
        " and m.id not in (select question_id from ai_answer) order by m.created_at limit 1",
        uuid.uuid5(uuid.NAMESPACE_URL, "gap").hex,
        thread_of(house).replace("-", ""),
    )
    return "/w/acme/knowledge/unanswered/"


def version_of(house: House) -> str:
    """A version of Acme's assistant, which the demo has none of."""
    if not (found := house.rows("select id from ai_assistantversion order by number")):
        house.write(
            "insert into ai_assistantversion"
            " (id, workspace_id, number, settings, note, published_at, checked, created_at)"
            " select ?, id, 1, '{\"tone\": \"brief\"}', 'Begin', datetime('now'), '{}', datetime('now')"
            " from workspaces_workspace where slug = 'acme'",
            uuid.uuid5(uuid.NAMESPACE_URL, "version").hex,
        )
        return str(uuid.uuid5(uuid.NAMESPACE_URL, "version"))
    return str(uuid.UUID(found[0][0]))


def somebody(house: House) -> uuid.UUID:
    """Of whom the demo knows everything there is to know: attributes, a note by Ana, a lead."""
    [(key,)] = house.rows("select id from contacts_contact where name = 'สุดารัตน์ แก้วมณี'")
    return uuid.UUID(key)


def note_of(house: House) -> uuid.UUID:
    [(key,)] = house.rows("select id from contacts_note where contact_id = ? limit 1", somebody(house).hex)
    return uuid.UUID(key)


def lead_of(house: House) -> uuid.UUID:
    [(key,)] = house.rows("select id from contacts_lead where contact_id = ?", somebody(house).hex)
    return uuid.UUID(key)


def unsubscribe_token(house: House) -> str:
    """As a mail to one of Acme's members would hold it."""
    [(member,)] = house.rows(
        "select m.id from workspaces_membership m join workspaces_workspace w on w.id = m.workspace_id"
        " join accounts_user u on u.id = m.user_id where w.slug = 'acme' and u.email = 'omar@acme.test'"
    )
    stands_for = {"m": member, "k": ["conversation.assigned"], "t": int(time.time())}
    return signing.dumps(stands_for, key=SECRET_KEY, salt="notifications.unsubscribe")


def stop_visitor_token(house: House) -> str:
    """As a mail to somebody who chatted with Acme would hold it."""
    [(workspace, contact)] = house.rows(
        "select w.id, c.id from contacts_contact c join workspaces_workspace w on w.id = c.workspace_id"
        " where w.slug = 'acme' order by c.number limit 1"
    )
    stands_for = {"w": workspace, "c": contact, "t": int(time.time())}
    return signing.dumps(stands_for, key=SECRET_KEY, salt="chat.unseen")


def routes(patterns: list[Any] | None = None, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        where = prefix + str(pattern.pattern)
        if where.startswith("/admin/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, where)
        else:
            yield where, pattern


def pages(house: House) -> dict[str, str]:
    """Name and address of all that can be opened."""
    found = {}
    for where, pattern in routes():
        place = where.replace("<slug:slug>", "acme")
        if pattern.name in WITH_ID:
            found[pattern.name] = WITH_ID[pattern.name](house)
        elif not re.search(r"[<(^$]", place) and pattern.name not in NO_PAGE and opens(pattern.name):
            found[pattern.name or place] = place
    return found


def opens(name: str | None) -> bool:
    """Whether there is anything to see: an address that only takes what is sent to it has no page."""
    return name not in TABLE or any(rule.method == "get" for rule in TABLE[name])


def test_every_page_is_walked(house: House) -> None:
    known = pages(house).keys() | NO_PAGE
    unknown = [where for where, pattern in routes() if pattern.name in TABLE.keys() - known and opens(pattern.name)]
    assert unknown == [], "Say in WITH_ID how to open it, or in NO_PAGE that there is nothing to look at"


@pytest.mark.parametrize("language", LANGUAGES)
def test_SR40_pages_of_everybody(house: House, visit: Any, language: str) -> None:
    context = visit.context(color_scheme="light")
    speak(context, house, language)
    walk(context, house, [*pages(house).values(), *STATES])


@pytest.mark.parametrize("language", LANGUAGES)
def test_SR40_pages_of_the_owner(house: House, visit: Any, language: str) -> None:
    context = visit.signed_in("ana@acme.test", color_scheme="light")
    speak(context, house, language)
    seen = walk(context, house, [*pages(house).values(), *STATES])
    assert len(seen) > 20, seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_SR40_the_widget(house: House, visit: Any, language: str) -> None:
    context = visit.context(color_scheme="light", viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{house.shop}?lang={language}")
    page.locator("minichat-widget button.launcher").click()
    frame = page.frame_locator("minichat-widget iframe")
    frame.locator("#start").wait_for()
    inner = next(one for one in page.frames if "/widget/" in one.url)
    assert findings(inner) == []
    assert inner.evaluate("document.documentElement.scrollWidth <= innerWidth")
    frame.locator("#start").click()
    frame.locator("textarea").fill("a11y")
    frame.locator("textarea").press("Enter")
    frame.locator("#log .m.me").wait_for()
    assert findings(inner) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    inner.locator("html[data-theme=dark]").wait_for(state="attached")
    assert findings(inner, COLOURS) == []
    assert inner.evaluate("document.documentElement.scrollWidth <= innerWidth")


def thread_of(house: House) -> str:
    [(thread,)] = house.rows(
        "select c.id from chat_conversation c join workspaces_workspace w on w.id = c.workspace_id"
        " where w.slug = 'acme' and c.status = 'open' order by c.last_message_at desc limit 1"
    )
    text = thread.replace("-", "")
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def inbox_of(house: House) -> uuid.UUID:
    [(inbox,)] = house.rows(
        "select i.id from chat_inbox i join workspaces_workspace w on w.id = i.workspace_id where w.slug = 'acme'"
        " order by i.created_at limit 1"
    )
    return uuid.UUID(inbox)


def speak(context: Any, house: House, language: str) -> None:
    """Choose the language as a person would: with the switch."""
    page = context.new_page()
    page.goto(f"{house.url}/")
    page.locator(f"button[name=language][value={language}]").first.click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == language
    page.close()


def walk(context: Any, house: House, paths: list[str]) -> set[str]:
    """Open each page once, in the light and in the dark; whoever is led to one that was looked at already goes on."""
    page = context.new_page()
    problems: list[str] = []
    seen: set[str] = set()
    for path in paths:
        page.set_viewport_size({"width": 1440, "height": 900})
        # Without motion: a colour on its way from light to dark can be read in neither.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        response = opened(page, f"{house.url}{path}")
        if not is_page(response) or place_of(page.url) in seen:
            continue
        seen.add(place_of(page.url))
        problems += [f"{path}: {finding}" for finding in findings(page)]
        turn_dark(page)
        problems += [f"{path} in the dark: {finding}" for finding in findings(page, COLOURS)]
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                problems.append(f"{path}: scrolls sideways at {width} px")
            if width == 320:
                problems += [f"{path} at 320: {finding}" for finding in findings(page)]
        if len(problems) > MOST_FINDINGS:
            break
    assert problems == []
    return seen


def place_of(url: str) -> str:
    """Asked to sign in for one page or for another, one sees the same page."""
    return url.partition("?")[0] if "next=" in url else url


def opened(page: Any, address: str) -> Any:
    """The answer; None for a file, which is kept and not shown."""
    try:
        return page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return None
        raise


def is_page(response: Any) -> bool:
    """405 is a verb that was opened by hand; everything else that is HTML has to be in order, refusals too."""
    return (
        response is not None and "text/html" in (response.headers.get("content-type") or "") and response.status != 405
    )


def turn_dark(page: Any) -> None:
    """As the system does at sunset. Pages without our script (the shop of the demo) have only the media query."""
    page.emulate_media(color_scheme="dark")
    if page.locator("html[data-theme]").count():
        page.locator("html[data-theme=dark]").wait_for(state="attached")
    page.evaluate(COLOURS_HAVE_CHANGED)


def findings(page: Any, rules: dict[str, Any] = EVERYTHING) -> list[str]:
    """What axe objects to, in short. It is handed over by the debugger, so the page's policy stays as it is."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", rules)
    return [f"{one['id']} {one['nodes'][0]['target']} {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
