"""A pytest plugin for runs under wine: what wine cannot do is listed, and the list stays true.

`tests/wine-cannot.txt` has a test a line, or a file of them, and behind two blanks its reason.
`fails`: it is run, and the run fails when it passes, or when there is no such test. `hangs`: it is
not run, for it would never end, take others with it, or fail only sometimes.

`TAKEN`, in the environment: a folder. A run for each processor goes through all tests: whoever
comes to a file first leaves its name there and runs it, the others pass it over.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

TAKEN = os.environ.get("TAKEN", "")
LIST = Path(__file__).with_name("wine-cannot.txt")


class Cannot(NamedTuple):
    """A line of the list."""

    how: str
    test: str
    reason: str


def listed() -> list[Cannot]:
    """Read the list; ValueError for a line without a reason."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return [_read(line) for line in lines if line and not line.startswith("#")]


def _read(line: str) -> Cannot:
    what, _, reason = line.partition("  ")
    how, _, test = what.partition(" ")
    if how not in {"fails", "hangs"} or not reason:
        raise ValueError(f"{LIST.name}: {line}")
    return Cannot(how, test, reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is listed; complain about a listed test whose file has no such test any more."""
    files = dict.fromkeys(item.nodeid.partition("::")[0] for item in items)
    for how, test, reason in listed():
        found = [item for item in items if test in _names(item)]
        if not found and test.partition("::")[0] in files:
            raise pytest.UsageError(f"{LIST.name}: there is no {test}")
        for item in found:
            item.add_marker(
                pytest.mark.xfail(reason=f"wine: {reason}", strict=True, run=how == "fails")
            )


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run what no other run has taken; pytest itself goes through all that it was given."""
    if not TAKEN or session.config.option.collectonly or session.testsfailed:
        return None
    ours = (item for item in session.items if _ours(item.nodeid.partition("::")[0]))
    item = next(ours, None)
    while item is not None:
        following = next(ours, None)  # first: what it needs, too, is not torn down
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


@cache
def _ours(file: str) -> bool:
    """Take a file of tests, unless it is taken."""
    try:
        Path(TAKEN, file.replace("/", "-")).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _names(item: pytest.Item) -> tuple[str, str, str]:
    """Return by what a test may be listed: all of it, without its parameters, or its file."""
    return item.nodeid, item.nodeid.partition("[")[0], item.nodeid.partition("::")[0]
