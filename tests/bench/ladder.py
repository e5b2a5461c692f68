"""The ladder: how long a frame takes in a million arrows, how late the window is in a flood."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from netlib.engine.records import EVENT, FLOW_BITS, NEW_FLOW, RECEIVED, SENT, new_flow
from netlib.recording.journal import Journal
from tests.bench.load import measure, running
from tests.bench.plan import Plan
from tests.bench.rivals import fresh
from tests.bench.stats import Figure, spread
from tests.bench.window import COMMAND, FLOOD, shares
from tests.bench.window_probe import ARROWS
from tests.ladders import (
    CLIENT,
    DIALLED,
    DIALS,
    SERVED,
    SERVER,
    SERVES,
    accepted,
    connected,
    connecting,
    listening,
)
from tests.screen import virtual_screen, window_manager

FRAMES = 200
FLOOD_SECONDS = 9.0
"""Time for as many frames: of fewer than a hundred the 99th percentile is the worst."""
LINE = b"%07d a line of a lesson about sockets, as it is said\n"


def ladder(plan: Plan) -> Iterator[Figure]:
    """Measure each round in a window of its own, on a screen of its own."""
    path = Path(fresh(plan, "arrows"))
    _write(path)
    seen: dict[str, list[float]] = defaultdict(list)
    with virtual_screen() as display, window_manager(display):
        for _round in range(plan.rounds):
            for name, value in _round_of(plan, display, path):
                seen[name].append(value)
    for name, values in seen.items():
        yield Figure(name, spread(values))


def _round_of(plan: Plan, display: str, path: Path) -> Iterator[tuple[str, float]]:
    with running(COMMAND, **os.environ | {"DISPLAY": display}) as program:
        program.ask("ladder")
        program.ask("begin")
        measure(plan, FLOOD, program.port, seconds=FLOOD_SECONDS)
        yield from shares("window lateness under flood, its ladder shown", program.ask("late"))
        yield from shares("ladder under flood, a frame", program.ask("drawn"))
    with running(COMMAND, **os.environ | {"DISPLAY": display}) as program:
        program.ask(f"open {path}")
        yield from shares("ladder, a million arrows, a frame", program.ask(f"frames {FRAMES}"))


def _write(path: Path) -> None:
    """Record a client and a server that say short lines to each other: a call each 50 µs."""
    here, there = new_flow(DIALS, DIALLED, SERVER), new_flow(SERVES, SERVED, CLIENT)
    with closing(Journal(path)) as journal:
        for event in (listening(), connecting(), connected(), accepted()):
            journal.put((0, EVENT, event))
        for flow in (here, there):
            journal.put((0, NEW_FLOW, flow))
        codes = [
            flow.number << FLOW_BITS | kind
            for flow, kind in ((here, SENT), (there, RECEIVED), (there, SENT), (here, RECEIVED))
        ]
        for number in range(ARROWS):
            said = LINE % (number // 4 * 2 + number % 4 // 2)
            journal.put((2_000_000 + number * 50, codes[number % 4], said))
            if number % 1000 == 0:
                while journal.end_turn(60_000):
                    journal.wait_for_room(1.0)
        journal.flush(60.0)
