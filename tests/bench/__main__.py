"""Run the bench: `python -m tests.bench [--only NAME…] [--rounds N] [--seconds S] [--write]`."""

from __future__ import annotations

import argparse
import functools
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench import report
from tests.bench.datagrams import datagrams
from tests.bench.download import download
from tests.bench.ladder import ladder
from tests.bench.memory import memory
from tests.bench.plan import Measurement, Plan, Unavailable, compile_tools
from tests.bench.record import record
from tests.bench.recordings import recordings
from tests.bench.servers import LOADS, against, echoes
from tests.bench.startup import startup
from tests.bench.stats import Figure
from tests.bench.window import window

MEASUREMENTS: dict[str, Measurement] = {
    **{name: against(loads) for name, loads in LOADS.items()},
    "echo": echoes,
    "record": record,
    "recordings": recordings,
    "memory": memory,
    "download": download,
    "window": window,
    "ladder": ladder,
    "datagrams": datagrams,
    "startup": startup,
}

say = functools.partial(print, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for; 2 when this is not Linux, which the tools here need."""
    options = _parser().parse_args(arguments)
    if sys.platform != "linux":
        say("the bench needs Linux: epoll, /proc, Xvfb")
        return 2
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        plan = Plan(rounds=options.rounds, seconds=options.seconds, folder=Path(folder))
        compile_tools(plan.folder)
        say(f"{report.machine()}\n{'least, median, most':>82}   goal, ambitious goal")
        figures = list(_measure(plan, options.only or list(MEASUREMENTS)))
    if options.write:
        how = f"{plan.rounds} alternating rounds, runs of {plan.seconds:g} s"
        report.write(figures, how)
        say(f"written to {report.PAGE.relative_to(Path.cwd())}")
    return 0


def _measure(plan: Plan, names: Sequence[str]) -> Iterator[Figure]:
    for name in names:
        try:
            for figure in MEASUREMENTS[name](plan):
                say(report.line(figure))
                yield figure
        except Unavailable as missing:
            say(f"{name}: {missing}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tests.bench", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=MEASUREMENTS, metavar="NAME", help="of these: %(choices)s"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each is run (default 5)")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a run (default 1)")
    parser.add_argument(
        "--write", action="store_true", help="put the results into docs/performance.md"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
