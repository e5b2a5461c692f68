"""Which captured packets a file of packets gets: of connections of which none is missing."""

from __future__ import annotations

from collections.abc import Sequence

from netlib.engine.records import Item
from netlib.recording.export.captured import CapturedPackets
from netlib.recording.packets import CapturedPacket
from netlib.recording.places import place_of_call
from netlib.segment import ACK, FIN, PSH
from tests.ladders import (
    accepted,
    connected,
    connecting,
    finished,
    handshake,
    ladder,
    listening,
    received,
    segment,
    sent,
)

BEGIN: list[Item] = [
    listening(at=0.5),
    connecting(at=1.0),
    connected(at=1.2),
    accepted(at=1.3),
]
SAID: list[Item] = [*BEGIN, sent(b"hello", at=2.0), received(b"hello", at=2.2)]
HELLO = [
    segment(PSH | ACK, (1001, 5001), b"hello", at=2.1),
    segment(ACK, (5001, 1006), serves=True, at=2.1),
]
EVERYTHING = place_of_call(1000)


def given(items: list[Item], packets: Sequence[CapturedPacket]) -> list[CapturedPacket]:
    """Return what is given of them."""
    with ladder(items, packets) as found:
        return [*CapturedPackets(found.recording, found.index).until(EVERYTHING)]


def test_a_connection_that_was_captured_is_given_as_it_was() -> None:
    packets = [*handshake(at=1.1), *HELLO]
    assert given(SAID, packets) == packets
    bye = segment(FIN | ACK, (1006, 5001), at=3.1)
    assert given([*SAID, finished()], [*packets, bye]) == [*packets, bye]


def test_one_of_which_bytes_are_missing_is_not() -> None:
    assert given(SAID, handshake(at=1.1)) == []
    assert given(SAID, HELLO) == []
    late = segment(PSH | ACK, (1003, 5001), b"llo", at=2.1)
    assert given(SAID, [*handshake(at=1.1), late]) == []
    cut = HELLO[0]._replace(data=(HELLO[0].data or b"")[:-1])
    assert given(SAID, [*handshake(at=1.1), cut]) == []


def test_each_is_given_once_and_in_order() -> None:
    packets = [*handshake(at=1.1), *HELLO]
    with ladder(SAID, packets) as found:
        captured = CapturedPackets(found.recording, found.index)
        assert [*captured.until(place_of_call(4))] == packets[:3]
        assert [*captured.until(place_of_call(4))] == []
        captured.pass_over(place_of_call(5))
        assert [*captured.until(EVERYTHING)] == []
        assert captured.has(found.index.pairing.partners[2])
