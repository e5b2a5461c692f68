"""The command line's server while it records everything, and whether everything is in the file."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

from netlib.engine.records import EVENT, FLOW_BITS, KIND_MASK, RECEIVED, SENT
from netlib.recording.page import Page, columns
from tests.bench.load import Load, Result, measure, running
from tests.bench.plan import Plan
from tests.bench.rivals import GO, fresh, rival, serve
from tests.bench.servers import LINE, figure
from tests.bench.stats import Figure, in_turn, spread

LOADS = (
    Load("ping-pong 100", "line", 100, 1, LINE),
    Load("pipelined 10×256", "line", 10, 256, LINE),
    Load("64 KB lines", "line", 4, 1, 64 << 10),
    Load("churn 32", "churn", 32, 1, LINE),
)
RECORDED = "--record"
_PAGES = f"SELECT {', '.join(Page._fields)} FROM page"


def record(plan: Plan) -> Iterator[Figure]:
    """Compare with Go, which records nothing; then count bytes in the files."""
    for load in LOADS:
        runs: dict[str, list[Result]] = {RECORDED: [], GO: []}
        missing: list[float] = []
        for number in range(plan.rounds):
            for who in in_turn(tuple(runs), number):
                if who == GO:
                    with running(rival(plan, GO, "tcp")) as program:
                        runs[GO].append(measure(plan, load, program.port))
                    continue
                path = fresh(plan, "recorded")
                with running(serve("acknowledge", "--record", path)) as program:
                    runs[who].append(measure(plan, load, program.port))
                missing.append(missing_bytes(path, load.clients))
        yield figure(f"{load.name}, --record ÷ Go", runs[RECORDED], runs[GO])
        yield Figure(f"{load.name}, --record, bytes missing in the file", spread(missing))


def missing_bytes(path: str, clients: int) -> int:
    """Return the difference between what connections exchanged and what is in the recording.

    Each connection's end says how many bytes it received and sent. Raises RuntimeError where an
    end is missing.
    """
    crossed: Counter[tuple[int, int]] = Counter()
    ends: list[dict[str, int]] = []
    with closing(sqlite3.connect(path)) as db:
        flows = dict(db.execute("SELECT id, connection FROM flow"))
        for page in map(Page._make, db.execute(_PAGES)):
            start = 0
            for code, end in zip(*columns(page)[1:3], strict=True):
                kind = code & KIND_MASK
                crossed[flows[code >> FLOW_BITS], kind] += end - start
                if kind == EVENT and isinstance(page.data, bytes):
                    data = page.data[start:end]
                    ends += [json.loads(data)] if b'"closed"' in data.lower() else []
                start = end
    if len(ends) < clients:
        raise RuntimeError(f"{len(ends)} of {clients} connections end in {path}")
    return sum(
        abs(end[way] - crossed[end["connection"], kind])
        for end in ends
        for kind, way in ((RECEIVED, "received"), (SENT, "sent"))
    )
