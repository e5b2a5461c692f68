"""`connect`, `chat` and `udp`: what is typed goes out, what comes is shown, until the end."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto

from netlib import (
    ActivityStopped,
    Chunk,
    ClientConfig,
    CloseMode,
    Connected,
    Direction,
    EventQueue,
    Item,
    Network,
    Transport,
    WireChunk,
)
from netlib.cli.console import BLOCK_BYTES, Console, TypedLines, UsageError
from netlib.cli.reports import Report, failure

TICK_SECONDS = 0.25
"""Longest wait without a look around: Windows notices Ctrl+C only between two waits."""

ROOM_BYTES = 4 << 20
"""What may wait to be shown or written: as much as stays in the processor's cache."""


@contextmanager
def online() -> Iterator[tuple[Network, EventQueue]]:
    """Open the network, and the queue of what happens on it; close it at the end."""
    queue = EventQueue(ROOM_BYTES)
    network = Network(queue)
    try:
        yield network, queue
    finally:
        network.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What one side of a dialogue will say and do. `wait` in seconds."""

    config: ClientConfig
    opening: tuple[bytes, ...]
    """Payload at once when the connection stands; over UDP each is a datagram."""
    typed: Callable[[bytes], tuple[bytes, ...]] | None
    """Turns a block of lines from standard input into what is sent; None: it is not read."""
    wait: float
    """Silence after which we end, once all is said; 0: never, the peer ends."""


class State(Enum):
    """How far a dialogue has come."""

    CONNECTING = auto()
    TALKING = auto()
    ENDING = auto()
    """All is said, and the end is asked for."""
    OVER = auto()


class Dialogue:
    """One connection or UDP socket, from connecting to its end."""

    def __init__(self, script: Script, console: Console, report: Report) -> None:
        self.code = 0
        self._script = script
        self._console = console
        self._report = report
        self._outgoing = deque(_pieces(script.opening, self._is_udp))
        self._typed: TypedLines | None = None
        self._state = State.CONNECTING
        self._queued = self._sent = 0
        self._last = 0.0
        """When something was sent, received or typed, by the monotonic clock."""

    def run(self) -> int:
        """Hold the dialogue; return the exit code. UsageError: what was typed cannot be sent."""
        with online() as (network, queue):
            number = network.connect(self._script.config)
            while self._state is not State.OVER:
                queue.wait(self._wait_seconds())
                for item in queue.take():
                    self._report(item)
                    self._follow(item, queue)
                if self._state is State.TALKING:
                    self._send(network, number)
        return self.code

    @property
    def _is_udp(self) -> bool:
        return self._script.config.transport is Transport.UDP

    def _follow(self, item: Item, queue: EventQueue) -> None:
        match item:
            case WireChunk():
                self._last = item.at
            case Chunk(direction=direction, data=data):
                self._last = item.at
                self._sent += len(data) if direction is Direction.SENT else 0
            case Connected():
                self._state, self._last = State.TALKING, item.at
                if self._script.typed is not None:
                    self._typed = TypedLines(queue.wake)
            case ActivityStopped():
                self._state = State.OVER
            case _:
                if why := failure(item):
                    self.code = 1
                    self._console.note(f"✗ {why}")

    def _send(self, network: Network, number: int) -> None:
        """Send what is to be said, as far as the network takes it, then see if it is the end."""
        self._take_typed()
        while self._outgoing and network.send(number, self._outgoing[0]):
            self._queued += len(self._outgoing.popleft())
            self._last = time.monotonic()
            self._take_typed()
        if self._all_said() and self._silent_for() >= self._limit():
            self._state = State.ENDING
            if self._is_udp:
                network.stop(number)  # UDP has no FIN
            else:
                network.end(number, CloseMode.CLOSE)

    def _take_typed(self) -> None:
        """Take the next typed lines, once everything before them has gone."""
        typed, convert = self._typed, self._script.typed
        while typed is not None and convert is not None and not self._outgoing:
            block = typed.take()
            if typed.ended:
                self._typed, self._last = None, time.monotonic()
            if not block:
                return
            try:
                self._outgoing.extend(_pieces(convert(block), self._is_udp))
            except ValueError as error:
                raise UsageError(str(error)) from None

    def _all_said(self) -> bool:
        """Nothing waits to be typed, queued or taken by the kernel (UDP drops, it never waits)."""
        awaited = self._typed is not None or self._outgoing
        return not awaited and (self._is_udp or self._sent >= self._queued)

    def _limit(self) -> float:
        """Return how many seconds of silence end it."""
        if self.code and self._is_udp:  # nobody is there; TCP would have ended by itself
            return 0.0
        return self._script.wait or float("inf")

    def _silent_for(self) -> float:
        return time.monotonic() - self._last

    def _wait_seconds(self) -> float:
        if self._state is not State.TALKING or not self._all_said():
            return TICK_SECONDS
        return min(TICK_SECONDS, max(0.0, self._limit() - self._silent_for()))


def _pieces(texts: tuple[bytes, ...], whole: bool) -> Iterator[bytes]:
    """Cut what is sent over TCP into pieces that the queue has room for; datagrams stay whole."""
    for text in texts:
        if whole:
            yield text
        else:
            for at in range(0, len(text), BLOCK_BYTES):
                yield text[at : at + BLOCK_BYTES]
