"""The end of a run whose window does not answer any more."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 300.0
"""A busy machine is not a bug: only an endless layout takes as long."""


@contextmanager
def watchdog(seconds: float = SECONDS) -> Iterator[None]:
    """End the run with every thread's stack if the block takes longer.

    An endless layout runs inside Tk, where nothing can stop it: the process has to go.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
