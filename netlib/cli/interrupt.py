"""Ctrl+C and its like: KeyboardInterrupt, but never between taking something and showing it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_ENDING_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Whichever of them the system has."""
_MAY_BE_IGNORED: Final = "SIGHUP"
"""The terminal was closed; nohup has it ignored, which stays so."""


class EndingSignal(KeyboardInterrupt):
    """A signal asks us to end."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__(number)
        self.code = 128 + number
        """The exit code of who is ended by it, as shells write it: 130 for Ctrl+C."""


class _Interrupt:
    """What the handler and the main thread, which it interrupts, tell each other."""

    def __init__(self) -> None:
        self.postponed = False
        self.asked = 0
        """The signal that has come meanwhile; 0: none."""


_interrupt: Final = _Interrupt()


@contextmanager
def signals_end_us() -> Iterator[None]:
    """Let every signal that asks us to end raise EndingSignal; a second one kills."""
    numbers = [getattr(signal, name) for name in _ENDING_SIGNALS if _is_heard(name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def end(number: int, _frame: FrameType | None) -> None:
        for one in numbers:
            signal.signal(one, signal.SIG_DFL)
        if not _interrupt.postponed:
            raise EndingSignal(number)
        _interrupt.asked = number

    _interrupt.asked = 0
    for number in numbers:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_heard(name: str) -> bool:
    number = getattr(signal, name, None)
    if number is None:
        return False
    return name != _MAY_BE_IGNORED or signal.getsignal(number) is not signal.SIG_IGN


@contextmanager
def interrupt_postponed() -> Iterator[None]:
    """Let such a signal raise EndingSignal after this block; in the main thread only."""
    _interrupt.postponed = True
    try:
        yield
    finally:
        _interrupt.postponed = False
    if number := _interrupt.asked:
        _interrupt.asked = 0
        raise EndingSignal(number)
