"""The program: without arguments its window, with arguments its command line."""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the window or the command line; return the process's exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(
            signal.SIGINT, signal.SIG_DFL
        )  # until there is something to be ended in order
    atexit.register(gc.freeze)  # at the end Python would look for garbage in all of its memory
    arguments = sys.argv[1:] if argv is None else argv
    if sys.stdout is None and sys.platform == "win32":  # a windowed program has no streams there
        from gui import windowed

        windowed.replace_streams()
        if arguments and windowed.refers_to_console(arguments):
            return 2
    if arguments:
        from netlib import cli

        return cli.main(arguments)
    try:
        from gui import app

        return app.main()
    except ModuleNotFoundError as error:
        if error.name in {"tkinter", "_tkinter"}:
            return _without_tk()
        return _without_package(error)


def _without_tk() -> int:
    from netlib import _, system_words

    sys.stderr.write(_(system_words("tk")) + "\n")
    return 2


def _without_package(error: ModuleNotFoundError) -> int:
    from netlib.cli.packages import told_missing

    if (text := told_missing(error)) is None:
        raise error
    sys.stderr.write(f"✗ {text}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
