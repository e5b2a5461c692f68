"""From the start of the program to its end or its window, from source and as built."""

from __future__ import annotations

import mmap
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bench.load import running
from tests.bench.plan import Plan, Unavailable
from tests.bench.stats import Figure, spread
from tests.command import command
from tests.helpers import wait_until
from tests.peers import peer, program
from tests.screen import window_manager

STARTS = 7
SCREEN = "1280x800x24"
BUILT = Path(__file__).resolve().parent.parent.parent / "dist" / "Socketboard" / "Socketboard"
DRAWN_COLOURS = 60
"""More than a bare or half-drawn window has: smooth letters alone are hundreds."""

PATIENCE_SECONDS = 20.0
SAMPLED_ROWS = 16
"""Every so manyth row of the screen is looked at."""

ROW_BYTES = 1280 * 4


def startup(plan: Plan) -> Iterator[Figure]:
    """Start it seven times, each time on a fresh home folder; say so where nothing was built."""
    yield Figure("command line from start to end, s", spread(_command_line(plan)))
    commands = {"from source": command(), "from the one-folder build": [str(BUILT)]}
    for name, start in commands.items():
        if start[0] == str(BUILT) and not BUILT.exists():
            raise Unavailable("dist/ is empty: start-up of the build needs `make package` first")
        yield Figure(f"start-up {name}, s", spread(_times(plan.folder, start)))


def _command_line(plan: Plan) -> list[float]:
    """Ask a server in C for the time."""
    times = []
    with running([plan.tool("limit"), "clock"]) as server:
        for _number in range(3 * STARTS + 1):
            begun = time.perf_counter()
            ask = command("time", f"127.0.0.1:{server.port}", "--count", "1")
            subprocess.run(ask, check=True, capture_output=True)
            times.append(time.perf_counter() - begun)
    return times[1:]


def _times(folder: Path, start: list[str]) -> list[float]:
    times = []
    for number in range(STARTS + 1):
        with _screen(folder) as (display, pixels), window_manager(display):
            home = folder / f"home-{number}"
            home.mkdir(exist_ok=True)
            env = os.environ | {"DISPLAY": display, "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
            times.append(_until_drawn(start, env, pixels))
    return times[1:]  # the first filled the disk cache


@contextmanager
def _screen(folder: Path) -> Iterator[tuple[str, mmap.mmap]]:
    """Run Xvfb with its pixels in a file; yield the display's name and the pixels."""
    options = ["-displayfd", "1", "-fbdir", str(folder), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    (folder / "output").unlink(missing_ok=True)
    with peer([program("Xvfb"), *options, "-noreset"], folder):
        output = folder / "output"
        wait_until(lambda: _number(output.read_text()), PATIENCE_SECONDS, "Xvfb")
        with (
            (folder / "Xvfb_screen0").open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as pixels,
        ):
            yield f":{_number(output.read_text())}", pixels


def _number(said: str) -> str:
    """Return the display's number among the warnings that Xvfb may print as well; "": not yet."""
    return next((line for line in said.splitlines() if line.isdigit()), "")


def _until_drawn(start: list[str], env: Mapping[str, str], pixels: mmap.mmap) -> float:
    begun = time.perf_counter()
    with subprocess.Popen(start, env=env, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: _colours(pixels) > DRAWN_COLOURS, PATIENCE_SECONDS, "the window")
            return time.perf_counter() - begun
        finally:
            process.kill()


def _colours(pixels: mmap.mmap) -> int:
    seen: set[int] = set()
    for at in range(len(pixels) % ROW_BYTES, len(pixels), SAMPLED_ROWS * ROW_BYTES):
        seen.update(memoryview(pixels[at : at + ROW_BYTES]).cast("I"))
    return len(seen)
