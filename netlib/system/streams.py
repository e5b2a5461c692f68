"""Standard streams: what the systems say of them in their own ways."""

from __future__ import annotations

import errno
import os
import select
import sys
import time
from contextlib import suppress
from typing import IO

_ON_WINDOWS = sys.platform == "win32"

_CLOSED = (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY))
"""How the null device stands for a standard stream: at its end, unwritable, and for nobody."""


def stand_in_for_closed() -> None:
    """Put a file in place of each standard stream that was closed before we began.

    Else the next socket would have its number. What is written to output is refused, as it should
    be; of errors nobody is left to be told.
    """
    for number, (name, flags) in enumerate(_CLOSED):
        if getattr(sys, name) is not None:
            continue
        with suppress(OSError):
            opened = os.open(os.devnull, flags)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            mode = "w" if number else "r"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def nobody_reads(refusal: OSError) -> bool:
    """Tell whether writing to a pipe failed because its reader is gone: EINVAL on Windows."""
    return isinstance(refusal, BrokenPipeError) or (_ON_WINDOWS and refusal.errno == errno.EINVAL)


def wait_while_read(pipe: IO[bytes], seconds: float) -> bool:
    """Wait; return False as soon as nobody reads a pipe any more.

    Windows does not tell before something is written.
    """
    if sys.platform == "win32":
        time.sleep(seconds)
        return True
    poller = select.poll()
    poller.register(pipe, 0)  # errors are told unasked
    return not poller.poll(seconds * 1000)
