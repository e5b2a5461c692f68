"""The command line: what the window can do, for scripts, servers and people who read by ear."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final

from netlib import LANGUAGES, _, set_language, system_language
from netlib.cli.console import Console, UsageError
from netlib.cli.parser import NAME, asked_language, parse

_ENDING_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGBREAK")
"""Whichever of them the system has."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0 (done), 1 (the network said no) or 2 (wrong usage)."""
    arguments = sys.argv[1:] if argv is None else argv
    asked = asked_language(arguments)
    set_language(next((name for name in LANGUAGES if name == asked), system_language()))
    console = Console()
    try:
        command, options = parse(arguments)
    except SystemExit as leave:  # argparse has said all there is to say
        return int(leave.code or 0)
    try:
        with _signals_end_us():
            code = command.run(options, console)
            sys.stdout.flush()
            return code
    except UsageError as error:
        text = _("%(prog)s: error: %(message)s\n")
        console.note((text % {"prog": f"{NAME} {options.command}", "message": error}).rstrip())
        return 2
    except KeyboardInterrupt:
        return command.INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return 0


@contextmanager
def _signals_end_us() -> Iterator[None]:
    """Let every signal that asks us to end raise KeyboardInterrupt; a second one kills."""
    numbers = [getattr(signal, name) for name in _ENDING_SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    for number in numbers:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _discard_output() -> None:
    """Nobody reads our output any more: Python's last flush, at the exit, must not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
