"""What the visitors of the demo came with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chat.demo.talks import Talk
from chat.models import PageView, Visitor
from workspaces.models import Workspace

AGENTS = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; SM-A556E) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
]
REFERRERS = ["", "", "https://www.google.com/", "https://l.facebook.com/", "https://line.me/"]
ZONES = ("Europe/Berlin", "Asia/Bangkok")
# On the way to where they wrote.
WALK = ("home", "delivery", "doi-chang")
TITLES = {
    "home": ("Home", "หน้าแรก"),
    "comet": ("Comet 64", "Comet 64"),
    "acorn": ("Acorn hand grinder", "เครื่องบดมือ Acorn"),
    "doi-chang": ("Doi Chang, washed", "ดอยช้าง วอชด์"),
    "chiang-dao": ("Chiang Dao, honey", "เชียงดาว ฮันนี่"),
    "dripper": ("Cloud dripper set", "ชุดดริป Cloud"),
    "kettle": ("Swan kettle", "กาสวอน"),
    "orders": ("My orders", "คำสั่งซื้อของฉัน"),
    "delivery": ("Delivery", "การจัดส่ง"),
}


def origin_of(workspace: Workspace) -> str:
    """Names under `.example` belong to nobody."""
    return f"https://shop.{workspace.slug}.example"


def of(talk: Talk, workspace: Workspace) -> dict[str, Any]:
    """The visitor's columns that a browser fills in; addresses are from a block reserved for examples."""
    origin = origin_of(workspace)
    return {
        "origin": origin,
        "user_agent": talk.random.choice(AGENTS),
        "ip": f"203.0.113.{talk.random.randint(1, 254)}",
        "referrer": talk.random.choice(REFERRERS),
        "page_url": f"{origin}/" if talk.page == "home" else f"{origin}/{talk.page}/",
        "timezone": ZONES[talk.lang == "th"],
        "page_title": f"{TITLES[talk.page][talk.lang == 'th']} · {workspace.name}",
    }


def walk(talk: Talk, visitor: Visitor) -> list[PageView]:
    """The pages before they wrote, a few minutes apart, and the one on which they did."""
    origin = origin_of(visitor.workspace)
    seen = [page for page in WALK if page != talk.page][: talk.random.randint(0, len(WALK) - 1)] + [talk.page]
    at, views = talk.begins, []
    for page in reversed(seen):
        url = f"{origin}/" if page == "home" else f"{origin}/{page}/"
        title = f"{TITLES[page][talk.lang == 'th']} · {visitor.workspace.name}"
        views.append(PageView(workspace=visitor.workspace, visitor=visitor, url=url, title=title, at=at))
        at -= timedelta(seconds=talk.random.randint(40, 400))
    return views
