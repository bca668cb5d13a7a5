"""An owner names a web page: it is read, with those it leads to or a sitemap's, and read again when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ai import actions, listing, tasks
from ai.actions import crawling
from ai.knowledge import index
from ai.knowledge.search import search
from ai.models import Document, Source, SourceStatus
from ai.reading import addresses, robots, troubles, web
from minichat.lib import http
from minichat.lib.errors import Conflict
from tests.fakes.website import Answer, Website, open_website, page
from workspaces.models import AuditEntry, Entitlements, Membership, Workspace
from workspaces.sentences import sentence

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/knowledge/"
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
    """On this machine, which only this test may reach."""
    with open_website() as opened:
        here = replace(web.LIMITS, ports=frozenset({opened.port}), may_reach=lambda address: address.is_loopback)
        monkeypatch.setattr(web, "LIMITS", here)
        opened.pages = {
            "/": page(
                "Home", "We roast coffee in Chiang Mai.", links=("/returns", "/delivery?utm_source=x", "/logo.png")
            ),
            "/returns": page("Returns", "You can return everything within 14 days.", links=("/returns/abroad",)),
            "/delivery": page("Delivery", "We deliver by bicycle.", links=("/", "https://other.example/")),
            "/returns/abroad": page("Abroad", "Parcels from Laos take nine weeks.", links=("/deep",)),
            "/deep": page("Deep", "Here lie submarines.", links=("/deeper",)),
            "/deeper": page("Deeper", "Here lie treasures."),
        }
        yield opened


def add(by: Membership, url: str, scope: str = "page", schedule: str = "never") -> Source:
    return actions.add_page(by, url=addresses.canonical(url), scope=scope, schedule=schedule)


def read(source: Source) -> Source:
    """All its pages, without the pauses."""
    for _ in range(700):
        if actions.read_next(source.workspace, str(source.pk)) is None:
            break
    source.refresh_from_db()
    return source


def again(source: Source, by: Membership) -> Source:
    actions.read_again(source, by=by)
    return read(source)


def found(workspace: Workspace, question: str) -> list[str]:
    """The addresses that answer, without the host."""
    return ["/" + hit.chunk.url.partition("://")[2].partition("/")[2] for hit in search(workspace, question)]


def errors(source: Source) -> dict[str, str]:
    rows = source.documents.exclude(error="").values_list("url", "error")
    return {"/" + url.partition("://")[2].partition("/")[2]: error for url, error in rows}


# --- What is read -----------------------------------------------------------------------------------------------------


def test_one_page(acme: Workspace, ana_member: Membership, site: Website) -> None:
    source = read(add(ana_member, f"{site.url}/returns"))
    assert (source.status, source.title, source.passages) == (SourceStatus.READY, "Returns", 1)
    assert site.read() == ["/returns"] and found(acme, "return within days") == ["/returns"]
    assert search(acme, "Imprint") == [] and {agent.partition("/")[0] for agent in site.agents} == {"MiniChat"}


def test_a_page_and_those_it_leads_to_three_links_deep(acme: Workspace, ana_member: Membership, site: Website) -> None:
    source = read(add(ana_member, site.url, "site"))
    assert sorted(site.read()) == ["/", "/deep", "/delivery", "/returns", "/returns/abroad"]
    assert found(acme, "bicycle") == ["/delivery"] and found(acme, "submarines") == ["/deep"]
    assert found(acme, "treasures") == [] and source.documents.count() == 5 and source.passages == 5


def test_no_more_pages_than_the_plan_includes(
    acme: Workspace, ana_member: Membership, ana_client: Client, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "pages_of_a_site", lambda workspace: 3)
    source = read(add(ana_member, site.url, "site"))
    assert site.read() == ["/", "/returns", "/delivery"] and source.documents.count() == 3
    said = "There are more pages; your plan includes 3 of one website."
    assert said in ana_client.get(f"{PAGE}pages/").content.decode()


@pytest.mark.parametrize(("passages", "pages"), [(200, 50), (20_000, 500), (None, 500), (4_000, 100)])
def test_a_plan_with_more_passages_has_more_pages(acme: Workspace, passages: int | None, pages: int) -> None:
    acme.entitlements.passages = passages
    assert crawling.pages_of_a_site(acme) == pages


def test_a_sitemap(acme: Workspace, ana_member: Membership, site: Website) -> None:
    locations = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in ("/returns", "/deeper", "/gone"))
    site.pages["/map.xml"] = Answer(
        SITEMAP.format(locations + "<url><loc>https://other.example/x</loc></url>"), 200, "text/xml"
    )
    source = read(add(ana_member, f"{site.url}/map.xml", "sitemap"))
    assert site.read() == ["/map.xml", "/returns", "/deeper", "/gone"]
    assert found(acme, "treasures") == ["/deeper"] and errors(source) == {"/gone": troubles.NOT_FOUND}


def test_the_sitemaps_that_a_site_names_and_the_maps_in_them(
    acme: Workspace, ana_member: Membership, site: Website
) -> None:
    site.pages["/robots.txt"] = Answer(
        f"User-agent: *\nDisallow: /returns\nSitemap: {site.url}/all.xml", 200, "text/plain"
    )
    site.pages["/all.xml"] = Answer(
        f"<sitemapindex><sitemap><loc>{site.url}/one.xml</loc></sitemap></sitemapindex>", 200, "application/xml"
    )
    locations = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in ("/delivery", "/returns"))
    site.pages["/one.xml"] = Answer(SITEMAP.format(locations), 200, "application/xml")
    source = read(add(ana_member, site.url, "sitemap"))
    assert site.read() == ["/all.xml", "/one.xml", "/delivery"]
    assert found(acme, "bicycle") == ["/delivery"] and errors(source) == {"/returns": troubles.ROBOTS}


def test_no_sitemap(ana_member: Membership, site: Website) -> None:
    source = read(add(ana_member, site.url, "sitemap"))
    assert (source.status, source.error) == (SourceStatus.FAILED, troubles.NO_SITEMAP)
    site.pages["/sitemap.xml"] = Answer(SITEMAP.format(""), 200, "text/xml")
    assert again(source, ana_member).error == troubles.NO_PAGES


def test_one_page_at_two_addresses_is_read_once(acme: Workspace, ana_member: Membership, site: Website) -> None:
    site.pages["/"] = page("Home", "Welcome.", links=("/delivery?sort=a", "/delivery?sort=b", "/old"))
    for sort in "ab":
        html = site.pages["/delivery"]
        assert isinstance(html, str)
        site.pages[f"/delivery?sort={sort}"] = html.replace("<style>", '<link rel="canonical" href="/delivery"><style>')
    site.pages["/old"] = Answer("", 301, location="/delivery")
    source = read(add(ana_member, site.url, "site"))
    assert found(acme, "bicycle") == ["/delivery"] and source.documents.count() == 2
    assert again(source, ana_member).documents.count() == 2 and found(acme, "bicycle") == ["/delivery"]


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("Shop.Example", "https://shop.example/"),
        ("HTTP://shop.example:80/A?b=1#c", "http://shop.example/A?b=1"),
        ("https://shop.example/?utm_source=x&b=2&gclid=3", "https://shop.example/?b=2"),
        ("https://shop.example/ราคา", "https://shop.example/%E0%B8%A3%E0%B8%B2%E0%B8%84%E0%B8%B2"),
    ],
)
def test_one_spelling_for_each_address(typed: str, spelt: str) -> None:
    assert addresses.canonical(typed) == spelt


def test_what_belongs_to_a_site() -> None:
    same = [("https://a.test/x", "http://www.a.test/"), ("http://a.test:81/", "http://a.test:81/b")]
    other = [
        ("https://a.test/", "https://b.a.test/"),
        ("http://a.test/", "http://a.test:81/"),
        ("javascript:x", "http://a.test"),
    ]
    assert all(addresses.is_same_site(*pair) for pair in same)
    assert not any(addresses.is_same_site(*pair) for pair in other)


# --- What is not read -------------------------------------------------------------------------------------------------


def test_what_robots_txt_forbids(acme: Workspace, ana_member: Membership, site: Website) -> None:
    rules = "User-agent: MiniChat\nDisallow: /returns\nCrawl-delay: 7\n\nUser-agent: *\nDisallow: /"
    site.pages["/robots.txt"] = Answer(rules, 200, "text/plain")
    source = add(ana_member, site.url, "site")
    assert actions.read_next(acme, str(source.pk)) == 7
    source = read(source)
    assert site.read() == ["/", "/delivery"] and errors(source) == {"/returns": troubles.ROBOTS}
    assert read(add(ana_member, f"{site.url}/returns")).error == troubles.ROBOTS


def test_a_site_whose_rules_cannot_be_had_is_left_alone(ana_member: Membership, site: Website) -> None:
    site.pages["/robots.txt"] = Answer("", 503)
    assert read(add(ana_member, site.url)).error == troubles.SERVER
    assert site.read() == []


@pytest.mark.parametrize("seconds", ["0", "-5", "x", "3600"])
def test_pauses_are_never_too_short_nor_too_long(ana_member: Membership, site: Website, seconds: str) -> None:
    site.pages["/robots.txt"] = Answer(f"User-agent: *\nCrawl-delay: {seconds}\nDisallow:", 200, "text/plain")
    assert robots.PAUSE_SECONDS <= robots.rules_of(site.url).pause <= robots.LONGEST_PAUSE_SECONDS


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Answer("gone", 404), troubles.NOT_FOUND),
        (Answer("gone", 410), troubles.NOT_FOUND),
        (Answer("no", 403), troubles.FORBIDDEN),
        (Answer("busy", 503), troubles.SERVER),
        (Answer(b"%PDF-1.7", 200, "application/pdf"), troubles.NOT_A_PAGE),
        (Answer("<p>x", 200, "text/plain"), troubles.NOT_A_PAGE),
        (Answer("<script>draw()</script>"), troubles.NO_TEXT),
        (Answer("<p>" + "x" * (4 * 1024 * 1024)), troubles.TOO_LARGE),
        (Answer("", 302, location="/page"), troubles.REDIRECTS),
        (Answer("", 302, location="http://10.0.0.1/"), troubles.UNREACHABLE),
        (Answer("", 302, location="http://169.254.169.254/latest/"), troubles.UNREACHABLE),
        (Answer("", 302, location="file:///etc/passwd"), troubles.ADDRESS),
    ],
)
def test_what_is_wrong_with_a_page_is_said(
    ana_member: Membership, ana_client: Client, site: Website, answer: Answer, word: str
) -> None:
    site.pages["/page"] = answer
    source = read(add(ana_member, f"{site.url}/page"))
    assert (source.status, source.error, source.passages) == (SourceStatus.FAILED, word, 0)
    said = str(listing.problem_of(word, "page"))
    assert said in ana_client.get(f"{PAGE}pages/").content.decode()
    assert said in ana_client.get(f"{PAGE}{source.pk}/").content.decode()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://10.0.0.1/", "http://[::1]/", "http://localhost:8000/"]
)
def test_SR49_our_own_network_is_not_there(ana_member: Membership, address: str) -> None:
    assert read(add(ana_member, address)).error == troubles.UNREACHABLE


def test_SR49_without_the_tests_own_limits_this_machine_is_not_there(
    ana_member: Membership, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "LIMITS", http.Limits())
    assert read(add(ana_member, site.url)).error == troubles.UNREACHABLE
    assert site.asked == []


def test_too_slow(ana_member: Membership, site: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "LIMITS", replace(web.LIMITS, seconds=0.0))
    assert read(add(ana_member, site.url)).error == troubles.SLOW


def test_a_page_that_breaks_us_is_one_page(
    acme: Workspace, ana_member: Membership, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    split_text = crawling.split_text

    def broken(text: str, **about: Any) -> Any:
        return 1 / 0 if "bicycle" in text else split_text(text, **about)

    monkeypatch.setattr(crawling, "split_text", broken)
    source = read(add(ana_member, site.url, "site"))
    assert source.status == SourceStatus.READY and errors(source) == {"/delivery": troubles.BROKEN}


def test_the_plan_is_full(acme: Workspace, ana_member: Membership, ana_client: Client, site: Website) -> None:
    Entitlements.unscoped.update(passages=2)
    source = read(add(ana_member, site.url, "site"))
    assert (source.status, source.passages, source.documents.count()) == (SourceStatus.READY, 2, 2)
    assert "Your plan had no room for the rest." in ana_client.get(f"{PAGE}{source.pk}/").content.decode()
    Entitlements.unscoped.update(passages=3)
    site.pages["/long"] = page("Long", *[f"Sentence {n} of many." + " x" * 300 for n in range(9)])
    other = read(add(ana_member, f"{site.url}/long"))
    assert (other.status, other.error, other.documents.count()) == (SourceStatus.FAILED, troubles.FULL, 0)


# --- Once more --------------------------------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_indexed_again(
    acme: Workspace, ana_member: Membership, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = read(add(ana_member, site.url, "site"))
    indexed: list[str] = []
    index_document = index.index_document
    monkeypatch.setattr(
        index,
        "index_document",
        lambda document, pieces: indexed.append(document.title) or index_document(document, pieces),
    )
    site.pages["/delivery"] = page("Delivery", "We deliver by train.")
    again(source, ana_member)
    assert indexed == ["Delivery"]
    assert found(acme, "bicycle") == [] and found(acme, "train") == ["/delivery"] and source.documents.count() == 5


def test_the_old_page_answers_until_the_new_one_is_read(acme: Workspace, ana_member: Membership, site: Website) -> None:
    source = read(add(ana_member, f"{site.url}/delivery"))
    site.pages["/delivery"] = page("Delivery", "We deliver by train.")
    actions.read_again(source, by=ana_member)
    assert found(acme, "bicycle") == ["/delivery"]
    read(source)
    assert found(acme, "bicycle") == [] and found(acme, "train") == ["/delivery"]


def test_pages_that_are_gone_go(acme: Workspace, ana_member: Membership, site: Website) -> None:
    source = read(add(ana_member, site.url, "site"))
    del site.pages["/delivery"]
    site.pages["/returns"] = page("Returns", "No returns any more.")
    again(source, ana_member)
    assert found(acme, "bicycle") == found(acme, "submarines") == [] and found(acme, "Laos") == []
    assert errors(source) == {"/delivery": troubles.NOT_FOUND} and source.documents.count() == 3


def test_what_cannot_be_reached_for_a_while_stays(
    acme: Workspace, ana_member: Membership, ana_client: Client, site: Website
) -> None:
    source = read(add(ana_member, site.url, "site"))
    home = site.pages["/"]
    site.pages["/"] = Answer("oops", 500)
    again(source, ana_member)
    assert source.status == SourceStatus.READY and found(acme, "bicycle") == ["/delivery"]
    assert "It could not be read again the last time" in ana_client.get(f"{PAGE}pages/").content.decode()
    site.pages |= {"/": home, "/returns": Answer("oops", 502)}
    again(source, ana_member)
    assert errors(source) == {"/returns": troubles.SERVER} and source.troubles == []
    assert found(acme, "submarines") == ["/deep"] and found(acme, "within 14 days") == ["/returns"]


def test_by_schedule(acme: Workspace, ana_member: Membership, site: Website) -> None:
    daily = read(add(ana_member, f"{site.url}/returns", schedule="daily"))
    never = read(add(ana_member, f"{site.url}/delivery"))
    assert daily.due_at and daily.synced_at and daily.due_at - daily.synced_at == timedelta(days=1) and not never.due_at
    assert list(actions.begin_due()) == []
    due = timezone.now() + timedelta(days=2)
    assert list(actions.begin_due(due)) == [(str(acme.pk), str(daily.pk))]
    assert list(actions.begin_due(due)) == []
    site.read()
    assert read(daily).due_at and site.read() == ["/returns"]
    actions.change_page(daily, by=ana_member, url=daily.url, scope="page", schedule="weekly")
    daily.refresh_from_db()
    assert daily.due_at and daily.due_at - daily.synced_at == timedelta(days=7) and daily.status == SourceStatus.READY


def test_a_workspace_that_is_shut_is_not_due(acme: Workspace, ana_member: Membership, site: Website) -> None:
    source = read(add(ana_member, f"{site.url}/returns", schedule="daily"))
    acme.status = Workspace.Status.CLOSED
    acme.save()
    assert list(actions.begin_due(timezone.now() + timedelta(days=2))) == []
    tasks.read_page(str(acme.pk), str(source.pk))


def test_the_tasks_follow_each_other(
    acme: Workspace, ana_member: Membership, site: Website, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        source = add(ana_member, site.url, "site")
    source.refresh_from_db()
    assert source.status == SourceStatus.READY and source.passages == 5


def test_one_reads_a_site_at_a_time_and_the_sweep_goes_on(
    acme: Workspace, ana_member: Membership, site: Website
) -> None:
    source = add(ana_member, site.url, "site")
    assert crawling._claim(acme, str(source.pk)) is not None
    assert actions.read_next(acme, str(source.pk)) is None and site.asked == []
    assert list(actions.left_half_read()) == []
    later = timezone.now() + timedelta(minutes=5)
    assert list(actions.left_half_read(later)) == [(str(acme.pk), str(source.pk))]


# --- Who was faster ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["off", "deleted", "another"])
def test_who_was_faster_than_the_task_has_won(
    acme: Workspace, ana_member: Membership, site: Website, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    source = add(ana_member, f"{site.url}/delivery")
    look = crawling._look

    def slowly(*values: Any) -> Any:
        seen = look(*values)
        monkeypatch.setattr(crawling, "_look", look)
        change = {"url": source.url, "scope": "page", "schedule": "never"}
        if what == "deleted":
            actions.delete_source(source, by=ana_member)
        elif what == "off":
            actions.change_page(source, by=ana_member, **change, is_active=False)
        else:
            actions.change_page(source, by=ana_member, **{**change, "url": f"{site.url}/returns"})
        return seen

    monkeypatch.setattr(crawling, "_look", slowly)
    assert actions.read_next(acme, str(source.pk)) is None
    assert found(acme, "bicycle") == []
    if what == "another":
        assert read(source).title == "Returns" and found(acme, "14 days") == ["/returns"]
        assert found(acme, "bicycle") == [] and source.documents.count() == 1
    else:
        assert not Document.unscoped.exists()


def test_switched_off_and_on_again(acme: Workspace, ana_member: Membership, site: Website) -> None:
    source = read(add(ana_member, f"{site.url}/delivery"))
    change = {"url": source.url, "scope": "page", "schedule": "never"}
    actions.change_page(source, by=ana_member, **change, is_active=False)
    assert found(acme, "bicycle") == [] and actions.read_next(acme, str(source.pk)) is None
    with pytest.raises(Conflict):
        actions.read_again(source, by=ana_member)
    actions.change_page(source, by=ana_member, **change, is_active=True)
    assert read(source).status == SourceStatus.READY and found(acme, "bicycle") == ["/delivery"]


def test_deleted_it_leaves_nothing(acme: Workspace, ana_member: Membership, site: Website) -> None:
    actions.delete_source(read(add(ana_member, site.url, "site")), by=ana_member)
    assert not Document.unscoped.exists() and found(acme, "bicycle") == []


def test_an_address_is_there_once(ana_member: Membership, gil_member: Membership, site: Website) -> None:
    source = add(ana_member, f"{site.url}/delivery")
    add(gil_member, f"{site.url}/delivery")
    other = add(ana_member, f"{site.url}/returns")
    with pytest.raises(Conflict):
        add(ana_member, source.url)
    with pytest.raises(Conflict):
        actions.change_page(other, by=ana_member, url=source.url, scope="page", schedule="never")


def test_two_workspaces_know_nothing_of_each_other(
    acme: Workspace, globex: Workspace, ana_member: Membership, gil_member: Membership, site: Website
) -> None:
    read(add(ana_member, f"{site.url}/delivery"))
    source = read(add(gil_member, f"{site.url}/returns"))
    assert found(globex, "bicycle") == [] and found(acme, "14 days") == []
    assert actions.read_next(acme, str(source.pk)) is None


def test_what_happens_is_in_the_audit_log(acme: Workspace, ana_member: Membership, site: Website) -> None:
    source = read(add(ana_member, f"{site.url}/delivery"))
    again(source, ana_member)
    actions.change_page(source, by=ana_member, url=source.url, scope="page", schedule="daily")
    actions.change_page(source, by=ana_member, url=source.url, scope="page", schedule="daily")
    actions.delete_source(source, by=ana_member)
    rows = AuditEntry.unscoped.filter(workspace=acme, action__startswith="knowledge.").order_by("pk")
    assert [sentence(row).replace(site.url.partition("://")[2], "here") for row in rows] == [
        "Ana Srisuk added the web page “here/delivery”.",
        "Ana Srisuk had “Delivery” read again.",
        "Ana Srisuk changed the web page “Delivery”.",
        "Ana Srisuk deleted the web page “Delivery”.",
    ]


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_progress_is_seen_while_it_is_read(
    acme: Workspace, ana_member: Membership, ana_client: Client, site: Website
) -> None:
    source = add(ana_member, site.url, "site")
    actions.read_next(acme, str(source.pk))
    for place in (f"{PAGE}pages/", f"{PAGE}{source.pk}/"):
        shown = ana_client.get(place, headers={"HX-Request": "true"}).content.decode()
        assert "1 of 3 pages read" in shown and f'hx-get="{place}"' in shown
    read(source)
    shown = ana_client.get(f"{PAGE}{source.pk}/").content.decode()
    assert "pages read" not in shown and 'hx-get="/w/' not in shown
    assert f'href="{site.url}/delivery"' in shown and "Delivery" in shown


def test_a_page_is_added_by_its_form(ana_client: Client, site: Website) -> None:
    form = {"url": f"{site.url}/delivery#top", "scope": "site", "schedule": "weekly", "is_active": "on"}
    assert ana_client.post(f"{PAGE}pages/new/", form).url == f"{PAGE}pages/"
    source = Source.unscoped.get()
    assert (source.url, source.scope, source.schedule) == (f"{site.url}/delivery", "site", "weekly")
    twice = ana_client.post(f"{PAGE}pages/new/", form)
    assert twice.status_code == 422 and "This address is in the list already." in twice.content.decode()
    edited = {**form, "scope": "page"}
    assert ana_client.post(f"{PAGE}{source.pk}/edit/", edited).url == f"{PAGE}pages/"
    source.refresh_from_db()
    assert source.scope == "page"


@pytest.mark.parametrize(
    "url", ["", "ftp://shop.example/", "https://", "https://a b/", "javascript:alert(1)", "https://x/" + "y" * 1_000]
)
def test_what_is_no_address_is_said_and_kept(ana_client: Client, url: str) -> None:
    form = {"url": url, "scope": "page", "schedule": "never"}
    response = ana_client.post(f"{PAGE}pages/new/", form)
    assert response.status_code == 422 and response.context["form"].errors.keys() == {"url"}
    assert not Source.unscoped.exists()


def test_everybody_reads_and_admins_change(
    ana_member: Membership, omar_client: Client, adam_client: Client, site: Website
) -> None:
    source = read(add(ana_member, site.url, "site"))
    for place in ("pages/", "pages/?q=127.0.0.1", f"{source.pk}/"):
        shown = omar_client.get(PAGE + place).content.decode()
        assert "Home" in shown and f"{source.pk}/edit/" not in shown and "pages/new/" not in shown
    for place in ("pages/new/", f"{source.pk}/read/", f"{source.pk}/edit/", f"{source.pk}/delete/"):
        assert omar_client.post(PAGE + place).status_code == 403
        assert adam_client.post(PAGE + place).status_code in (302, 422)


def test_the_panel_names_the_page(ana_member: Membership, ana_client: Client, site: Website) -> None:
    read(add(ana_member, f"{site.url}/returns"))
    shown = ana_client.get(f"{PAGE}test/", {"q": "return everything within days"}).content.decode()
    assert "Sentences from one of your web pages" in shown and "Returns" in shown
