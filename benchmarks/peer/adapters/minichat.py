"""Adapter for MiniChat: the wire contract of docs/protocol.md, as far as load needs it."""

import asyncio
import json
import os
import re
from weakref import WeakKeyDictionary

NAME = "minichat"
KEY, SLUG, ORIGIN, COOKIE = (os.environ[f"BENCH_{name}"] for name in ("KEY", "SLUG", "ORIGIN", "COOKIE"))
COUNT_FRAMES = 50
PING_SECONDS = 20
# Conversations go on, as those of the plain app do, which is seeded with them; otherwise a load begins new ones.
BEGUN = os.environ.get("BENCH_BEGUN") == "1"
# What was read of a socket before the frames that the driver counts.
READ = WeakKeyDictionary()


async def setup(ctx):
    async with ctx.http.get(f"{ctx.base}/widget/{KEY}/", params={"o": ORIGIN, "l": "en"}) as answer:
        ctx.state["ticket"] = re.search(r'data-ticket="([^"]+)"', await answer.text())[1]


async def new_visitor(ctx, i):
    body = {"ticket": ctx.state["ticket"], "lang": "en", "page": {}}
    async with ctx.http.post(f"{ctx.base}/widget/{KEY}/visitor/", json=body) as answer:
        answer.raise_for_status()
        return await answer.json()


async def new_operator(ctx, i):
    return {}


def visitor_ws(ctx, visitor):
    return f"{ctx.ws}/ws/widget/{KEY}/", {"Origin": ctx.base}


def operator_ws(ctx, operator):
    return f"{ctx.ws}/ws/w/{SLUG}/", {"Origin": ctx.base, "Cookie": COOKIE}


async def after_open(ctx, ws, who, role):
    if role == "visitor":
        hello = {"type": "hello", "v": 1, "token": who["token"], "ticket": None, "lang": "en", "page": {}}
        await ws.send_str(json.dumps(hello))
    READ[ws] = 1
    frame = json.loads(await ws.receive_str())
    assert frame["type"] == "welcome", frame
    if role == "visitor" and BEGUN:
        await send_visitor(ctx, ws, who, f"begin-{id(ws)}", "Hello")
        while frame["type"] != "ack":
            frame = json.loads(await ws.receive_str())
            READ[ws] += 1


async def after_frame(ws, frames):
    """Say how much was read as often as our clients do; a socket that is not read says nothing."""
    if frames % COUNT_FRAMES == 0:
        await ws.send_str(json.dumps({"type": "seen", "count": frames + READ[ws]}))


async def alive(ws):
    """A client that has heard nothing for 20 s asks; one that is silent for 90 s is given up by the server."""
    while not ws.closed:
        await asyncio.sleep(PING_SECONDS)
        await ws.send_str('{"type":"ping"}')


async def send_visitor(ctx, ws, visitor, client_id, body):
    # The harness counts names; the contract wants a UUID.
    name = f"00000000-0000-7000-8000-{abs(hash(client_id)) % 16**12:012x}"
    await ws.send_str(json.dumps({"type": "message", "client_id": name, "body": body, "conversation": None}))
