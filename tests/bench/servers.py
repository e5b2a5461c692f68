"""Rates and latencies: our server, the tutorial's in Go, the limit in C, under the same load."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial

from tests import peers
from tests.bench.load import Load, Result, measure, running
from tests.bench.plan import Measurement, Plan
from tests.bench.rivals import ALONE, GO, OURS, WINDOW, C, rival, serve
from tests.bench.stats import Figure, in_turn, ratios, spread

LINE = 64
LOADS: dict[str, tuple[Load, ...]] = {
    "pingpong": tuple(
        Load(f"ping-pong {clients}", "line", clients, 1, LINE) for clients in (10, 100, 1000, 5000)
    ),
    "pipelined": tuple(
        Load(f"pipelined {clients}×256", "line", clients, 256, LINE) for clients in (10, 100)
    ),
    "lines": (
        Load("64 KB lines", "line", 4, 1, 64 << 10),
        Load("1 MB lines", "line", 4, 1, 1 << 20),
    ),
    "churn": (Load("churn 32", "churn", 32, 1, LINE),),
    "udp": (Load("UDP time, 64 outstanding", "udp", 1, 64, 12),),
}
ECHOES = (
    Load("echo, ping-pong 10", "line", 10, 1, LINE),
    Load("echo, pipelined 10×256", "line", 10, 256, LINE),
)
ECHOERS: dict[str, Callable[[], AbstractContextManager[int]]] = {
    "socat": partial(peers.socat, "echo"),
    "ncat": partial(peers.ncat, "echo"),
}
"""Others that send every byte back; both run a process for each client."""


def against(loads: Sequence[Load]) -> Measurement:
    """Return the measurement of some loads."""

    def compare_all(plan: Plan) -> Iterator[Figure]:
        for load in loads:
            yield from _compare(plan, load)

    return compare_all


def _compare(plan: Plan, load: Load) -> Iterator[Figure]:
    everybody = (*OURS, GO, C)
    runs: dict[str, list[Result]] = {who: [] for who in everybody}
    transport = "udp" if load.mode == "udp" else "tcp"
    for number in range(plan.rounds):
        for who in in_turn(everybody, number):
            with running(rival(plan, who, transport)) as program:
                runs[who].append(measure(plan, load, program.port))
    for ours in OURS:
        name = load.name if ours == WINDOW else f"{load.name}, {ours}"
        yield figure(f"{name} ÷ Go", runs[ours], runs[GO])
    latency = ratios([run.p99 for run in runs[WINDOW]], [run.p99 for run in runs[GO]])
    yield Figure(f"{load.name}, p99 ÷ Go", spread(latency), _latency_note(runs))
    yield figure(f"{load.name} ÷ C", runs[WINDOW], runs[C])
    yield figure(f"{load.name}, Go ÷ C", runs[GO], runs[C])


def echoes(plan: Plan) -> Iterator[Figure]:
    """Compare our echo with tools that everybody has."""
    for load in ECHOES:
        runs: dict[str, list[Result]] = {who: [] for who in (ALONE, *ECHOERS)}
        for number in range(plan.rounds):
            for who in in_turn(tuple(runs), number):
                runs[who].append(_echo(plan, who, load))
        for who in ECHOERS:
            yield figure(f"{load.name} ÷ {who}", runs[ALONE], runs[who])


def _echo(plan: Plan, who: str, load: Load) -> Result:
    if who == ALONE:
        with running(serve("echo")) as program:
            return measure(plan, load, program.port, echo=True)
    with ECHOERS[who]() as port:
        return measure(plan, load, port, echo=True)


def figure(name: str, ours: Sequence[Result], theirs: Sequence[Result]) -> Figure:
    """Return the ratio of the rates, with the rates themselves as a note."""
    rates = [run.rate for run in ours], [run.rate for run in theirs]
    middle = [f"{spread(one).median:,.0f}" for one in rates]
    lost = sum(run.errors for run in ours)
    note = f"{middle[0]} ÷ {middle[1]} /s" + (f"; {lost:,} lost" if lost else "")
    return Figure(name, spread(ratios(*rates)), note)


def _latency_note(runs: dict[str, list[Result]]) -> str:
    ours, theirs = (spread(run.p99 for run in runs[who]).median for who in (WINDOW, GO))
    return f"{ours / 1000:,.2f} ÷ {theirs / 1000:,.2f} ms"
