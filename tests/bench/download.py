"""A body of 500 MB to a file: our `http` beside curl, from the same server's page cache."""

from __future__ import annotations

import filecmp
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.load import running
from tests.bench.plan import Plan
from tests.bench.stats import Figure, in_turn, ratios, spread
from tests.command import command
from tests.peers import program

MEGABYTES = 500


def download(plan: Plan) -> Iterator[Figure]:
    """Fetch in turn; the time is that of the whole program, start-up included."""
    body, target = plan.folder / "body", plan.folder / "fetched"
    _make(body)
    rates: dict[str, list[float]] = {"ours": [], "curl": []}
    with running([plan.tool("limit"), "file", str(body)]) as server:
        url = f"http://127.0.0.1:{server.port}/"
        commands = {
            "ours": command("http", url, "-o", str(target)),
            "curl": [program("curl"), "-s", url, "-o", str(target)],
        }
        for number in range(plan.rounds + 1):
            for who in in_turn(tuple(commands), number):
                rates[who].append(MEGABYTES / _seconds(commands[who], target))
                if not filecmp.cmp(body, target, shallow=False):
                    raise RuntimeError(f"{who} fetched something else")
    body.unlink()
    target.unlink()
    rates = {who: seen[1:] for who, seen in rates.items()}  # the first fetch warmed the caches
    note = " ÷ ".join(f"{spread(rates[who]).median:,.0f}" for who in commands)
    name = f"download {MEGABYTES} MB to a file ÷ curl"
    yield Figure(name, spread(ratios(rates["ours"], rates["curl"])), f"{note} MB/s")


def _make(path: Path) -> None:
    with path.open("wb") as file:
        for _megabyte in range(MEGABYTES):
            file.write(os.urandom(1 << 20))


def _seconds(fetch: list[str], target: Path) -> float:
    target.unlink(missing_ok=True)
    subprocess.run(["sync"], check=True)  # nobody pays for what another wrote
    begun = time.perf_counter()
    subprocess.run(fetch, check=True, capture_output=True)
    return time.perf_counter() - begun
