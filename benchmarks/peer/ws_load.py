#!/usr/bin/env python3
"""Load harness for a live-chat server: visitor sockets <-> operator sockets. See README.md.
Everything product-specific sits in an adapter module; this file only knows sockets, client ids and clocks.
Needs: Python 3.11+, aiohttp (uvloop used when present); Linux when --pid is given."""
import argparse, asyncio, importlib.util, json, os, random, re, sys, time

import aiohttp

LID = re.compile(r"lid:([0-9a-z]+-[0-9]+);")  # the harness' own client id, carried inside every message body
HARD_SECONDS, HARD_SOCKETS, HARD_MESSAGES = 600, 5000, 500_000
pc = time.perf_counter


def pct(a, unit=1e3):
    if not a:
        return None
    a = sorted(a)
    at = lambda q: round(a[min(len(a) - 1, int(len(a) * q))] * unit, 2)
    return {"n": len(a), "p50": at(.5), "p95": at(.95), "p99": at(.99), "max": round(a[-1] * unit, 2)}


def stat(pid):
    """The fields of /proc/<pid>/stat after the command's name."""
    return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()


def usage(pid):
    """Resident MiB and CPU seconds so far of one process."""
    f = stat(pid)
    return int(f[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20, (int(f[11]) + int(f[12])) / os.sysconf("SC_CLK_TCK")


def family(pids):
    """The processes and all their descendants."""
    parents = {}
    for d in os.listdir("/proc"):
        if d.isdigit():
            try: parents.setdefault(int(stat(d)[1]), []).append(int(d))
            except OSError: pass
    todo, out = list(pids), []
    while todo:
        p = todo.pop(); out.append(p); todo += parents.get(p, [])
    return out


class Ctx:
    """Handed to the adapter: .base (http://host:port), .ws (ws://host:port), .http (aiohttp session), .args, .state (free for use)"""
    def __init__(self, args):
        self.args, self.base, self.state = args, args.base.rstrip("/"), {}
        self.ws = "ws" + self.base[4:]
        self.http = None


class Sock:
    """One socket plus its reader task. on_text(sock, text) is called for every text frame."""
    def __init__(self, ctx, who, role, on_text):
        self.ctx, self.who, self.role, self.on_text = ctx, who, role, on_text
        self.ws = self.task = self.pulse = None
        self.closed_by_peer = False
        self.frames = self.bytes = 0
        self.after_frame = getattr(ctx.adapter, "after_frame", None)

    async def open(self, timeout=20):
        a = self.ctx.adapter
        url, headers = (a.visitor_ws if self.role == "visitor" else a.operator_ws)(self.ctx, self.who)
        self.ws = await asyncio.wait_for(self.ctx.http.ws_connect(url, headers=headers, autoping=True, max_msg_size=0, compress=0), timeout)
        if hasattr(a, "after_open"):
            await asyncio.wait_for(a.after_open(self.ctx, self.ws, self.who, self.role), timeout)
        self.closed_by_peer = False
        self.task = asyncio.create_task(self.read(self.ws))
        if hasattr(a, "alive"):  # a product whose clients say so now and then
            self.pulse = asyncio.create_task(a.alive(self.ws))
        return self

    async def read(self, ws):
        async for m in ws:
            if m.type == aiohttp.WSMsgType.TEXT:
                self.frames += 1
                self.bytes += len(m.data)
                self.on_text(self, m.data)
                if self.after_frame:  # a product whose server wants to hear how much was read
                    await self.after_frame(ws, self.frames)
        if ws is self.ws:
            self.closed_by_peer = True

    @property
    def transport(self):
        c = getattr(self.ws, "_conn", None) or getattr(self.ws._response, "connection", None)
        return c.transport if c else None

    def abort(self):
        ws, self.ws = self.ws, None
        for task in (self.task, self.pulse):
            if task:
                task.cancel()
        try:
            r = ws._response
            t = (getattr(ws, "_conn", None) or r.connection).transport
            t.abort()
        except Exception:
            pass

    async def close(self):
        if self.ws is not None:
            ws, self.ws = self.ws, None
            self.task.cancel()
            if self.pulse:
                self.pulse.cancel()
            try:
                await asyncio.wait_for(ws.close(), 2)
            except Exception:
                pass


class Run:
    def __init__(self, ctx):
        self.ctx, self.a, self.args = ctx, ctx.adapter, ctx.args
        self.run_id = "".join(random.choices("abcdefghijkmnpqrstuvwxyz", k=6))
        self.seq = 0
        self.sent, self.seen_op, self.echo = {}, {}, {}     # lid -> time / list of times
        self.ops, self.vis = [], []
        self.waiters = {}
        self.errors = {}

    def err(self, e):
        k = type(e).__name__ + ":" + str(e)[:60]
        self.errors[k] = self.errors.get(k, 0) + 1

    def on_op(self, s, text):
        t = pc()
        for lid in LID.findall(text):
            if s is self.ops[0]:
                self.seen_op.setdefault(lid, []).append(t)
                w = self.waiters.pop(lid, None)
                if w and not w.done():
                    w.set_result(t)

    def on_vis(self, s, text):
        t = pc()
        for lid in LID.findall(text):
            if lid.split("-")[0] == self.run_id:
                self.echo.setdefault(lid, []).append(t)
                s.unacked.pop(lid, None)

    async def gather(self, fns, par):
        sem = asyncio.Semaphore(par)
        async def one(f):
            async with sem:
                try:
                    return await f()
                except Exception as e:
                    self.err(e)
        return [x for x in await asyncio.gather(*[one(f) for f in fns]) if x is not None]

    async def people(self, nv, no):
        t = pc()
        ops = await self.gather([lambda i=i: self.a.new_operator(self.ctx, i) for i in range(no)], 4)
        vs = await self.gather([lambda i=i: self.a.new_visitor(self.ctx, i) for i in range(nv)], 8)
        return vs, ops, nv / max(1e-9, pc() - t)

    async def open_all(self, nv, no):
        vs, ops, srate = await self.people(nv, no)
        lat = []
        async def op(o):
            return await Sock(self.ctx, o, "operator", self.on_op).open()
        async def vi(v):
            t = pc(); s = Sock(self.ctx, v, "visitor", self.on_vis); s.unacked = {}
            await s.open(); lat.append(pc() - t); return s
        self.ops = await self.gather([lambda o=o: op(o) for o in ops], 4)
        t = pc()
        self.vis = await self.gather([lambda v=v: vi(v) for v in vs], self.args.parallel)
        dt = pc() - t
        t2, last = pc(), -1          # settle: let greetings/history frames finish, so the measurement starts from a quiet server
        while pc() - t2 < self.args.settle:
            n = sum(s.frames for s in self.vis + self.ops)
            if n == last and n >= len(self.vis): break
            last = n; await asyncio.sleep(.5)
        return {"settle_s": round(pc() - t2, 1), "visitors_open": len(self.vis), "operators_open": len(self.ops), "sessions_per_s": round(srate, 1),
                "connects_per_s": round(len(self.vis) / max(1e-9, dt), 1), "connect_ms": pct(lat)}

    def frame(self, s):
        self.seq += 1
        lid = f"{self.run_id}-{self.seq}"
        body = f"lid:{lid};" + "x" * self.args.size
        return lid, body

    async def send(self, s, lid, body):
        self.sent.setdefault(lid, pc())
        s.unacked[lid] = body
        await self.a.send_visitor(self.ctx, s.ws, s.who, lid, body)

    def latency(self, lids=None):
        lids = self.sent if lids is None else lids
        return {"visitor_to_operator_ms": pct([self.seen_op[l][0] - self.sent[l] for l in lids if l in self.seen_op]),
                "visitor_ack_ms": pct([self.echo[l][0] - self.sent[l] for l in lids if l in self.echo]),
                "sent": len(lids), "lost_live": sum(l not in self.seen_op for l in lids),
                "dup_live": sum(len(self.seen_op.get(l, ())) > 1 for l in lids)}

    def server(self):
        if not self.args.pid:
            return {}
        out = {"rss_mib": 0, "cpu_s": 0}
        for pid in family(self.args.pid):
            rss, cpu = usage(pid)
            out["rss_mib"] += rss; out["cpu_s"] += cpu
        return {k: round(v, 2) for k, v in out.items()}

    async def close(self):
        await asyncio.gather(*[s.close() for s in self.vis + self.ops])

    # ---- modes -----------------------------------------------------------------------------------------------
    async def m_connect(self):
        """connect rate, then hold the idle sockets"""
        b = self.server(); r = await self.open_all(self.args.visitors, self.args.operators)
        await asyncio.sleep(min(2, self.args.seconds)); a = self.server()
        if b and self.vis:
            r["kib_per_idle_conn"] = round((a["rss_mib"] - b["rss_mib"]) * 1024 / len(self.vis), 1)
        await asyncio.sleep(max(0, self.args.seconds - 2)); r["held_s"] = self.args.seconds
        r["dropped_while_idle"] = sum(s.closed_by_peer for s in self.vis + self.ops)
        return r

    async def m_latency(self):
        """open loop: --rate messages/s in total over all conversations (arrival times fixed in advance)"""
        r = await self.open_all(self.args.visitors, self.args.operators); b = self.server()
        t0 = pc(); n = min(int(self.args.rate * self.args.seconds), HARD_MESSAGES); tasks = []
        for i in range(n):
            due = t0 + i / self.args.rate
            if due > pc():
                await asyncio.sleep(due - pc())
            s = random.choice(self.vis); lid, body = self.frame(s)
            self.sent[lid] = due            # latency counts from the intended time: no coordinated omission
            tasks.append(asyncio.create_task(self.send(s, lid, body)))
        for x in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(x, Exception): self.err(x)
        end = pc() + self.args.drain
        while pc() < end and any(l not in self.seen_op for l in self.sent):
            await asyncio.sleep(.05)
        a = self.server(); r |= self.latency() | {"offered_per_s": self.args.rate, "wall_s": round(pc() - t0, 2)}
        if b: r["server_cpu_ms_per_msg"] = round((a["cpu_s"] - b["cpu_s"]) * 1000 / max(1, n), 3)
        return r

    async def m_throughput(self):
        """closed loop: every conversation sends its next message once the operator has seen the previous one"""
        r = await self.open_all(self.args.visitors, self.args.operators); b = self.server()
        end = pc() + self.args.seconds; timeouts = 0; t0 = pc()
        async def loop(s):
            nonlocal timeouts
            while pc() < end and self.seq < HARD_MESSAGES:
                lid, body = self.frame(s); w = self.waiters[lid] = asyncio.get_running_loop().create_future()
                try:
                    await self.send(s, lid, body); await asyncio.wait_for(w, self.args.drain)
                except asyncio.TimeoutError:
                    timeouts += 1
                except Exception as e:
                    self.err(e); return
        await asyncio.gather(*[loop(s) for s in self.vis])
        ok = [l for l in self.sent if l in self.seen_op and self.seen_op[l][0] <= end]
        a = self.server(); r |= self.latency() | {"msgs_per_s": round(len(ok) / self.args.seconds, 1), "timeouts": timeouts, "wall_s": round(pc() - t0, 2)}
        if b: r["server_cpu_ms_per_msg"] = round((a["cpu_s"] - b["cpu_s"]) * 1000 / max(1, len(self.seen_op)), 3)
        return r

    async def m_storm(self):
        """steady sending; at 1/3 of the time every socket is aborted at once and all reconnect (jitter 0..--jitter s).
        A visitor re-sends what was never acknowledged, with the same client id. Loss and duplicates are counted twice:
        live (what the operator socket showed) and stored (adapter.history, after the dust settles)."""
        r = await self.open_all(self.args.visitors, self.args.operators); t0 = pc(); end = t0 + self.args.seconds
        state = {"down": False}; back = []; resent = 0; alive = True
        async def sender(s):
            while pc() < end:
                await asyncio.sleep(random.expovariate(self.args.rate / max(1, len(self.vis))))
                if s.ws is None or pc() >= end: continue
                lid, body = self.frame(s)
                try: await self.send(s, lid, body)
                except Exception as e: self.err(e)
        async def reopen(s):
            nonlocal resent
            await asyncio.sleep(random.random() * self.args.jitter)
            for k in range(8):
                try:
                    await s.open(); break
                except Exception as e:
                    self.err(e); await asyncio.sleep(min(5, .25 * 2**k) * (.5 + random.random()))
            else: return
            back.append(pc() - state["t"])
            if s.role == "visitor":
                await asyncio.sleep(.3)                      # let a replay from the server acknowledge first
                for lid, body in list(s.unacked.items()):
                    if s.ws is None: break
                    resent += 1
                    try: await self.a.send_visitor(self.ctx, s.ws, s.who, lid, body)
                    except Exception as e: self.err(e)
        async def storm():
            await asyncio.sleep(self.args.seconds / 3); state["t"] = pc()
            for s in self.vis + self.ops: s.abort()
            await asyncio.gather(*[reopen(s) for s in self.ops + self.vis])
        await asyncio.gather(storm(), *[sender(s) for s in self.vis])
        stop = pc() + self.args.drain
        while pc() < stop and any(s.unacked for s in self.vis): await asyncio.sleep(.1)
        r |= self.latency() | {"reconnected": len(back), "of": len(self.vis) + len(self.ops), "reconnect_s": pct(back, 1), "resent": resent,
                               "never_acked": sum(len(s.unacked) for s in self.vis), "storm_wall_s": round(pc() - t0, 2)}
        if hasattr(self.a, "history"):
            got = {}
            async def h(s):
                for l in LID.findall("\n".join(await self.a.history(self.ctx, s.who))): got[l] = got.get(l, 0) + 1
            await self.gather([lambda s=s: h(s) for s in self.vis], 8)
            r |= {"lost_stored": sum(l not in got for l in self.sent), "dup_stored": sum(got.get(l, 0) > 1 for l in self.sent)}
        return r

    async def m_slow(self):
        """one operator socket stops reading (transport paused); does anybody else notice, does the server's memory grow,
        and what does the slow one get once it reads again?"""
        args = self.args
        if args.operators < 2: raise SystemExit("slow needs --operators >= 2")
        r = await self.open_all(args.visitors, args.operators); slow = self.ops[-1]; res = {}
        async def phase(name, secs):
            lids = []; b = self.server(); t0 = pc(); n = int(args.rate * secs)
            for i in range(n):
                due = t0 + i / args.rate
                if due > pc(): await asyncio.sleep(due - pc())
                s = random.choice(self.vis); lid, body = self.frame(s); lids.append(lid)
                try: await self.send(s, lid, body)
                except Exception as e: self.err(e)
            await asyncio.sleep(1); a = self.server()
            res[name] = self.latency(lids) | ({"rss_growth_mib": round(a["rss_mib"] - b["rss_mib"], 1)} if b else {})
        await phase("before", args.seconds / 3); f0 = slow.frames
        slow.transport.pause_reading(); await phase("while_slow", args.seconds / 3)
        res["slow_frames_while_paused"] = slow.frames - f0
        try: slow.transport.resume_reading()
        except Exception as e: self.err(e)
        await phase("after", args.seconds / 3)
        await asyncio.sleep(1)
        res["slow_frames_after_resume"] = slow.frames - f0; res["slow_closed_by_server"] = slow.closed_by_peer
        return r | res


def load(path):
    spec = importlib.util.spec_from_file_location("adapter", path); m = importlib.util.module_from_spec(spec); spec.loader.exec_module(m); return m


async def main(args):
    ctx = Ctx(args); ctx.adapter = load(args.adapter)
    conn = aiohttp.TCPConnector(limit=0, force_close=False)
    async with aiohttp.ClientSession(connector=conn, timeout=aiohttp.ClientTimeout(total=60), cookie_jar=aiohttp.DummyCookieJar()) as ctx.http:
        if hasattr(ctx.adapter, "setup"): await ctx.adapter.setup(ctx)
        run = Run(ctx); t = time.time()
        out = {"mode": args.mode, "adapter": getattr(ctx.adapter, "NAME", args.adapter), "label": args.label, "visitors": args.visitors, "operators": args.operators, "load1": round(os.getloadavg()[0], 2)}
        try:
            async with asyncio.timeout(args.max_seconds):
                out |= await getattr(run, "m_" + args.mode)()
        except TimeoutError:
            out["error"] = "max-seconds reached"; out |= run.latency()
        out["errors"] = run.errors; out["total_s"] = round(time.time() - t, 1)
        try: await asyncio.wait_for(run.close(), 10)
        except Exception: pass
    line = json.dumps(out); print(line)
    if args.out: open(args.out, "a").write(line + "\n")


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("mode", choices=["connect", "latency", "throughput", "storm", "slow"])
    p.add_argument("--adapter", required=True); p.add_argument("--base", default="http://127.0.0.1:8200")
    p.add_argument("--visitors", type=int, default=50); p.add_argument("--operators", type=int, default=3)
    p.add_argument("--seconds", type=float, default=8); p.add_argument("--rate", type=float, default=50, help="messages/s in total (latency, storm, slow)")
    p.add_argument("--size", type=int, default=80, help="padding bytes in each body"); p.add_argument("--parallel", type=int, default=32, help="connects under way at once")
    p.add_argument("--jitter", type=float, default=1.0); p.add_argument("--drain", type=float, default=5)
    p.add_argument("--settle", type=float, default=15, help="longest wait for the server to go quiet after the connects")
    p.add_argument("--pid", type=int, action="append", help="server process (with children) to watch; may repeat")
    p.add_argument("--max-seconds", type=float, default=120); p.add_argument("--out"); p.add_argument("--label", default="")
    args = p.parse_args()
    args.max_seconds = min(args.max_seconds, HARD_SECONDS)
    if args.visitors + args.operators > HARD_SOCKETS: p.error(f"at most {HARD_SOCKETS} sockets")
    try:
        import uvloop; uvloop.run(main(args))
    except ImportError:
        asyncio.run(main(args))
