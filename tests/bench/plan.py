"""What a bench run is given: how long, how often, and the programs compiled for it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.stats import Figure
from tests.peers import program

HERE = Path(__file__).resolve().parent
CFLAGS = ("-O2", "-Wall", "-Wextra", "-Werror", "-Wno-unused-result")


class Unavailable(Exception):
    """A measurement cannot be made here; says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to measure. `seconds` is the length of one run; `folder` is for everything made."""

    rounds: int
    seconds: float
    folder: Path

    def tool(self, name: str) -> str:
        """Return the path of a compiled program: load, limit; lines, clock (where there is Go)."""
        return str(self.folder / name)


Measurement = Callable[[Plan], Iterator[Figure]]


def compile_tools(folder: Path) -> None:
    """Compile the C programs, and the Go ones where there is Go. Raises CalledProcessError."""
    for name in ("load", "limit"):
        compile_c(HERE / f"{name}.c", folder / name)
    if go := shutil.which("go"):
        for name in ("lines", "clock"):
            source = HERE / "tutorial" / f"{name}.go"
            _run(go, "build", "-o", str(folder / name), str(source), folder=folder)


def compile_c(source: Path, target: Path) -> None:
    """Compile one C file. Raises CalledProcessError, with the compiler's words on stderr."""
    _run(program("gcc"), *CFLAGS, "-o", str(target), str(source), folder=target.parent)


def _run(*command: str, folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True)
