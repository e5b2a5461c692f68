"""The command line: what the window can do, for scripts, servers and people who read by ear."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from netlib import LANGUAGES, _, set_language, system_language
from netlib.cli.console import Console, InputError, OutputError, UsageError
from netlib.cli.interrupt import EndingSignal, is_stuck, signals_end_us
from netlib.cli.packages import told_missing
from netlib.cli.parser import NAME, asked_language, parse


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0 (done), 1 (failed), 2 (wrong usage), or 128 + a signal's number."""
    arguments = sys.argv[1:] if argv is None else argv
    asked = asked_language(arguments)
    set_language(next((name for name in LANGUAGES if name == asked), system_language()))
    console = Console()
    try:
        with signals_end_us():
            code = _run(arguments, console)
            console.flush()
            return code
    except KeyboardInterrupt as end:
        if is_stuck(end):
            console.discard_output()
        return getattr(end, "code", EndingSignal().code)
    except BrokenPipeError:
        console.discard_output()
        return 0
    except ModuleNotFoundError as error:
        if (text := told_missing(error)) is None:
            raise
        console.note(f"✗ {text}")
        return 1
    except (InputError, OutputError) as error:
        if isinstance(error, OutputError):
            console.discard_output()
        console.note(f"✗ {error}")
        return 1


def _run(arguments: Sequence[str], console: Console) -> int:
    try:
        run, options = parse(arguments)
    except SystemExit as leave:  # argparse has said all there is to say
        return int(leave.code or 0)
    try:
        return run(options, console) or console.code
    except UsageError as error:
        text = _("%(prog)s: error: %(message)s\n")
        console.note((text % {"prog": f"{NAME} {options.command}", "message": error}).rstrip())
        return 2
