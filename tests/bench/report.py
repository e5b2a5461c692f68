"""The results: goals beside figures, on the terminal and in docs/performance.md."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench.stats import Figure

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


class Goal(NamedTuple):
    """What a figure shall be."""

    reach: str
    stretch: str


_DATAGRAMS = "datagrams flat out (100,000): "
_WINDOW = ", recording window ÷ Go"
_RECORDED = ", --record ÷ Go"
GOALS: dict[str, Goal] = {
    "ping-pong 10 ÷ Go": Goal("≥ 0.9", "≥ 1.1"),
    "ping-pong 100 ÷ Go": Goal("≥ 0.9", "≥ 1.1"),
    "ping-pong 1000 ÷ Go": Goal("≥ 0.9", "≥ 1.1"),
    "ping-pong 5000 ÷ Go": Goal("≥ 0.9", "≥ 1"),
    "ping-pong 5000, p99 ÷ Go": Goal("≤ 1.3", "≤ 1"),
    "pipelined 10×256 ÷ Go": Goal("≥ 10", "≥ 15"),
    "pipelined 100×256 ÷ Go": Goal("≥ 10", "≥ 15"),
    "64 KB lines ÷ Go": Goal("≥ 6", ""),
    "1 MB lines ÷ Go": Goal("≥ 2.5", ""),
    "churn 32 ÷ Go": Goal("≥ 1", "≥ 1.3"),
    "UDP time, 64 outstanding ÷ Go": Goal("≥ 1.2", "≥ 1.5"),
    f"ping-pong 10{_WINDOW}": Goal("≥ 0.75", "≥ 0.95"),
    f"ping-pong 100{_WINDOW}": Goal("≥ 0.75", "≥ 0.95"),
    f"ping-pong 1000{_WINDOW}": Goal("≥ 0.75", "≥ 0.95"),
    f"pipelined 10×256{_WINDOW}": Goal("≥ 10", "≥ 15"),
    f"64 KB lines{_WINDOW}": Goal("≥ 2", "≥ 3"),
    f"1 MB lines{_WINDOW}": Goal("≥ 1.5", "≥ 2.4"),
    f"churn 32{_WINDOW}": Goal("≥ 0.7", "≥ 0.85"),
    f"UDP time, 64 outstanding{_WINDOW}": Goal("≥ 0.7", "≥ 0.85"),
    f"ping-pong 100{_RECORDED}": Goal("≥ 0.7", ""),
    f"pipelined 10×256{_RECORDED}": Goal("≥ 8", ""),
    f"64 KB lines{_RECORDED}": Goal("≥ 0.55", ""),
    f"churn 32{_RECORDED}": Goal("≥ 0.65", ""),
    "ping-pong 100, --record, bytes missing in the file": Goal("0", "0"),
    "pipelined 10×256, --record, bytes missing in the file": Goal("0", "0"),
    "KB per idle client (5000)": Goal("≤ 1", "≤ 0.7"),
    "MB per client that never reads": Goal("≤ 0.5", ""),
    "MB per million recorded rows": Goal("≤ 8", "≤ 5"),
    "a recording of a million rows, opened, ms": Goal("≤ 10", "≤ 2"),
    "a recording of a million rows, searched, ms": Goal("≤ 130", "≤ 100"),
    "lost by kill -9 under load, ms": Goal("≤ 100", ""),
    "download 500 MB to a file ÷ curl": Goal("≥ 1.1", "≥ 1.4"),
    "window lateness under flood, p99 ms": Goal("≤ 12", "≤ 8"),
    "window lateness under flood, max ms": Goal("≤ 30", "≤ 25"),
    "jump in a million rows, p99 ms": Goal("≤ 20", "≤ 10"),
    "ladder, a million arrows, a frame, p99 ms": Goal("≤ 16", "≤ 8"),
    "ladder under flood, a frame, p99 ms": Goal("≤ 16", "≤ 8"),
    "window lateness under flood, its ladder shown, max ms": Goal("≤ 30", "≤ 25"),
    "window closed under flood, s": Goal("≤ 1", "≤ 0.3"),
    "bytes received − recorded − dropped, after the flood": Goal("0", "0"),
    _DATAGRAMS + "kept + shown as dropped ÷ sent": Goal("1", "1"),
    _DATAGRAMS + "% kept": Goal("≥ 99", "100"),
    "command line from start to end, s": Goal("≤ 0.06", "≤ 0.05"),
    "start-up from source, s": Goal("≤ 0.24", "≤ 0.2"),
    "start-up from the one-folder build, s": Goal("≤ 0.5", ""),
}


def line(figure: Figure) -> str:
    """Return a figure as one line of a terminal: least, median, most; goal; note."""
    least, median, most = map(number, figure.spread)
    goal = GOALS.get(figure.name)
    wanted = f"{goal.reach}, {goal.stretch}".rstrip(", ") if goal else ""
    return f"{figure.name:<62} {least:>9} {median:>9} {most:>9}   {wanted:<14} {figure.note}"


def number(value: float) -> str:
    """Return a figure with as many digits as it deserves."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"


def tables(figures: Iterable[Figure], how: str) -> str:
    """Return the results in Markdown: first those with a goal, then those beside them."""
    measured = {figure.name: figure for figure in figures}
    aimed = [measured[name] for name in GOALS if name in measured]
    others = [figure for name, figure in measured.items() if name not in GOALS]
    return "\n".join(
        [
            f"{time.strftime('%Y-%m-%d')}, {machine()}; {how}.",
            "",
            *_table(aimed, goals=True),
            "",
            "Beside them:",
            "",
            *_table(others, goals=False),
        ]
    )


def _table(figures: Iterable[Figure], *, goals: bool) -> Iterator[str]:
    columns = [
        "what",
        *(["goal", "ambitious goal"] if goals else []),
        "measured",
        "from … to",
        "note",
    ]
    yield _row(columns)
    yield _row(["---"] * len(columns))
    for figure in figures:
        least, median, most = map(number, figure.spread)
        goal = GOALS[figure.name] if goals else ()
        yield _row([figure.name, *goal, f"**{median}**", f"{least} … {most}", figure.note])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """Return what this was measured on, without its name."""
    model = platform.processor() or platform.machine()
    for row in _lines(Path("/proc/cpuinfo")):
        if row.startswith("model name"):
            model = row.partition(":")[2].strip()
            break
    system = f"{platform.system()} {platform.release()}"
    return f"{os.cpu_count()} × {model}, {system}, Python {platform.python_version()}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def write(figures: Iterable[Figure], how: str) -> None:
    """Put the results between the two marks of docs/performance.md. ValueError: no marks."""
    PAGE.write_text(replaced(PAGE.read_text("utf-8"), tables(figures, how)), "utf-8")


def replaced(page: str, results: str) -> str:
    """Return the page with new results between its marks. ValueError: it has none."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{BEGIN} … {END}")
    return f"{before}{begin}\n\n{results}\n\n{end}{after}"
