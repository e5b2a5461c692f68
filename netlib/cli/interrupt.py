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


PATIENCE_SECONDS: Final = 1.0
"""How long what is being shown may still take once we are asked to end."""


class EndingSignal(KeyboardInterrupt):
    """A signal asks us to end."""

    def __init__(self, number: int = signal.SIGINT, *, stuck: bool = False) -> None:
        super().__init__(number)
        self.stuck = stuck
        """It came while something was shown, which nobody read for too long."""
        self.code = 128 + number
        """The exit code of who is ended by it, as shells write it: 130 for Ctrl+C."""


class _Interrupt:
    """What the handler and the main thread, which it interrupts, tell each other."""

    def __init__(self) -> None:
        self.postponed = False
        self.writing = False
        """Whether output is being written, which may wait for a reader."""
        self.asked = 0
        """The signal that has come meanwhile; 0: none."""
        self.number = 0
        """The signal that asked us to end."""


_interrupt: Final = _Interrupt()


@contextmanager
def signals_end_us() -> Iterator[None]:
    """Let every signal that asks us to end raise EndingSignal; a second one kills."""
    numbers = [getattr(signal, name) for name in _ENDING_SIGNALS if _is_heard(name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def end(number: int, _frame: FrameType | None) -> None:
        for one in numbers:
            signal.signal(one, signal.SIG_DFL)
        _interrupt.number = number
        _ring_every(PATIENCE_SECONDS)
        if not _interrupt.postponed:
            raise EndingSignal(number)
        _interrupt.asked = number

    _interrupt.asked = 0
    for number in numbers:
        signal.signal(number, end)
    try:
        with _patience():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _patience() -> Iterator[None]:
    """Let an alarm end what waits for a reader; Windows has none."""
    alarm = getattr(signal, "SIGALRM", None)
    if alarm is None:
        yield
        return
    before = signal.signal(alarm, _stuck)
    try:
        yield
    finally:
        _ring_every(0.0)
        signal.signal(alarm, before)


def _ring_every(seconds: float) -> None:
    if (set_timer := getattr(signal, "setitimer", None)) is not None:
        set_timer(getattr(signal, "ITIMER_REAL"), seconds, seconds)  # noqa: B009 - not on Windows


def _stuck(_number: int, _frame: FrameType | None) -> None:
    """What is being shown is not read: then it is not waited for."""
    if _interrupt.writing:
        raise EndingSignal(_interrupt.number, stuck=True)


def is_stuck(end: KeyboardInterrupt) -> bool:
    """Tell whether we are asked to end while nobody reads what we show."""
    return isinstance(end, EndingSignal) and end.stuck


def _is_heard(name: str) -> bool:
    number = getattr(signal, name, None)
    if number is None:
        return False
    return name != _MAY_BE_IGNORED or signal.getsignal(number) is not signal.SIG_IGN


@contextmanager
def writing() -> Iterator[None]:
    """Let what is written in this block be given up where nobody reads it and we are to end."""
    _interrupt.writing = True
    try:
        yield
    finally:
        _interrupt.writing = False


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
