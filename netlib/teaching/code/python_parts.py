"""Parts of programs in Python: imports, blocks, addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from netlib.teaching.code.literals import python_text

NONE: Final = "\0"
"""In place of a line that is not there."""


def lines_of(*lines: str) -> str:
    """Return a program of these lines, but for those that are not there."""
    return "\n".join(line for line in lines if line is not NONE) + "\n"


def imports(*names: str) -> str:
    """Return what imports modules, and the empty line behind it."""
    return "\n".join(f"import {name}" for name in sorted({*names})) + "\n"


def inside(lines: Iterable[str]) -> list[str]:
    """Return lines inside a block."""
    return [f"    {line}" if line else "" for line in lines]


def address(host: str, port: int) -> str:
    """Return the address of a socket."""
    return f"({python_text(host)}, {port})"
