"""Memory: what a client costs that says nothing, one that never reads, and a million rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial

from tests.bench.load import Load, loading, measure, running
from tests.bench.plan import Plan
from tests.bench.rivals import ALONE, GO, C, consumer, fresh, rival
from tests.bench.servers import LINE
from tests.bench.stats import Figure, spread

IDLE = Load("idle", "idle", 5000, 1, LINE)
STALL = Load("stall", "stall", 20, 1, LINE)
CHATTER = Load("chatter", "line", 100, 1, LINE)
STALL_SECONDS = 3.0
ROWS = 1_000_000


def memory(plan: Plan) -> Iterator[Figure]:
    """Measure all three."""
    for who in (ALONE, GO, C):
        name = "KB per idle client (5000)" + ("" if who == ALONE else f", {who}")
        yield Figure(name, spread(_each(plan, partial(_idle, plan, who))))
    for who in (ALONE, GO):
        name = "MB per client that never reads" + ("" if who == ALONE else f", {who}")
        yield Figure(name, spread(_each(plan, partial(_stall, plan, who))))
    yield Figure("MB per million recorded rows", spread(_each(plan, partial(_rows, plan))))


def _each(plan: Plan, run: Callable[[], float]) -> list[float]:
    return [run() for _round in range(plan.rounds)]


def _idle(plan: Plan, who: str) -> float:
    with running(rival(plan, who, "tcp")) as program:
        before = program.memory()
        with loading(plan, IDLE, program.port):
            return (program.memory() - before) / IDLE.clients / 1024


def _stall(plan: Plan, who: str) -> float:
    with running(rival(plan, who, "tcp")) as program:
        before = program.memory()
        with loading(plan, STALL, program.port, seconds=STALL_SECONDS):
            return (program.memory() - before) / STALL.clients / 2**20


def _rows(plan: Plan) -> float:
    """Record small chunks, a row each, until there are a million, the newest page being read."""
    with running(consumer("acknowledge", "tcp", fresh(plan, "rows"))) as program:
        before = program.memory()
        rows = 0
        while rows < ROWS:
            measure(plan, CHATTER, program.port, seconds=2.0)
            rows = json.loads(program.ask("?"))["rows"]
        return (program.memory() - before) / 2**20 * ROWS / rows
