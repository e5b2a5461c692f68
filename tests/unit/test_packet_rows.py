"""Between which lifelines captured packets went."""

from __future__ import annotations

from netlib.address import Endpoint
from netlib.segment import ACK
from tests.ladders import (
    DIALS,
    SERVER,
    accepted,
    connected,
    connecting,
    handshake,
    ladder,
    listening,
    segment,
)

HERE, THERE = Endpoint("::1", 50000), Endpoint("::1", 8080)


def test_the_other_end_of_a_client_alone_is_its_address() -> None:
    with ladder([connecting(at=1.0), connected(at=1.2)], handshake(at=1.1)) as found:
        (syn, answer, _ack) = [rung for rung in found.rungs if rung.packet]
        assert (syn.arrows[0].source.activity, syn.arrows[0].target.address) == (DIALS, str(SERVER))
        assert (answer.site.address, answer.site.serves) == (str(SERVER), True)
        assert answer.arrows[0].target.activity == DIALS


def test_both_ends_are_told_by_their_activity_over_ipv6_too() -> None:
    items = [
        listening(THERE, at=0.5),
        connecting(THERE, at=1.0),
        connected(HERE, THERE, at=1.2),
        accepted(HERE, THERE, at=1.3),
    ]
    packets = [
        *handshake(at=1.1, ends=(HERE, THERE)),
        segment(ACK, (5001, 1001), serves=True, at=1.4, ends=(HERE, THERE)),
    ]
    with ladder(items, packets) as found:
        serves = [rung.site.serves for rung in found.rungs if rung.packet]
        assert serves == [False, True, False, True]
        assert all(rung.site.activity for rung in found.rungs)


def test_who_is_at_the_other_end_does_not_depend_on_who_spoke_first() -> None:
    packets = [segment(ACK, (5001, 1001), b"x", serves=True, at=1.4)]
    with ladder([connected(at=1.2)], packets) as found:
        (row,) = [rung for rung in found.rungs if rung.packet]
        assert row.site.address == str(SERVER)
        assert row.arrows[0].target.activity == DIALS
