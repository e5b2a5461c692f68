"""`--pause-reading` and `--pause-accepting`: what begins paused and goes on at Enter, or in time.

Meanwhile the kernel has what nobody reads, and completes handshakes of whom nobody accepts.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Final

from netlib import Network, _, now
from netlib.cli import values
from netlib.cli.arguments import add_value
from netlib.cli.console import Console, TypedBlocks, UsageError

LARGEST_BUFFER: Final = (1 << 31) - 1
"""SO_RCVBUF is an int."""


def add_receive_buffer(parser: ArgumentParser) -> None:
    """Add --receive-buffer: `options.receive_buffer` in bytes, or None."""
    explained = _("receive buffer to ask for, SO_RCVBUF: 4096, 64K (default: the system's)")
    add_value(parser, "--receive-buffer", "BYTES", _buffer, explained)


def add_pausing(parser: ArgumentParser, *, serves: bool) -> None:
    """Add --pause-reading, for a server --pause-accepting, and --resume-after."""
    explained = _("read nothing until Enter, or --resume-after: the receive buffer fills")
    parser.add_argument("--pause-reading", action="store_true", help=explained)
    if serves:
        explained = _("accept nobody until Enter, or --resume-after: clients wait in the queue")
        parser.add_argument("--pause-accepting", action="store_true", help=explained)
    explained = _("read and accept again after S seconds")
    add_value(parser, "--resume-after", "S", values.some_seconds, explained)


class Pausing:
    """What one command has paused; Enter resumes it, and pauses it again."""

    def __init__(self, options: Namespace, console: Console, *, typed: bool) -> None:
        """`typed`: standard input is sent, so that nobody can press Enter. UsageError."""
        self._reading = options.pause_reading
        self._accepting = getattr(options, "pause_accepting", False)
        self._seconds: float | None = options.resume_after
        self._console = console
        self._until = 0.0
        self._lines: TypedBlocks | None = None
        self.paused = self._reading or self._accepting
        if self._seconds is not None and not self.paused:
            raise UsageError(_("--resume-after: nothing is paused."))
        if typed and self.paused and self._seconds is None:
            raise UsageError(_("--pause-reading needs --resume-after here: what is typed is sent."))

    def begin(self, network: Network, activity: int) -> None:
        """Know what has just begun paused."""
        self._network, self._activity = network, activity

    def go_on(self, wake: Callable[[], None]) -> None:
        """The server listens, or the connection stands: from now on time counts, or Enter."""
        if self.paused and self._seconds is not None:
            self._until = now() + self._seconds
        elif self.paused:
            self._lines = TypedBlocks(wake)
            self._console.note(_("· Enter resumes, and pauses again"))

    def turn(self) -> bool:
        """Resume or pause where it is time; True: now it is resumed."""
        before = self.paused
        if self._until and now() >= self._until:
            self._until = 0.0
            self._set(False)
        while self._lines is not None and (block := self._lines.take()):
            if block.count(b"\n") % 2:
                self._set(not self.paused)
        if self._lines is not None and self._lines.ended:
            if self._lines.error:
                self._console.note(f"✗ {self._lines.error}")
            self._lines = None
        return before and not self.paused

    def _set(self, paused: bool) -> None:
        self.paused = paused
        kernel, activity = self._network.kernel, self._activity
        if self._reading:
            (kernel.pause_reading if paused else kernel.resume_reading)(activity)
        if self._accepting:
            (kernel.pause_accepting if paused else kernel.resume_accepting)(activity)


@values.argument_type
def _buffer(text: str) -> int:
    """Read the size of a receive buffer."""
    if (size := values.size(text)) > LARGEST_BUFFER:
        raise ValueError(_("It may be 2,147,483,647 bytes at most."))
    return size
