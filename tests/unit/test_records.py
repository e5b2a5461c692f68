"""Records read as items: whose a chunk is was told before."""

from __future__ import annotations

from netlib.address import Endpoint
from netlib.engine.records import (
    EVENT,
    FLOW_BITS,
    NEW_FLOW,
    PLAIN_SENT,
    RECEIVED,
    SENT,
    WIRE_RECEIVED,
    Flow,
    Items,
    KnownFlows,
    new_flow,
    size_of,
)
from netlib.events import (
    ActivityStopped,
    Chunk,
    Closed,
    CloseReason,
    Direction,
    Plaintext,
    WireChunk,
)

THERE = Endpoint("10.0.0.1", 7)


def test_a_chunk_of_a_connection_has_its_number_and_no_peer() -> None:
    items, flow = Items(), new_flow(3, 9, THERE)
    assert items.item((0, NEW_FLOW, flow)) is None
    code = flow.number << FLOW_BITS
    received = items.item((2_500_000, code | RECEIVED, b"hello"))
    assert received == Chunk(2.5, 3, 9, Direction.RECEIVED, None, b"hello")
    assert type(items.item((1, code | WIRE_RECEIVED, b"x"))) is WireChunk
    plain = items.item((1, code | PLAIN_SENT, b"x"))
    assert type(plain) is Plaintext
    assert plain.direction is Direction.SENT


def test_a_datagram_names_its_peer() -> None:
    items, flow = Items(), new_flow(3, 0, THERE)
    items.item((0, NEW_FLOW, flow))
    sent = items.item((1, flow.number << FLOW_BITS | SENT, b""))
    assert isinstance(sent, Chunk)
    assert (sent.peer, sent.connection) == (THERE, 0)


def test_an_event_is_itself_and_only_chunks_have_a_size() -> None:
    stopped = ActivityStopped(at=1.0, activity=3)
    assert Items().item((0, EVENT, stopped)) is stopped
    assert size_of((0, EVENT, stopped)) == size_of((0, NEW_FLOW, new_flow(1, 1, None))) == 0
    assert size_of((0, 8 | SENT, b"four")) == 4


def test_what_has_ended_is_remembered_no_longer() -> None:
    known = KnownFlows()
    first, named, other = (new_flow(3, connection, THERE) for connection in (9, 9, 10))
    datagrams = new_flow(3, 0, THERE)
    for flow in (first, named, other, datagrams):
        known.hear(flow)
    known.hear(Closed(at=1.0, activity=3, connection=9, reason=CloseReason.BY_PEER))
    assert [*known] == [other.number, datagrams.number]
    known.hear(Closed(at=1.0, activity=4, connection=10, reason=CloseReason.BY_PEER))
    known.hear(Flow(datagrams.number, 0, 0, None, ended=True))
    known.hear(Flow(datagrams.number, 0, 0, None, ended=True))
    assert [*known] == [other.number]
