"""Processes of this computer, by /proc (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def processes_about(text: str) -> dict[int, int]:
    """Return the processes in whose command line this text stands, and their parents; not ours."""
    return {
        pid: parent for pid, parent, words in _processes() if text in words and pid != os.getpid()
    }


def children_about(ancestor: int, text: str) -> list[int]:
    """Return those of them that descend from a process."""
    parents = {pid: parent for pid, parent, _words in _processes()}
    found = []
    for pid in processes_about(text):
        at = pid
        while at not in {0, ancestor}:
            at = parents.get(at, 0)
        if at and pid != ancestor:
            found.append(pid)
    return found


def _processes() -> Iterator[tuple[int, int, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            status = (folder / "stat").read_text(errors="replace")
        except OSError:  # it has ended
            continue
        yield int(folder.name), int(status.rpartition(")")[2].split()[1]), words
