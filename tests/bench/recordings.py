"""A recording of a million rows, opened and searched; what is lost when its writer is killed."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from netlib.engine.records import FLOW_BITS, NEW_FLOW, RECEIVED, new_flow
from netlib.events import Direction
from netlib.recording.journal import Journal
from netlib.recording.query import Query
from netlib.recording.reader import Recording
from netlib.recording.row_index import RowIndex, Span
from netlib.recording.search import find
from tests.bench.load import Program, running
from tests.bench.plan import Plan
from tests.bench.rivals import consumer, fresh
from tests.bench.stats import Figure, spread

ROWS = 1_000_000
NAME = "a recording of a million rows"
TALK_SECONDS = 1.5
LINE = b"%07d a line of a lesson about sockets, as it is said\n"


def recordings(plan: Plan) -> Iterator[Figure]:
    """Measure all three."""
    path = Path(fresh(plan, "million"))
    _write(path)
    yield Figure(f"{NAME}, opened, ms", spread([_open(path) for _ in range(plan.rounds)]))
    yield Figure(f"{NAME}, searched, ms", spread([_search(path) for _ in range(plan.rounds)]))
    lost = [_killed(plan) for _ in range(plan.rounds)]
    yield Figure("lost by kill -9 under load, ms", spread(lost))


def _write(path: Path) -> None:
    """Record short lines of one connection."""
    flow = new_flow(1, 1, None)
    code = flow.number << FLOW_BITS | RECEIVED
    with closing(Journal(path)) as journal:
        journal.put((0, NEW_FLOW, flow))
        for number in range(ROWS):
            journal.put(
                (number, code, b"%07d a line of a lesson about sockets, as it is said\n" % number)
            )
            if number % 1000 == 0:
                while journal.end_turn(60_000):
                    journal.wait_for_room(1.0)
        journal.flush(60.0)


def _open(path: Path) -> float:
    begun = time.perf_counter()
    with closing(Recording(path)) as recording:
        if recording.activities() != {1: ROWS}:
            raise RuntimeError(f"not {ROWS} rows")
        return (time.perf_counter() - begun) * 1000


def _search(path: Path) -> float:
    """Look for a word that is nowhere, in any case of its letters."""
    with closing(Recording(path)) as recording:
        begun = time.perf_counter()
        if find(recording, RowIndex([Span(1, 0, ROWS)]), Query(text="Chrysanthemum")):
            raise RuntimeError("found what is not there")
        return (time.perf_counter() - begun) * 1000


def _killed(plan: Plan) -> float:
    """Kill a server that records as the window does; return how old the last recorded line is."""
    path = Path(fresh(plan, "killed"))
    with running(consumer("acknowledge", "tcp", str(path))) as program:
        sent = _talk(program)
        program.process.kill()
        killed = time.monotonic()
    with closing(Recording(path)) as recording:
        total = recording.activities()[1]
        lines = [one.data for one in recording.read(1, 0, total) if one.kind == Direction.RECEIVED]
    if lines != [b"%09d\n" % number for number in range(len(lines))]:
        raise RuntimeError("what is recorded is not what was sent")
    return (killed - sent[len(lines) - 1]) * 1000


def _talk(program: Program) -> list[float]:
    """Say lines one after the other, each when the one before is answered; return when."""
    said: list[float] = []
    with socket.create_connection(("127.0.0.1", program.port)) as peer, peer.makefile("rb") as file:
        until = time.monotonic() + TALK_SECONDS
        while time.monotonic() < until:
            peer.sendall(b"%09d\n" % len(said))
            file.readline()
            said.append(time.monotonic())
    return said
