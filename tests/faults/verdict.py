"""From what happened on stage to figures: were the faults real, and did every promise hold?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.faults import checks, views
from tests.faults.client.operator import Operator
from tests.faults.client.outbox import Item
from tests.faults.client.visitor import Visitor
from tests.faults.client.world import until
from tests.faults.engine import Embedded
from tests.faults.figures import Report, percentile
from tests.faults.marked import POINTS

if TYPE_CHECKING:
    from tests.faults.run import Scene


async def after_storm(scene: Scene, report: Report) -> None:
    """While the house still runs: everything got through, and every screen shows the truth."""
    items = _items(scene)
    _faults(scene, report)
    report.none("RF-01", "messages never acknowledged", [item.body for item in items if item.is_open])
    report.none("RF-01", "messages refused", [f"{item.body}: {item.refused}" for item in items if item.refused])
    report.none("RF-07", "server errors on HTTP send", range(sum(p.outbox.server_errors for p in scene.talk.people())))
    _times(scene, items, report)
    visitors, operators = await views.visitors(scene.talk.visitors), await views.operators(scene.operators)
    report.none("RF-05", "visitors whose view differs from a fresh fetch (I4)", visitors)
    report.none("RF-05", "operators whose view differs from a fresh fetch (I4)", operators)
    await _mails(scene, report)


def at_end(scene: Scene, report: Report) -> None:
    """After the last process has gone: what the database says."""
    _at_once(scene, report)
    _silence(scene, report)
    report.none("RF-32", "sockets closed without 1012 at SIGTERM", [c for c in scene.farewells if c != 1012])
    report.happened("RF-32", "sockets open at SIGTERM", len(scene.farewells))
    report.none("RF-32", "processes that did not exit with 0", [code for code in scene.exit_codes if code])
    engine = scene.house.engine
    rows, counters = checks.stored(engine.rows(checks.STORED_SQL)), checks.counters(engine.rows(checks.COUNTERS_SQL))
    told = _told(scene)
    report.none("RF-02", "acknowledged messages lost (I1)", checks.lost(told, rows))
    report.none("RF-01", "duplicates (I2)", checks.duplicates(rows))
    report.none("RF-01", "second acks that differ", checks.other_acks(scene.relay.swallowed, told))
    report.none("RF-04", "holes in positions and streams (I3)", checks.holes(rows, counters))
    report.none("RF-04", "messages out of order (I3)", checks.disorder(rows))
    report.none("RF-30", "seen by somebody who must not (I6)", scene.world.leaks)
    report.none("RF-35" if isinstance(engine, Embedded) else "RF-11", "problems of the database", engine.problems())
    report.none("SR-01", "rows that point into another workspace", _strays(scene))
    report.note("run", "messages acknowledged", len(told))
    report.note("run", "messages by POST", sum(person.outbox.posts for person in scene.talk.people()))


def _faults(scene: Scene, report: Report) -> None:
    """A run whose faults did not happen is invalid."""
    proofs = scene.breaker.proofs
    report.happened("RF-03", "sockets cut", proofs.get("sockets cut", 0), scene.plan.visitors)
    report.happened("RF-01", "acks cut off after the commit", len(scene.relay.swallowed), 5)
    report.happened("RF-02", "kills of a web process", scene.house.kills, 2)
    report.happened("RF-02", "killed with a first row unacknowledged", len(scene.breaker.orphans))
    for point in POINTS if scene.plan.rounds > 1 else ():
        report.happened("RF-02", f"killed at a marked point: {point}", proofs.get(f"killed: {point}", 0))
    report.happened("RF-19", "killed with a mail unsent", proofs.get("killed with a mail unsent", 0))
    if scene.house.engine.redis:
        report.happened("RF-07", "redis killed", proofs.get("redis killed", 0))
        report.happened("RF-07", "messages acknowledged without redis", proofs["messages acknowledged without redis"])
    asked = sum(person.gaps.questions for person in scene.talk.people())
    report.happened("RF-03", "gap fills", asked, scene.plan.visitors)


def _times(scene: Scene, items: list[Item], report: Report) -> None:
    waits = [item.acked_at - item.made_at for item in items if item.ack]
    report.at_least("RF-01", "sent and acknowledged", len(waits), scene.plan.messages)
    report.time("RF-01", "time to ack p50", percentile(waits, 0.5), 1)
    report.time("RF-01", "time to ack p99", percentile(waits, 0.99), 5)
    report.note("RF-01", "sent more than once", sum(1 for item in items if item.tries > 1))
    seen = scene.operators[0].seen
    delays = [seen[_name(item)] - item.made_at for item in items if _name(item) in seen]
    report.time("RF-02", "time to an operator's screen p99", percentile(delays, 0.99), 10)
    report.time("RF-02", "outage per kill max", max(scene.breaker.outages, default=0.0), 10)


async def _mails(scene: Scene, report: Report) -> None:
    unknown = scene.breaker.unknown_mails
    certain = [one for one in scene.addresses if one not in unknown]
    await until(lambda: all(scene.breaker.mail_status(address) == "sent" for address in certain), 10)
    await asyncio.sleep(0.5)  # a second copy would come now
    delivered = [str(message["Message-ID"]) for message in scene.sink.messages]
    rows = scene.house.engine.rows(checks.MAILS_SQL)
    excused = [str(message["Message-ID"]) for address in unknown for message in scene.sink.to(address)]
    report.none("RF-19", "mails not delivered exactly once (I5, I8)", checks.mails(rows, delivered, excused))
    report.note("RF-19", "mails killed with an unknown outcome (at most twice)", len(unknown))
    report.none("RF-19", "sign-ups without their mail", [one for one in certain if not scene.sink.to(one)])


def _at_once(scene: Scene, report: Report) -> None:
    outcome = scene.at_once
    assert outcome is not None
    report.happened("T6", "conversations that began at once", len(outcome.items), scene.plan.conversations_at_once)
    report.none("T6", "of them not seen live by the operator", outcome.unseen)
    report.none("T6", "of them never acknowledged", [item.body for item in outcome.items if not item.ack])
    report.none("RF-10", "operator thrown out by the burst", range(outcome.operator_closed))
    report.at_least("RF-10", "slow reader closed with 4008", outcome.deaf_closed, 1)
    report.time("T6", "time to the operator's screen p99", percentile(outcome.delays, 0.99), 1)


def _silence(scene: Scene, report: Report) -> None:
    told = scene.silence
    if told is None:
        return
    report.happened("RF-07", "screens that missed something while redis was away", told.behind)
    report.none("RF-07", "messages not acknowledged while redis was away", told.unacknowledged)
    report.none("RF-07", "sockets dropped by it", range(told.dropped))
    report.none("RF-07", "screens that stayed behind after it", told.wrong)
    report.time("RF-07", "time to live again", told.seconds, 5)


def _items(scene: Scene) -> list[Item]:
    return [item for person in scene.talk.people() for item in person.outbox.items]


def _told(scene: Scene) -> list[checks.Told]:
    at_once = scene.at_once.visitors if scene.at_once else []
    return list(_acked([*scene.talk.people(), *at_once]))


def _acked(people: Iterable[Visitor | Operator]) -> Iterable[checks.Told]:
    for person in people:
        for item in person.outbox.items:
            if item.ack:
                yield checks.Told(item.client_id, item.body, item.ack, is_public=isinstance(person, Visitor))


def _strays(scene: Scene) -> list[str]:
    try:
        scene.house.manage("check_tenancy")
    except RuntimeError as error:
        return [str(error)]
    return []


def _name(item: Item) -> str:
    return item.body.partition("lid:")[2].partition(";")[0]
