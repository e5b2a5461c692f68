"""The real window under full flood: how late its timers are, how it jumps, how soon it closes."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress

from tests.bench.load import END_SECONDS, Load, Program, loading, measure, running, started
from tests.bench.plan import Plan
from tests.bench.servers import LINE
from tests.bench.stats import Figure, spread
from tests.helpers import wait_until
from tests.screen import virtual_screen, window_manager

FLOOD = Load("flood", "line", 10, 256, LINE)
COMMAND = [sys.executable, "-m", "tests.bench.window_probe"]
CROWD = Load("crowd", "idle", 5000, 1, LINE)
FLOOD_SECONDS = 3.0
IDLE_SECONDS = 1.0
SHARE_SECONDS = 4.0
ROWS = 1_000_000
JUMPS = 200
FLOODED_SECONDS = 0.5
"""How long the flood runs before the window is closed."""


def window(plan: Plan) -> Iterator[Figure]:
    """Measure each round in a window of its own, on a screen of its own."""
    seen: dict[str, list[float]] = defaultdict(list)
    with virtual_screen() as display, window_manager(display):
        for _round in range(plan.rounds):
            for name, value in (*_round_of(plan, display), *_crowd(plan, display)):
                seen[name].append(value)
    for name, values in seen.items():
        yield Figure(name, spread(values))


def _round_of(plan: Plan, display: str) -> Iterator[tuple[str, float]]:
    with running(COMMAND, **os.environ | {"DISPLAY": display}) as program:
        program.ask("begin")
        time.sleep(IDLE_SECONDS)
        yield from shares("window lateness, idle", program.ask("late"))
        program.ask("begin")
        result = measure(plan, FLOOD, program.port, seconds=FLOOD_SECONDS)
        yield from shares("window lateness under flood", program.ask("late"))
        yield "lines/s answered meanwhile", result.rate
        yield "bytes received − recorded − dropped, after the flood", _unexplained(program)
        while _rows(program) < ROWS:
            measure(plan, FLOOD, program.port)
        yield from shares("jump in a million rows", program.ask(f"jump {JUMPS}"))
        yield "window closed under flood, s", _close(plan, program)


def _crowd(plan: Plan, display: str) -> Iterator[tuple[str, float]]:
    """Watch a window that shows many clients who say nothing."""
    with running(COMMAND, **os.environ | {"DISPLAY": display}) as program:
        yield "window without clients, % of a processor", _share(program)
        with loading(plan, CROWD, program.port):
            yield f"window with {CROWD.clients:,} idle clients, % of a processor", _share(program)


def _share(program: Program) -> float:
    used, begun = program.processor(), time.perf_counter()
    time.sleep(SHARE_SECONDS)
    return (program.processor() - used) / (time.perf_counter() - begun) * 100


def shares(name: str, answer: str) -> Iterator[tuple[str, float]]:
    """Yield what a window answered as figures."""
    figures = json.loads(answer)
    for share in ("p50", "p99", "max"):
        yield f"{name}, {share} ms", figures[share]


def _unexplained(program: Program) -> float:
    """Return bytes the status line cannot account for once the journal has caught up."""

    def missing() -> int:
        counts = json.loads(program.ask("counts"))
        return int(counts["received"] - counts["recorded"] - counts["dropped"])

    with suppress(AssertionError):  # what is missing after that is the result
        wait_until(lambda: not missing(), END_SECONDS)
    return missing()


def _rows(program: Program) -> int:
    """Return at least how many rows there are: the generator's lines, without the replies."""
    return int(json.loads(program.ask("counts"))["recorded"]) // LINE


def _close(plan: Plan, program: Program) -> float:
    with started(plan, FLOOD, program.port, seconds=END_SECONDS):
        time.sleep(FLOODED_SECONDS)
        begun = time.perf_counter()
        program.hang_up()
        program.process.wait(END_SECONDS)
        return time.perf_counter() - begun
