"""Standard streams: what the systems say of them in their own ways."""

from __future__ import annotations

import errno
import sys

_ON_WINDOWS = sys.platform == "win32"


def nobody_reads(refusal: OSError) -> bool:
    """Tell whether writing to a pipe failed because its reader is gone: EINVAL on Windows."""
    return isinstance(refusal, BrokenPipeError) or (_ON_WINDOWS and refusal.errno == errno.EINVAL)
