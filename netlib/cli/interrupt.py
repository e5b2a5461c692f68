"""Ctrl+C and its like: KeyboardInterrupt, but never between taking something and showing it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_ENDING_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGBREAK")
"""Whichever of them the system has."""


class _Interrupt:
    """What the handler and the main thread, which it interrupts, tell each other."""

    def __init__(self) -> None:
        self.postponed = self.asked = False


_interrupt: Final = _Interrupt()


@contextmanager
def signals_end_us() -> Iterator[None]:
    """Let every signal that asks us to end raise KeyboardInterrupt; a second one kills."""
    numbers = [getattr(signal, name) for name in _ENDING_SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
        if not _interrupt.postponed:
            raise KeyboardInterrupt
        _interrupt.asked = True

    _interrupt.asked = False
    for number in numbers:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interrupt_postponed() -> Iterator[None]:
    """Let such a signal raise KeyboardInterrupt after this block; in the main thread only."""
    _interrupt.postponed = True
    try:
        yield
    finally:
        _interrupt.postponed = False
    if _interrupt.asked:
        _interrupt.asked = False
        raise KeyboardInterrupt
