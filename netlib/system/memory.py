"""Memory to receive into, and memory that is freed: both decide how fast big messages are."""

from __future__ import annotations

import mmap
from typing import Final

FREED_BYTES: Final = 8 << 20


def page_aligned(size: int) -> memoryview:
    """Return `size` bytes of memory that begins where a page does.

    The kernel copies from the beginning of a page. On some processors (AMD, "fast short rep mov")
    a copy takes six times as long where the target lies 1 to 31 bytes further on in its page than
    the source in its own; a `bytearray` lies 16 bytes behind the beginning of one.
    """
    return memoryview(mmap.mmap(-1, size))


def keep_freed_memory() -> None:
    """Let malloc keep what is freed instead of giving it back, up to twice `FREED_BYTES`.

    Memory from the system costs a page fault for every 4 KB, more than copying into it does. GNU's
    malloc learns from the largest block that was ever freed (mallopt(3), M_MMAP_THRESHOLD), so one
    that nobody touches will do; to others it is nothing.
    """
    bytes(FREED_BYTES)
