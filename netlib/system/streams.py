"""Standard streams: what the systems say of them in their own ways."""

from __future__ import annotations

import errno
import select
import sys
import time
from typing import IO

_ON_WINDOWS = sys.platform == "win32"


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
