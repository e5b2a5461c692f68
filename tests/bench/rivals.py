"""Who is measured: our server, watched in different ways, and the programs it is compared with."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.bench.plan import Plan, Unavailable
from tests.command import command

WINDOW, JOURNAL, ALONE = "window", "recording window", "alone"
"""Ours: with the window's consumer, with that and the journal, and `serve --quiet`."""
GO, C = "Go", "C"
OURS = (WINDOW, JOURNAL, ALONE)


def serve(service: str, *options: str) -> list[str]:
    """Return the command line's server on a free port."""
    return command("--lang", "en", "serve", service, "--port", "0", "--quiet", *options)


def consumer(service: str, transport: str, *path: str) -> list[str]:
    """Return our server as the window runs one."""
    return [sys.executable, "-m", "tests.bench.consumer", service, transport, *path]


def rival(plan: Plan, who: str, transport: str) -> list[str]:
    """Return the program to run: the acknowledge server (tcp) or the time server (udp)."""
    service = "acknowledge" if transport == "tcp" else "time"
    if who == WINDOW:
        return consumer(service, transport)
    if who == JOURNAL:
        return consumer(service, transport, fresh(plan, "watched"))
    if who == ALONE:
        return serve(service, *(["--udp"] if transport == "udp" else []))
    tool = "lines" if transport == "tcp" else "clock"
    return [plan.tool("limit"), tool] if who == C else go(plan, tool)


def go(plan: Plan, tool: str) -> list[str]:
    """Return a program of the tutorial's. Raises Unavailable where it could not be compiled."""
    path = plan.tool(tool)
    if not Path(path).exists():
        raise Unavailable("go is not installed: no ratios to the tutorial's own server")
    return [path]


def fresh(plan: Plan, name: str) -> str:
    """Return the path of a recording, and see that no earlier one is there."""
    path = plan.folder / f"{name}.sqlite"
    for one in plan.folder.glob(f"{path.name}*"):
        one.unlink()
    return str(path)
