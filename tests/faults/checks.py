"""The invariants, as plain functions from what clients and database say to a list of violations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.faults.client.world import LID


@dataclass(frozen=True)
class Stored:
    """A row of `chat_message`."""

    id: str
    conversation: str
    position: int
    seq: int
    public_seq: int | None
    kind: str
    body: str
    sender: str
    client_id: str


@dataclass(frozen=True)
class Counters:
    """A row of `chat_conversation`."""

    id: str
    last_seq: int
    public_seq: int
    last_position: int
    inbound: int


@dataclass(frozen=True)
class Told:
    """A message a client holds to be stored, because it was acknowledged."""

    client_id: str
    body: str
    ack: Mapping[str, Any]
    is_public: bool


def lost(told: Iterable[Told], rows: Sequence[Stored]) -> list[str]:
    """I1: acknowledged, and not in the database as acknowledged."""
    by_id = {row.id: row for row in rows}
    return [
        f"{one.body[:30]} acked as {dict(one.ack)}" for one in told if not _is_as_told(one, by_id.get(one.ack["id"]))
    ]


def duplicates(rows: Iterable[Stored]) -> list[str]:
    """I2: a client id, or a text that was said once, stored more than once."""
    rows = list(rows)
    names = Counter((row.sender, row.client_id) for row in rows)
    texts = Counter(row.body for row in rows if LID.match(row.body))
    return [f"{what} {count} times" for what, count in [*names.items(), *texts.items()] if count > 1]


def holes(rows: Iterable[Stored], counters: Iterable[Counters]) -> list[str]:
    """I3: positions and both streams are 1..n, and the counters say the same n."""
    threads = _threads(rows)
    found = []
    for row in counters:
        thread = threads.get(row.id, [])
        streams = {
            "positions": ([one.position for one in thread], row.last_position),
            "seq": ([one.seq for one in thread], row.last_seq),
            "public_seq": ([one.public_seq for one in thread if one.public_seq is not None], row.public_seq),
            "inbound": (range(1, 1 + sum(one.kind == "visitor" for one in thread)), row.inbound),
        }
        for name, (numbers, top) in streams.items():
            if sorted(numbers) != list(range(1, top + 1)):
                found.append(f"{name} of {row.id}: {sorted(numbers)} but counter {top}")
    return found


def disorder(rows: Iterable[Stored]) -> list[str]:
    """I3: in each thread a sender's messages stand in the order they were said, and both streams agree with it."""
    found = []
    for key, thread in _threads(rows).items():
        thread.sort(key=lambda row: row.position)
        said: dict[str, int] = {}
        for row in thread:
            for sender, number in LID.findall(row.body[:40]):
                if said.get(sender, 0) >= int(number):
                    found.append(f"{sender}-{number} at {row.position} of {key} after {said[sender]}")
                said[sender] = int(number)
        public = [row.public_seq for row in thread if row.public_seq is not None]
        if public != sorted(public) or [row.seq for row in thread] != sorted(row.seq for row in thread):
            found.append(f"streams of {key} run against its positions")
    return found


def other_acks(swallowed: Iterable[Mapping[str, Any]], told: Iterable[Told]) -> list[str]:
    """RF-01: the ack of a retry says the same as the one that got lost."""
    final = {one.client_id: one.ack for one in told}
    keys = ("id", "conversation", "position", "seq", "created_at")
    return [
        f"{ack} then {dict(final.get(ack['client_id'], {}))}"
        for ack in swallowed
        if any(ack[key] != final.get(ack["client_id"], {}).get(key) for key in keys)
    ]


def mails(rows: Sequence[tuple[str, str]], delivered: Iterable[str], excused: Iterable[str] = ()) -> list[str]:
    """I5: each mail that was written went once. `rows` are ids and states, `delivered` message ids.

    `excused`: message ids that arrived although their sender was killed before it could write that down. They may still
    be on their way a second time, and have arrived twice at most.
    """
    arrived = Counter(_message_id(text) for text in delivered)
    twice = {pk for pk in map(_message_id, excused) if arrived[pk] <= 2}
    wrong = [(pk, status) for pk, status in _wrong(rows, arrived) if pk not in twice]
    found = [f"mail {pk} is {status} and arrived {arrived[pk]} times" for pk, status in wrong]
    written = {_uuid(pk) for pk, _ in rows}
    return found + [f"mail {pk} was never written" for pk in arrived.keys() - written]


def stored(rows: Iterable[tuple[Any, ...]]) -> list[Stored]:
    return [Stored(_uuid(r[0]), _uuid(r[1]), r[2], r[3], r[4], r[5], r[6], r[7], _uuid(r[8])) for r in rows]


def counters(rows: Iterable[tuple[Any, ...]]) -> list[Counters]:
    return [Counters(_uuid(r[0]), r[1], r[2], r[3], r[4]) for r in rows]


STORED_SQL = (
    "select id, conversation_id, position, seq, public_seq, kind, body, sender_key, client_id from chat_message"
)
COUNTERS_SQL = "select id, last_seq, public_seq, last_position, inbound from chat_conversation"
MAILS_SQL = "select id, status from notifications_outgoingemail"


def _is_as_told(one: Told, row: Stored | None) -> bool:
    if row is None:
        return False
    seq = row.public_seq if one.is_public else row.seq
    said = (one.client_id, one.body, one.ack["position"], one.ack["seq"], one.ack["conversation"])
    return said == (row.client_id, row.body, row.position, seq, row.conversation)


def _threads(rows: Iterable[Stored]) -> dict[str, list[Stored]]:
    threads: dict[str, list[Stored]] = defaultdict(list)
    for row in rows:
        threads[row.conversation].append(row)
    return threads


def _wrong(rows: Iterable[tuple[str, str]], arrived: Counter[str]) -> list[tuple[str, str]]:
    named = [(_uuid(pk), status) for pk, status in rows]
    return [(pk, status) for pk, status in named if arrived[pk] != 1 or status != "sent"]


def _message_id(text: str) -> str:
    return _uuid(text.strip("<>").partition("@")[0])


def _uuid(text: str) -> str:
    return str(UUID(str(text)))
