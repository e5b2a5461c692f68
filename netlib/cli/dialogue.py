"""`connect`, `chat` and `udp`: what is typed goes out, what comes is shown, until the end."""

from __future__ import annotations

from argparse import Namespace
from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import TYPE_CHECKING

from netlib import (
    ActivityStopped,
    Chunk,
    Closed,
    CloseMode,
    CloseReason,
    Connected,
    Direction,
    Event,
    EventQueue,
    Item,
    Network,
    PeerFinished,
    Secured,
    Transport,
    WireChunk,
    _,
    ngettext,
    now,
)
from netlib.cli.console import BLOCK_BYTES, Console, TypedBlocks, UsageError
from netlib.cli.interrupt import interrupt_postponed, is_stuck
from netlib.cli.online import TICK_SECONDS, online
from netlib.cli.pausing import Pausing
from netlib.cli.reports import Report, failure
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from netlib import ClientConfig


class Script(NamedTuple):
    """What one side of a dialogue will say and do. `wait` in seconds."""

    config: ClientConfig
    opening: tuple[bytes, ...]
    """Payload at once when the connection stands; over UDP each is a datagram."""
    typed: Callable[[bytes], tuple[bytes, ...]] | None
    """Turns a block of standard input into what is sent; None: it is not read."""
    wait: float
    """Silence after which we end, once all is said; 0: never, the peer ends."""
    whole_lines: bool = True
    """A block of standard input ends where a line ends."""
    half_close: bool = False
    """Send FIN once all is said, and wait for the peer's; else silence is a good end."""
    pausing: Pausing | None = None
    """What is paused at first; silence does not count then."""


class State(Enum):
    """How far a dialogue has come."""

    CONNECTING = auto()
    TALKING = auto()
    LISTENING = auto()
    """All is said, and so is our FIN."""
    ENDING = auto()
    """The end is asked for."""
    OVER = auto()


class Dialogue:
    """One connection or UDP socket, from connecting to its end."""

    def __init__(
        self, script: Script, options: Namespace, console: Console, report: Report
    ) -> None:
        """`options`: see `online`."""
        self.code = 0
        self._options = options
        self._script, self._pausing = script, script.pausing
        self._console = console
        self._report = report
        self._is_udp = script.config.transport is Transport.UDP
        self._outgoing = deque(_pieces(script.opening, self._is_udp))
        self._typed: TypedBlocks | None = None
        self._state = State.CONNECTING
        self._queued = self._sent = 0
        """Bytes handed to the network, and of them those handed to the kernel."""
        self._peer_finished = False
        self._last = 0.0
        """When something was sent, received or typed, by the monotonic clock."""

    def run(self) -> int:
        """Hold the dialogue; return the exit code. UsageError: what was typed cannot be sent."""
        with online(self._options, self._console) as (network, queue):
            number = network.connect(self._script.config)
            if self._pausing is not None:
                self._pausing.begin(network, number)
            try:
                while self._state is not State.OVER:
                    queue.wait(self._wait_seconds())
                    with interrupt_postponed():  # what has been taken is shown
                        self._tell(queue)
                    if self._pausing is not None and self._pausing.turn():
                        self._last = now()
                    if self._state is State.TALKING:
                        self._send(network, number)
                    if self._state in (State.TALKING, State.LISTENING) and self._all_said():
                        self._go_on(network, number)
            except KeyboardInterrupt as end:
                if is_stuck(end):
                    self._console.discard_output()
                network.close()
                self._tell(queue)
                raise
        return self.code

    def _tell(self, queue: EventQueue) -> None:
        """Show all that has happened by now."""
        for item in queue.take():
            self._report(item)
            self._follow(item, queue)

    def _follow(self, item: Item, queue: EventQueue) -> None:
        match item:
            case WireChunk():
                self._last = item.at
            case Chunk(direction=direction, data=data):
                self._last = item.at
                self._sent += len(data) if direction is Direction.SENT else 0
            case Connected() if self._script.config.tls is None:
                self._begin(item.at, queue)
            case Secured():
                self._begin(item.at, queue)
            case _:
                self._follow_end(item)

    def _follow_end(self, item: Event) -> None:
        if why := failure(item):
            self._fail(why)
        match item:
            case PeerFinished():
                self._peer_finished = True
            case Closed():
                self._count_lost(item)
            case ActivityStopped():
                self._state = State.OVER
            case _:
                pass

    def _begin(self, at: float, queue: EventQueue) -> None:
        self._state, self._last = State.TALKING, at
        if self._script.typed is not None:
            self._typed = TypedBlocks(queue.wake, whole_lines=self._script.whole_lines)
        if self._pausing is not None:
            self._pausing.go_on(queue.wake)

    def _fail(self, why: str) -> None:
        self.code = 1
        self._console.note(f"✗ {why}")

    def _count_lost(self, closed: Closed) -> None:
        """Say how much of what was to be said has reached nobody, as far as that is known."""
        left = self._queued - self._sent + sum(map(len, self._outgoing))
        while self._typed is not None and (block := self._typed.take()):
            left += len(block)  # read from standard input already
        if unsent := max(left, closed.unsent):
            lost = ngettext(
                "{count:,} byte was not sent.", "{count:,} bytes were not sent.", unsent
            )
            self._fail(lost.format(count=unsent))
        if closed.reason is CloseReason.RESET and self._sent:
            lost = ngettext(
                "The peer may not have read the {count:,} byte sent.",
                "The peer may not have read all of the {count:,} bytes sent.",
                self._sent,
            )
            self._fail(lost.format(count=self._sent))

    def _send(self, network: Network, number: int) -> None:
        """Send what is to be said, as far as the network takes it."""
        self._take_typed()
        while self._outgoing and network.send(number, self._outgoing[0]):
            self._queued += len(self._outgoing.popleft())
            self._last = now()
            self._take_typed()

    def _go_on(self, network: Network, number: int) -> None:
        """All is said: send FIN if that is wanted, and see if it is the end."""
        half_close = self._script.half_close
        if half_close and self._state is State.TALKING:
            self._state = State.LISTENING
            network.end(number, CloseMode.FINISH)  # after the peer's FIN that is the end
        elif self._peer_finished and not half_close:
            self._leave(network, number)
        elif self._seconds_left() <= 0.0:
            if half_close:
                waited = _("No FIN came from the peer, nor anything else for {seconds} s.")
                self._fail(waited.format(seconds=f"{self._script.wait:g}"))
            self._leave(network, number)

    def _leave(self, network: Network, number: int) -> None:
        self._state = State.ENDING
        if not self._is_udp:
            network.end(number, CloseMode.CLOSE)
            return
        if lost := network.totals(number).unsent:
            sentence = ngettext(
                "{count:,} datagram was not sent: the system did not take it.",
                "{count:,} datagrams were not sent: the system did not take them.",
                lost,
            )
            self._fail(sentence.format(count=lost))
        network.stop(number)  # UDP has no FIN

    def _take_typed(self) -> None:
        """Take the next typed lines, once everything before them has gone."""
        typed, convert = self._typed, self._script.typed
        while typed is not None and convert is not None and not self._outgoing:
            block = typed.take()
            if typed.ended:
                self._typed, self._last = None, now()
                if typed.error:
                    self._fail(typed.error)
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

    def _seconds_left(self) -> float:
        """Return how much longer the silence may last."""
        if self.code and self._is_udp:  # nobody is there; TCP would have ended by itself
            return 0.0
        if self._pausing is not None and self._pausing.paused:
            return float("inf")
        return (self._script.wait or float("inf")) - (now() - self._last)

    def _wait_seconds(self) -> float:
        if self._state not in (State.TALKING, State.LISTENING) or not self._all_said():
            return TICK_SECONDS
        return min(TICK_SECONDS, max(0.0, self._seconds_left()))


def _pieces(texts: tuple[bytes, ...], whole: bool) -> Iterator[bytes]:
    """Cut what is sent over TCP into pieces that the queue has room for; datagrams stay whole."""
    for text in texts:
        if whole:
            yield text
        else:
            for at in range(0, len(text), BLOCK_BYTES):
                yield text[at : at + BLOCK_BYTES]
