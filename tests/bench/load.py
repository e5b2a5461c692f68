"""The load generator and the programs it is let loose on, as processes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from tests.bench.plan import Plan

END_SECONDS = 20.0
"""Longest wait for a program to end by itself."""

USER_HZ = 100
"""In which part of a second Linux tells processor times."""


class Load(NamedTuple):
    """One kind of work: see load.c."""

    name: str
    mode: str
    clients: int
    window: int
    length: int


@dataclass(frozen=True, slots=True)
class Result:
    """What one run of the generator saw: operations per second, times in microseconds."""

    operations: int
    seconds: float
    rate: float
    p50: float
    p99: float
    max: float
    errors: int
    connect_seconds: float
    cpu: float


class Program:
    """A program that listens; its log goes nowhere."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        first = self.line()
        if not first.startswith("listening on "):
            raise RuntimeError(f"{process.args!r} said {first!r}")
        self.port = int(first.split()[2].rpartition(":")[2])

    def line(self) -> str:
        """Return the next line of its output."""
        return _stream(self.process.stdout).readline().decode().strip()

    def ask(self, question: str) -> str:
        """Send it a line, return the line it answers."""
        _stream(self.process.stdin).write(f"{question}\n".encode())
        _stream(self.process.stdin).flush()
        return self.line()

    def hang_up(self) -> None:
        """End its standard input."""
        _stream(self.process.stdin).close()

    def processor(self) -> float:
        """Return the seconds of processor time it has used."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        _state, *fields = stat.rpartition(")")[2].split()
        user, system = fields[10:12]
        return (int(user) + int(system)) / USER_HZ

    def memory(self, field: str = "VmRSS") -> int:
        """Return the bytes of memory it holds now (VmRSS) or held at most (VmHWM)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(
            int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(field)
        )


@contextmanager
def running(command: Sequence[str], **env: str) -> Iterator[Program]:
    """Run a program that says where it listens; end it."""
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=quiet, env=env or None
    ) as process:
        try:
            yield Program(process)
            process.terminate()
            process.wait(END_SECONDS)
        finally:
            process.kill()


def measure(plan: Plan, load: Load, port: int, *, seconds: float = 0, echo: bool = False) -> Result:
    """Put a load on `port`. Raises RuntimeError where a reply was wrong (UDP: may be lost)."""
    with loading(plan, load, port, seconds=seconds, echo=echo) as (result, _process):
        return result


@contextmanager
def loading(
    plan: Plan, load: Load, port: int, *, seconds: float = 0, echo: bool = False
) -> Iterator[tuple[Result, subprocess.Popen[bytes]]]:
    """Put a load on `port`; yield when it is done, while the silent ones of its clients stay."""
    with started(plan, load, port, seconds=seconds, echo=echo) as process:
        result = Result(**json.loads(_stream(process.stdout).readline() or b"{}"))
        if result.errors and load.mode != "udp":
            raise RuntimeError(f"{load}: {result.errors} errors")
        yield result, process


@contextmanager
def started(
    plan: Plan, load: Load, port: int, *, seconds: float = 0, echo: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """Put a load on `port` while something else is watched; end it if that is over first."""
    numbers = (port, load.clients, load.window, load.length, seconds or plan.seconds)
    command = [plan.tool("load"), load.mode, *map(str, numbers), *(["echo"] if echo else [])]
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=quiet) as process:
        try:
            yield process
            _stream(process.stdin).close()
        finally:
            process.kill()


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
