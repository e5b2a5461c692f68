"""The packets that calls must have been on the wire, rebuilt: nobody captured them.

Of both ends of a connection in one recording each byte is in one packet: where the call that sent
it comes first, in that of the sender.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

from netlib.events import Accepted, Connected, PortUnreachable
from netlib.recording.export.conversations import Datagrams, Packet, Route, Stream, route
from netlib.recording.ladder import LadderReader
from netlib.recording.pairing import Pairing
from netlib.teaching.calls import EVENT, PLAIN_RECEIVED, Call
from netlib.teaching.ladder import rungs

if TYPE_CHECKING:
    from netlib.recording.calls import CallIndex
    from netlib.recording.reader import Recording

Kind = TypeVar("Kind", Stream, Datagrams)


class _Conversations(Generic[Kind]):
    """The conversation that each end is part of."""

    def __init__(self, kind: Callable[[Route, int], Kind], pairing: Pairing) -> None:
        self._kind: Callable[[Route, int], Kind] = kind
        self._pairing = pairing
        self._known: dict[int, tuple[Kind, int]] = {}

    def of(self, end: int) -> tuple[Kind, int]:
        """Return that of an end, and which of its sides the end is."""
        if end not in self._known:
            ends, partner = self._pairing.ends, self._pairing.partners.get(end)
            there = None if partner is None else self._known.get(partner)
            if there is not None:
                self._known[end] = there[0], 1 - there[1]
            else:
                path = route(ends[end], None if partner is None else ends[partner])
                self._known[end] = self._kind(path, end), 0
        return self._known[end]


class Rebuilder:
    """Makes packets of calls, which come in their order. Belongs to one thread."""

    def __init__(self, recording: Recording, index: CallIndex) -> None:
        self._pairing, self._ladder = index.pairing, LadderReader(recording, index)
        self._streams = _Conversations(Stream, index.pairing)
        self._datagrams = _Conversations(Datagrams, index.pairing)
        self._asked: dict[tuple[int, str], int] = {}
        """The end at which an activity sent last, of all and to each peer."""

    def packets(self, call: Call) -> Iterable[Packet]:
        """Return the packets of a call that has all its bytes. Raises RecordingError."""
        if call.lost or call.kind >= PLAIN_RECEIVED:  # above TLS: it crossed as ciphertext
            return ()
        if call.kind == EVENT:
            return self._event(call)
        if not self._pairing.ends[call.end].connection:
            return self._datagram(call)
        stream, side = self._streams.of(call.end)
        return stream.data(side if call.is_sent else 1 - side, call)

    def _datagram(self, call: Call) -> Iterable[Packet]:
        end = self._pairing.ends[call.end]
        datagrams, side = self._datagrams.of(call.end)
        if call.is_sent:
            self._asked[end.activity, end.peer] = self._asked[end.activity, ""] = call.end
            return datagrams.sent(side, call)
        parts = self._ladder.seen(call).parts
        return datagrams.received(1 - side, call, parts[0].number if parts else None)

    def _event(self, call: Call) -> Iterable[Packet]:
        end, event = self._pairing.ends[call.end], call.event
        if isinstance(event, PortUnreachable):
            asked = self._asked.get((end.activity, str(event.peer or "")))
            if asked is None:
                return ()
            datagrams, side = self._datagrams.of(asked)
            return datagrams.unreachable(side)
        if not end.connection:
            return ()
        stream, side = self._streams.of(call.end)
        if isinstance(event, Connected | Accepted):
            return stream.open(side if isinstance(event, Connected) else 1 - side)
        return self._endings(call, stream, side)

    def _endings(self, call: Call, stream: Stream, side: int) -> Iterator[Packet]:
        """Yield FIN and RST, as the ladder has them."""
        (rung,) = rungs([self._ladder.seen(call)], self._pairing.ends)
        for arrow in rung.arrows:
            sender = side if arrow.source == rung.site else 1 - side
            if arrow.sort == "fin":
                yield from stream.finish(sender)
            elif arrow.sort == "rst":
                yield from stream.reset(sender)
