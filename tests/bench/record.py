"""The command line's server while it records everything, and whether everything is in the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from tests.bench.load import Load, Result, measure, running
from tests.bench.plan import Plan
from tests.bench.rivals import GO, fresh, rival, serve
from tests.bench.servers import LINE, figure
from tests.bench.stats import Figure, in_turn, spread

LOADS = (
    Load("ping-pong 100", "line", 100, 1, LINE),
    Load("pipelined 10×256", "line", 10, 256, LINE),
)
RECORDED = "--record"
_BYTES = "SELECT connection, kind, sum(length(data)) FROM chunk WHERE kind > 0 GROUP BY 1, 2"
_ENDS = "SELECT data FROM chunk WHERE kind = 0 AND data LIKE '%\"closed\"%'"


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
    with closing(sqlite3.connect(path)) as db:
        rows = {(connection, kind): size for connection, kind, size in db.execute(_BYTES)}
        ends = [json.loads(data) for (data,) in db.execute(_ENDS)]
    if len(ends) != clients:
        raise RuntimeError(f"{len(ends)} of {clients} connections end in {path}")
    return sum(
        abs(end[way] - rows.get((end["connection"], kind), 0))
        for end in ends
        for kind, way in ((1, "received"), (2, "sent"))
    )
