"""Ladders for tests: what happened at both ends, recorded by a journal and read as arrows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from netlib.address import Endpoint
from netlib.engine.records import Item
from netlib.events import (
    Accepted,
    Chunk,
    Closed,
    CloseReason,
    Connected,
    Connecting,
    Direction,
    Event,
    Finished,
    Listening,
    PeerFinished,
    Plaintext,
    Transport,
    WireChunk,
)
from netlib.recording.calls import CallIndex
from netlib.recording.export.packets import Address, read_host, tcp
from netlib.recording.ladder import LadderReader
from netlib.recording.packet_index import PacketIndex
from netlib.recording.packets import CapturedPacket
from netlib.recording.reader import Recording
from netlib.segment import ACK, SYN
from netlib.teaching.calls import Call
from netlib.teaching.ladder import Arrow, Rung
from netlib.teaching.ladder_text import TextOptions, ladder_lines
from netlib.value import value
from tests.recordings import recorded

IN, OUT = Direction
TCP, UDP = Transport

SERVER, CLIENT = Endpoint("127.0.0.1", 8080), Endpoint("127.0.0.1", 50000)
SERVES, DIALS = 1, 2
"""The activity of the server, and of the client."""
SERVED, DIALLED = 11, 12
"""The connection at the server, and at the client."""

HEAD = 35
"""Columns of a line before its arrow: number, time, delta."""


@value()
class Ladder:
    """A recording, and all of its ladder."""

    recording: Recording
    index: CallIndex
    reader: LadderReader

    @property
    def rungs(self) -> list[Rung]:
        """Every row."""
        return self.reader.rungs(self.reader.places())

    @property
    def calls(self) -> list[Call]:
        """Every call."""
        return self.index.read(self.recording, range(self.index.total), 1 << 20)

    def lines(self, *, commentary: bool = False, encoding: str = "utf-8") -> list[str]:
        """Return the rows in words."""
        options = TextOptions(self.reader.addresses(), encoding, commentary)
        return ladder_lines(self.rungs, options)

    def said(self) -> list[str]:
        """Return the rows in words, without number, time and delta."""
        return [line[HEAD:] for line in self.lines()]

    def find(self, number: int) -> Rung:
        """Return one row."""
        return self.rungs[number]


def whole_index(recording: Recording) -> CallIndex:
    """Return an index that has gone through all of a recording."""
    index = CallIndex()
    while index.advance(recording):
        pass
    return index


@contextmanager
def opened(path: Path) -> Iterator[Ladder]:
    """Open a recording as a ladder."""
    with closing(Recording(path)) as recording:
        index = whole_index(recording)
        packets = PacketIndex(index)
        while packets.advance(recording, all_there=True):
            pass
        yield Ladder(recording, index, LadderReader(recording, index, packets))


@contextmanager
def ladder(items: Iterable[Item], packets: Sequence[CapturedPacket] = ()) -> Iterator[Ladder]:
    """Record exactly these items, and open them as a ladder."""
    with recorded(items, packets) as path, opened(path) as found:
        yield found


def segment(
    flags: int,
    numbers: tuple[int, int],
    data: bytes = b"",
    *,
    serves: bool = False,
    at: float = 1.0,
    ends: tuple[Endpoint, Endpoint] = (CLIENT, SERVER),
) -> CapturedPacket:
    """Return a captured segment of the client, or of the server; `numbers`: seq and ack."""
    client, server = (Address(read_host(end.host) or b"", end.port) for end in ends)
    route = (server, client) if serves else (client, server)
    return CapturedPacket(round(at * 1e6), 0, 0, tcp(*route, flags, numbers, data))


def handshake(
    at: float = 1.0, isn: tuple[int, int] = (1000, 5000), **more: Any
) -> list[CapturedPacket]:
    """Return the three segments that begin a connection, as they were captured."""
    client, server = isn
    return [
        segment(SYN, (client, 0), at=at, **more),
        segment(SYN | ACK, (server, client + 1), serves=True, at=at, **more),
        segment(ACK, (client + 1, server + 1), at=at, **more),
    ]


def arrivals_of(rung: Rung) -> list[tuple[int | None, int]]:
    """Return of each arrow the call at its other side, and its bytes."""
    return [(arrow.other, arrow.size) for arrow in rung.arrows]


def brief(arrows: Sequence[Arrow], serves: bool) -> list[str]:
    """Return arrows as `→` (away from this end) or `←`, what they are, and how they are known."""
    return [
        f"{'→' if arrow.source.serves == serves else '←'} {arrow.label or arrow.sort} {arrow.style}"
        for arrow in arrows
    ]


# -- what happens ------------------------------------------------------------------------------


def listening(
    local: Endpoint = SERVER, transport: Transport = TCP, activity: int = SERVES, at: float = 1.0
) -> Event:
    """Return the beginning of a server."""
    return Listening(at=at, activity=activity, local=local, transport=transport, service="echo")


def connecting(peer: Endpoint = SERVER, activity: int = DIALS, at: float = 1.0) -> Event:
    """Return the SYN of a client."""
    return Connecting(at=at, activity=activity, peer=peer)


def connected(
    local: Endpoint = CLIENT,
    peer: Endpoint = SERVER,
    *,
    connection: int = DIALLED,
    activity: int = DIALS,
    transport: Transport = TCP,
    at: float = 1.0,
) -> Event:
    """Return that a client has its connection."""
    return Connected(
        at=at,
        activity=activity,
        connection=connection,
        transport=transport,
        local=local,
        peer=peer,
        resolve_seconds=0.0,
        connect_seconds=0.001,
    )


def accepted(
    peer: Endpoint = CLIENT,
    local: Endpoint = SERVER,
    *,
    connection: int = SERVED,
    activity: int = SERVES,
    at: float = 1.0,
) -> Event:
    """Return that a server has its connection."""
    return Accepted(at=at, activity=activity, connection=connection, local=local, peer=peer)


def both() -> list[Item]:
    """Return the beginning of a connection with both ends: calls 0 to 3."""
    return [listening(), connecting(), connected(), accepted()]


def sent(data: bytes, serves: bool = False, *, at: float = 2.0) -> Chunk:
    """Return a send call of the client, or of the server, of `both`."""
    return _chunk(Chunk, data, OUT, serves, at)


def received(data: bytes, serves: bool = True, *, at: float = 2.0) -> Chunk:
    """Return a receive call of the server, or of the client, of `both`."""
    return _chunk(Chunk, data, IN, serves, at)


def wire(data: bytes, way: Direction, serves: bool) -> Chunk:
    """Return ciphertext at one end of `both`."""
    return _chunk(WireChunk, data, way, serves, 2.0)


def plain(data: bytes, way: Direction, serves: bool) -> Chunk:
    """Return what was said above TLS at one end of `both`."""
    return _chunk(Plaintext, data, way, serves, 2.0)


def _chunk(kind: type[Chunk], data: bytes, way: Direction, serves: bool, at: float) -> Chunk:
    activity, connection = (SERVES, SERVED) if serves else (DIALS, DIALLED)
    return kind(at, activity, connection, way, None, data)


def datagram(data: bytes, way: Direction, activity: int, peer: Endpoint, at: float = 2.0) -> Chunk:
    """Return a datagram that one end sent or received."""
    return Chunk(at, activity, 0, way, peer, data)


def peer_finished(serves: bool = True) -> Event:
    """Return that an end of `both` received FIN."""
    return PeerFinished(at=3.0, **_whose(serves))


def finished(serves: bool = False) -> Event:
    """Return that an end of `both` sent FIN, and still reads."""
    return Finished(at=3.0, **_whose(serves))


def closed(reason: CloseReason = CloseReason.BY_US, serves: bool = False) -> Event:
    """Return how an end of `both` ended."""
    return Closed(at=3.0, reason=reason, **_whose(serves))


def _whose(serves: bool) -> dict[str, Any]:
    activity, connection = (SERVES, SERVED) if serves else (DIALS, DIALLED)
    return {"activity": activity, "connection": connection}
