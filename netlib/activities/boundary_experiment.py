"""An experiment on loopback: what one end sends in calls, the other receives in other calls.

Real sockets and plain calls in two threads, as a first program of one's own has them. Whoever began
it looks at `outcome`, and then at `result`.
"""

from __future__ import annotations

import socket
from array import array
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Final

from netlib.errors import NetError, Operation, from_oserror
from netlib.i18n import N_, _
from netlib.protocols.framing import Framing, message_ends
from netlib.system.background import Background
from netlib.system.clock import now
from netlib.system.loopback import loopback_pair, receive_buffer_of
from netlib.system.sockets import no_delay
from netlib.value import NamedTuple, value

MOST_BYTES: Final = 16 << 20
MOST_RECEIVES: Final = 1_000_000
MOST_PAUSE_SECONDS: Final = 100.0
"""Of all pauses together."""
MOST_SECONDS: Final = 120.0
"""Longest that an experiment takes; what is under way then is not received."""
TURN_SECONDS: Final = 0.1
"""Longest wait of a call without a look around."""
END_SECONDS: Final = 5.0

BOUNDARY_LIMITS: Final[dict[str, tuple[int, int]]] = {
    "sends": (1, 1000),
    "size": (1, 1 << 16),
    "pause": (0, 1000),
    "recv": (1, 1 << 16),
    "delay": (0, 1000),
    "buffer": (0, 4 << 20),
}
"""Smallest and largest value of each setting that is a number."""
BOUNDARY_NAMES: Final[dict[str, str]] = {
    "sends": N_("Number of sends"),
    "size": N_("Size of a send"),
    "pause": N_("Pause between sends"),
    "recv": N_("Receive size"),
    "delay": N_("First receive after"),
    "buffer": N_("Receive buffer"),
}
_FRAMINGS: Final = {
    "none": Framing(),
    "line": Framing(lf=True),
    "length2": Framing(prefix=2),
    "length4": Framing(prefix=4),
}
FRAMINGS: Final = (*_FRAMINGS, "fixed")


@value(kw_only=True)
class BoundarySettings:
    """What an experiment does. Raises ValueError with a sentence for what cannot be done."""

    messages: tuple[bytes, ...] = ()
    """What is sent; empty: each of `sends` is a message that is made up."""
    sends: int = 4
    """Not used where messages are given."""
    size: int = 5
    """Bytes of a send, what marks a message included; 0, of messages given: each is one send."""
    pause: int = 0
    """Milliseconds between two sends."""
    recv: int = 7
    """Bytes a receive asks for at most."""
    delay: int = 10
    """Milliseconds until the first receive; what was sent by then waits in the receive buffer."""
    buffer: int = 0
    """Bytes of receive buffer to ask for (SO_RCVBUF); 0: what the system gives."""
    nagle: bool = True
    """Whether Nagle's algorithm is on, as it is where nobody sets TCP_NODELAY."""
    framing: str = "none"
    """One of FRAMINGS."""

    def __post_init__(self) -> None:
        """Refuse what cannot be done, or would take too long."""
        if self.framing not in FRAMINGS:
            raise ValueError(f"framing {self.framing!r}")
        for name, limits in BOUNDARY_LIMITS.items():
            self._check(name, *limits)
        if self.framing in {"none", "fixed"} and not all(self.messages):
            raise ValueError(_("An empty message has no bytes that could be sent."))
        if (total := self._total()) > MOST_BYTES:
            told = _("That would be {total:,} bytes; at most {most:,} are sent in one experiment.")
            raise ValueError(told.format(total=total, most=MOST_BYTES))
        if total / self.recv > MOST_RECEIVES:
            told = _("That would take more than {most:,} receives; make the receive size larger.")
            raise ValueError(told.format(most=MOST_RECEIVES))
        sends = sum(1 for _end in self.send_ends())
        if sends > (most := BOUNDARY_LIMITS["sends"][1]):
            told = _("That would be {sends:,} sends; at most {most:,} are made in one experiment.")
            raise ValueError(told.format(sends=sends, most=most))
        if (seconds := (sends - 1) * self.pause / 1000) > MOST_PAUSE_SECONDS:
            told = _("The pauses would take {seconds:,.0f} s; at most {most:.0f} s are waited.")
            raise ValueError(told.format(seconds=seconds, most=MOST_PAUSE_SECONDS))

    @property
    def marks(self) -> Framing:
        """How messages are marked."""
        if self.framing in _FRAMINGS:
            return _FRAMINGS[self.framing]
        return Framing(size=max(map(len, self.messages), default=self.size))

    def frames(self) -> list[bytes]:
        """Return the messages as they are sent, each with what marks it."""
        marks = self.marks
        messages = self.messages or (
            made_up(number, self.size - marks.overhead) for number in range(1, self.sends + 1)
        )
        return [marks.frame(message) for message in messages]

    def send_ends(self) -> Iterator[int]:
        """Yield the offset after each send."""
        before = 0
        for frame in self.frames():
            end = before + len(frame)
            yield from range(before + (self.size or len(frame)), end, self.size or len(frame))
            yield end
            before = end

    def _total(self) -> int:
        """Return the bytes that all sends have together."""
        if not self.messages:
            return self.sends * self.size
        count, marks = len(self.messages), self.marks
        return count * marks.size or sum(map(len, self.messages)) + count * marks.overhead

    def _check(self, name: str, low: int, high: int) -> None:
        if name == "size":
            low = least_size(self.framing, given=bool(self.messages))
        if not low <= getattr(self, name) <= high:
            told = _("{name}: please type a whole number from {low} to {high}.")
            raise ValueError(told.format(name=_(BOUNDARY_NAMES[name]), low=low, high=high))


def least_size(framing: str, *, given: bool) -> int:
    """Return the smallest size of a send; `given`: what is sent is not made up."""
    return 0 if given else max(_FRAMINGS.get(framing, Framing()).overhead, 1)


def made_up(number: int, size: int) -> bytes:
    """Return a message that is told from its neighbours: its number, and a letter of its own."""
    letter = b"%c" % (ord("a") + (number - 1) % 26)
    digits = b"%d" % number
    return (digits if len(digits) < size else b"").ljust(size, letter)


class Calls:
    """The calls of one end, in order."""

    def __init__(self) -> None:
        self.ends = array("I")
        """The offset in the stream after each."""
        self.times = array("f")
        """Seconds after the first send began, at which each ended."""

    def add(self, end: int, seconds: float) -> None:
        """Add a call."""
        self.ends.append(end)
        self.times.append(seconds)


class BoundaryResult(NamedTuple):
    """What happened."""

    settings: BoundarySettings
    stream: bytes
    """What was to be sent."""
    sends: Calls
    receives: Calls
    message_ends: array[int]
    """The offset after each message that the receiver found; empty without framing."""
    buffer: int
    """Bytes of receive buffer that the system gave."""
    error: NetError | None
    """What the system refused."""

    @property
    def framing(self) -> str:
        """How messages were marked."""
        return self.settings.framing

    @property
    def recv_size(self) -> int:
        """Bytes that each receive asked for at most."""
        return self.settings.recv

    @property
    def complete(self) -> bool:
        """Whether all that was to be sent has come, byte for byte."""
        return self.receives.ends[-1:] == array("I", [len(self.stream)])


class BoundaryExperiment(Background):
    """An experiment under way; `outcome` is why there is no result, and empty where there is."""

    result: BoundaryResult | None = None

    def __init__(self, settings: BoundarySettings) -> None:
        """Begin at once."""
        self._settings = settings
        self._stream = b"".join(settings.frames())
        self._ends = array("I", settings.send_ends())
        self._sends, self._receives = Calls(), Calls()
        self._error: NetError | None = None
        self._began = self._until = 0.0
        super().__init__("boundary experiment", lambda _job: self._connect())

    def _connect(self) -> str:
        buffer = 0
        try:
            sender, receiver = loopback_pair(self._settings.buffer)
        except OSError as refusal:
            self._error = from_oserror(Operation.CONNECT, refusal)
        else:
            with closing(sender), closing(receiver):
                buffer = receive_buffer_of(receiver)
                self._exchange(sender, receiver)
        received = self._stream[: self._receives.ends[-1]] if self._receives.ends else b""
        ends = array("I", message_ends(self._settings.marks, [received]))
        self.result = BoundaryResult(
            self._settings, self._stream, self._sends, self._receives, ends, buffer, self._error
        )
        return ""

    def _exchange(self, sender: socket.socket, receiver: socket.socket) -> None:
        if not self._settings.nagle:
            no_delay(sender)
        for end in (sender, receiver):
            end.settimeout(TURN_SECONDS)
        self._began = now()
        self._until = self._began + MOST_SECONDS
        sending = Background("boundary experiment, sender", lambda job: self._send(job, sender))
        try:
            self._receive(receiver)
        except OSError as refusal:
            self._error = from_oserror(Operation.RECEIVE, refusal)
        sending.cancel(END_SECONDS)

    def _send(self, job: Background, sock: socket.socket) -> str:
        start, pause = 0, self._settings.pause / 1000
        try:
            for end in self._ends:
                if start and job.cancelled_within(pause):
                    return ""
                if (taken := self._send_all(job, sock, start, end)) > start:
                    self._sends.add(taken, now() - self._began)
                start = end
            sock.shutdown(socket.SHUT_WR)
        except OSError as refusal:
            self._error = from_oserror(Operation.SEND, refusal)
        return ""

    def _send_all(self, job: Background, sock: socket.socket, start: int, end: int) -> int:
        """Send as one call that waits until all is taken; return the offset that it came to."""
        while start < end and not job.cancelled():
            with suppress(TimeoutError):  # nobody reads at the moment
                start += sock.send(memoryview(self._stream)[start:end])
        return start

    def _receive(self, sock: socket.socket) -> None:
        """Take what comes until FIN, or until it is no longer what was sent."""
        received = 0
        self.cancelled_within(self._settings.delay / 1000)
        while not self.cancelled() and now() < self._until:
            try:
                chunk = sock.recv(self._settings.recv)
            except TimeoutError:
                continue  # nobody sends at the moment
            if not chunk or not self._stream.startswith(chunk, received):
                return
            received += len(chunk)
            self._receives.add(received, now() - self._began)
            self.progress = received / len(self._stream)
            if len(self._receives.ends) == MOST_RECEIVES:
                return
