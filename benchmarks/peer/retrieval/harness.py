#!/usr/bin/env python3
"""Retrieval / hand-off / extractive-answer harness.  Standard library only (Python >= 3.9).

  python harness.py --adapter my_adapter.py [--data ../../data] [--sets iapp_th_dev,squad2_en_dev]
                    [--json out.json] [--compare baselines.json] [--limit N] [--no-handoff] [--no-answer]

An adapter is a Python file with
  index(passages)      passages: list of {"id","title","text"}; replaces any earlier index
  search(question, k)  -> list of (passage_id, score), best first, at most k
and, if it wants, also
  confidence(question) -> float, higher = more sure that the knowledge base answers it
                          (without it the score of the first hit is used)
  answer(question)     -> {"text": str, "passage_id": id or None, "handoff": bool}
  close()              -> called at the end
An adapter may chunk passages as it likes as long as search() returns the ids it was given
(an id repeated is counted once, at its best place).

Measures
  R@1/3/5, MRR@10    share of questions whose gold passage is in the first k (index = all passages)
  q_ms p50/p95       wall time of search(); idx_s: wall time of index()
  hand-off           the index is rebuilt without the passages listed in meta.json
                     (near: single passages go, siblings of the same article stay;
                      far: whole articles go). Questions whose gold went are unanswerable.
    AUC              of confidence, answerable vs unanswerable
    FA@90 / FA@80    share of unanswerable questions that would still be answered with the
                     threshold set so that 90 % / 80 % of answerable ones are answered (lower is better)
    P@90 / P@80      of all questions answered at that threshold, share that is answerable AND has the
                     gold passage first (25 % of the questions are unanswerable)
    shipped          if answer() exists: what its own hand-off flag does (answered, false answers, right)
  extractive         answer() text: contain = gold answer is inside it; F1 = best SQuAD token F1
                     (Thai is compared by character, everything else by word); len = median characters
"""
import argparse, importlib.util, json, os, re, statistics, string, sys, time, unicodedata
from collections import Counter


def load(path):
    spec = importlib.util.spec_from_file_location("adapter_under_test", path)
    mod = importlib.util.module_from_spec(spec)
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    sys.modules["adapter_under_test"] = mod
    spec.loader.exec_module(mod)
    return mod


def jl(p):
    with open(p, encoding="utf-8") as f:
        return [json.loads(x) for x in f]


PUNC = set(string.punctuation) | set("“”‘’–—ฯๆ")


def norm(s):
    s = unicodedata.normalize("NFKC", s or "").lower()
    s = "".join(" " if c in PUNC else c for c in s)
    s = re.sub(r"\b(a|an|the)\b", " ", s)
    return " ".join(s.split())


def toks(s):
    out = []
    for w in norm(s).split():
        for part in re.findall(r"[\u0E00-\u0E7F]+|[^\u0E00-\u0E7F]+", w):
            out.extend(part if "\u0E00" <= part[0] <= "\u0E7F" else [part])
    return out


def f1(a, g):
    a, g = Counter(toks(a)), Counter(toks(g))
    n = sum((a & g).values())
    if not n:
        return 0.0
    p, r = n / sum(a.values()), n / sum(g.values())
    return 2 * p * r / (p + r)


def contains(a, g):
    a, g = norm(a), norm(g)
    if re.search(r"[\u0E00-\u0E7F]", g):
        a, g = a.replace(" ", ""), g.replace(" ", "")
        return bool(g) and g in a
    return bool(g) and (" " + g + " ") in (" " + a + " ")


def pct(xs, q):
    xs = sorted(xs)
    return xs[min(len(xs) - 1, int(q * len(xs)))] if xs else 0.0


def auc(pos, neg):
    if not pos or not neg:
        return None
    allv = sorted([(v, 1) for v in pos] + [(v, 0) for v in neg], key=lambda t: t[0])
    r, i, s = 0, 0, 0.0
    while i < len(allv):
        j = i
        while j < len(allv) and allv[j][0] == allv[i][0]:
            j += 1
        avg = (i + 1 + j) / 2
        s += avg * sum(x[1] for x in allv[i:j])
        i = j
    n, m = len(pos), len(neg)
    return (s - n * (n + 1) / 2) / (n * m)


def uniq(hits):
    seen, out = set(), []
    for pid, sc in hits:
        if pid not in seen:
            seen.add(pid)
            out.append((pid, sc))
    return out


def retrieval(ad, P, Q):
    t = time.perf_counter()
    ad.index(P)
    idx = time.perf_counter() - t
    r = Counter()
    mrr = 0.0
    lat = []
    for q in Q:
        t = time.perf_counter()
        h = ad.search(q["question"], 10)
        lat.append((time.perf_counter() - t) * 1e3)
        ids = [x for x, _ in uniq(h)]
        rank = next((i for i, x in enumerate(ids) if x in q["passage_ids"]), None)
        if rank is not None:
            for k in (1, 3, 5, 10):
                r[k] += rank < k
            mrr += 1 / (rank + 1) if rank < 10 else 0
    n = len(Q)
    return {"n": n, "R@1": r[1] / n, "R@3": r[3] / n, "R@5": r[5] / n, "R@10": r[10] / n, "MRR@10": mrr / n,
            "q_ms_p50": pct(lat, .5), "q_ms_p95": pct(lat, .95), "idx_s": idx}


def handoff(ad, P, Q, removed):
    removed = set(removed)
    ad.index([p for p in P if p["id"] not in removed])
    rows = []
    for q in Q:
        ok = not set(q["passage_ids"]) <= removed
        h = uniq(ad.search(q["question"], 10))
        c = ad.confidence(q["question"]) if hasattr(ad, "confidence") else (h[0][1] if h else float("-inf"))
        a = ad.answer(q["question"]) if hasattr(ad, "answer") else None
        rows.append((ok, c, bool(h) and h[0][0] in q["passage_ids"], a))
    pos = [c for ok, c, _, _ in rows if ok]
    neg = [c for ok, c, _, _ in rows if not ok]
    out = {"answerable": len(pos), "unanswerable": len(neg), "AUC": auc(pos, neg)}
    for cov in (.9, .8):
        th = sorted(pos)[int((1 - cov) * len(pos))]
        ans = [x for x in rows if x[1] >= th]
        out["FA@%d" % (cov * 100)] = sum(c >= th for c in neg) / max(1, len(neg))
        out["P@%d" % (cov * 100)] = sum(x[2] for x in ans) / max(1, len(ans))
    if rows and rows[0][3] is not None:
        said = [x for x in rows if x[3] and not x[3].get("handoff")]
        out["shipped_answered_answerable"] = sum(x[0] for x in said) / max(1, len(pos))
        out["shipped_false_answers"] = sum(not x[0] for x in said) / max(1, len(neg))
    return out


def extractive(ad, P, Q):
    ad.index(P)
    Q = [q for q in Q if q["answers"]]
    if not Q:
        return None
    c = f = n = 0
    L = []
    for q in Q:
        a = ad.answer(q["question"]) or {}
        t = a.get("text") or ""
        if a.get("handoff"):
            t = ""
        L.append(len(t))
        n += bool(t)
        c += any(contains(t, g) for g in q["answers"])
        f += max(f1(t, g) for g in q["answers"])
    return {"n": len(Q), "answered": n / len(Q), "contain": c / len(Q), "F1": f / len(Q),
            "len_median": statistics.median(L)}


def run(ad, data, sets, limit=None, do_handoff=True, do_answer=True):
    res = {}
    for s in sets:
        d = os.path.join(data, s)
        P, Q, M = jl(d + "/passages.jsonl"), jl(d + "/questions.jsonl"), json.load(open(d + "/meta.json", encoding="utf-8"))
        if limit:
            Q = Q[:: max(1, len(Q) // limit)]
        x = {"retrieval": retrieval(ad, P, Q)}
        if do_handoff:
            for kind in ("near", "far"):
                if M.get("handoff_removed_" + kind):
                    x[kind] = handoff(ad, P, Q, M["handoff_removed_" + kind])
        if do_answer and hasattr(ad, "answer"):
            e = extractive(ad, P, Q)
            if e:
                x["extractive"] = e
        res[s] = x
    return res


def fmt(v, p=3):
    return "-" if v is None else ("%.*f" % (p, v) if isinstance(v, float) else str(v))


def table(all_res):
    rows = [("adapter", "set", "n", "R@1", "R@3", "R@5", "MRR", "ms50", "ms95", "idx_s", "AUCnear", "FA@90n", "P@90n",
             "FA@80n", "P@80n", "AUCfar", "FA@90f", "shipAns", "shipFA", "contain", "F1", "len")]
    for name, res in all_res.items():
        for s, x in res.items():
            r, n, f, e = x.get("retrieval", {}), x.get("near", {}), x.get("far", {}), x.get("extractive", {}) or {}
            rows.append((name, s, fmt(r.get("n")), fmt(r.get("R@1")), fmt(r.get("R@3")), fmt(r.get("R@5")), fmt(r.get("MRR@10")),
                         fmt(r.get("q_ms_p50"), 1), fmt(r.get("q_ms_p95"), 1), fmt(r.get("idx_s"), 2), fmt(n.get("AUC")),
                         fmt(n.get("FA@90")), fmt(n.get("P@90")), fmt(n.get("FA@80")), fmt(n.get("P@80")), fmt(f.get("AUC")),
                         fmt(f.get("FA@90")), fmt(n.get("shipped_answered_answerable")), fmt(n.get("shipped_false_answers")), fmt(e.get("contain")), fmt(e.get("F1")), fmt(e.get("len_median"), 0)))
    w = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(c.ljust(w[i]) for i, c in enumerate(r)) for r in rows)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--adapter")
    ap.add_argument("--name")
    ap.add_argument("--data", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data"))
    ap.add_argument("--sets")
    ap.add_argument("--json")
    ap.add_argument("--compare", help="JSON of earlier results, printed above the new rows")
    ap.add_argument("--only", help="with --compare: substring filter on the earlier adapters' names")
    ap.add_argument("--limit", type=int)
    ap.add_argument("--no-handoff", action="store_true")
    ap.add_argument("--no-answer", action="store_true")
    a = ap.parse_args()
    out = {}
    if a.compare:
        out.update({k: v for k, v in json.load(open(a.compare, encoding="utf-8"))["results"].items() if not a.only or a.only in k})
    have = sorted(d for d in os.listdir(a.data) if os.path.exists(os.path.join(a.data, d, "questions.jsonl")))
    sets = a.sets.split(",") if a.sets else have
    if a.adapter:
        ad = load(a.adapter)
        name = a.name or os.path.splitext(os.path.basename(a.adapter))[0]
        res = run(ad, a.data, sets, a.limit, not a.no_handoff, not a.no_answer)
        out[name] = res
        if hasattr(ad, "close"):
            ad.close()
        if a.json:
            json.dump({"results": {name: res}}, open(a.json, "w"), indent=1)
    print(table({k: {s: x for s, x in v.items() if s in sets} for k, v in out.items()}))


if __name__ == "__main__":
    main()
