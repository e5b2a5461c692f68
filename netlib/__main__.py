"""`python -m netlib`: the command line without the window."""

from __future__ import annotations

import signal
import sys

if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(
            signal.SIGINT, signal.SIG_DFL
        )  # until there is something to be ended in order
    from netlib.cli import main

    sys.exit(main())
