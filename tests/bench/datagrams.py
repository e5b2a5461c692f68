"""A hundred thousand datagrams flat out: every one kept, or shown as dropped by the kernel."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress

from tests.bench.load import Load, Program, measure, running
from tests.bench.plan import Plan
from tests.bench.rivals import consumer, fresh
from tests.bench.stats import Figure, spread
from tests.helpers import wait_until

COUNT = 100_000
BLAST = Load("blast", "blast", 1, 1, 64)
REST_SECONDS = 5.0
_KEPT = "SELECT count(*) FROM chunk WHERE kind = 1"


def datagrams(plan: Plan) -> Iterator[Figure]:
    """Blast, wait until the server has seen the end of it, count the rows of the recording."""
    runs = [_blast(plan) for _round in range(plan.rounds)]
    yield Figure(
        f"datagrams flat out ({COUNT:,}): kept + shown as dropped ÷ sent",
        spread((kept + drops) / COUNT for kept, drops in runs),
    )
    yield Figure(
        f"datagrams flat out ({COUNT:,}): % kept", spread(100 * kept / COUNT for kept, _ in runs)
    )


def _blast(plan: Plan) -> tuple[int, int]:
    path = fresh(plan, "datagrams")
    with running(consumer("acknowledge", "udp", path)) as program:
        measure(plan, BLAST, program.port, seconds=COUNT)
        with suppress(AssertionError):  # what is missing after that is the result
            wait_until(lambda: _all_told(program), REST_SECONDS)
        figures = json.loads(program.ask("?"))
    with closing(sqlite3.connect(path)) as db:
        kept = db.execute(_KEPT).fetchone()[0]
    return kept, figures["kernel_drops"] or 0


def _all_told(program: Program) -> bool:
    """Whether each datagram is accounted for, and what was received is in the file."""
    now = json.loads(program.ask("?"))
    told = now["messages"] + (now["kernel_drops"] or 0)
    return bool(told == COUNT and now["recorded"] == now["received"])
