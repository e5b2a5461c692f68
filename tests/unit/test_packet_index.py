"""Whose captured packets are, where they stand among the calls, and what need not be implied."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.errors import Cause, NetError, Operation
from netlib.events import Event, Failed
from netlib.recording.calls import CallIndex
from netlib.recording.journal import Journal
from netlib.recording.packet_index import PacketIndex
from netlib.recording.packets import CapturedPacket
from netlib.recording.reader import Recording
from netlib.segment import ACK, FIN, PSH, RST, SYN
from tests.ladders import (
    CLIENT,
    DIALS,
    SERVER,
    SERVES,
    Ladder,
    accepted,
    both,
    closed,
    connected,
    connecting,
    finished,
    handshake,
    ladder,
    listening,
    peer_finished,
    received,
    segment,
    sent,
)
from tests.records import put

OTHER = Endpoint("127.0.0.1", 50999)


def rows(found: Ladder) -> list[str]:
    """Return of each row what it is, and its segments: real ones, and implied ones as (SYN)."""
    said = []
    for rung in found.rungs:
        arrows = [
            f"({arrow.label})" if arrow.style == "implied" else arrow.label or "bytes"
            for arrow in rung.arrows
        ]
        name = type(rung.call.event).__name__ if rung.call.event is not None else rung.name
        said.append(" ".join(filter(None, (name, *arrows))))
    return said


def whose(found: Ladder) -> list[str]:
    """Return of each row whether it is a call or a packet, by its number."""
    return [
        f"packet {rung.packet.number}" if rung.packet else f"call {rung.call.number}"
        for rung in found.rungs
    ]


def everything(calls: CallIndex, recording: Recording) -> None:
    """Take in all calls there are by now."""
    while calls.advance(recording):
        pass


def refused(at: float = 1.2) -> Event:
    """Return that nobody listened."""
    error = NetError(Operation.CONNECT, Cause.REFUSED, endpoint=SERVER)
    return Failed(at=at, activity=DIALS, error=error)


def test_segments_stand_where_they_were_and_nothing_of_them_is_implied() -> None:
    items = [
        listening(at=0.5),
        connecting(at=1.0),
        connected(at=1.2),
        accepted(at=1.3),
        sent(b"hi", at=2.0),
        received(b"hi", at=2.2),
    ]
    packets = [
        *handshake(at=1.1),
        segment(PSH | ACK, (1001, 5001), b"hi", at=2.1),
        segment(ACK, (5001, 1003), serves=True, at=2.1),
    ]
    with ladder(items, packets) as found:
        assert rows(found) == [
            "Listening",
            "Connecting",
            "SYN",
            "SYN, ACK",
            "ACK",
            "Connected",
            "Accepted",
            "send bytes",
            "PSH, ACK",
            "ACK",
            "recv bytes",
        ]
        clients = [rung for rung in found.rungs if rung.packet]
        assert [rung.site.serves for rung in clients] == [False, True, False, False, True]
        assert [rung.site.activity for rung in clients] == [DIALS, SERVES, DIALS, DIALS, SERVES]


def test_without_packets_segments_are_implied() -> None:
    with ladder(both()) as found:
        assert rows(found) == [
            "Listening",
            "Connecting (SYN)",
            "Connected (SYN, ACK) (ACK)",
            "Accepted",
        ]


def test_a_capture_that_ended_in_the_middle_leaves_the_rest_implied() -> None:
    items = [*both(), finished(), peer_finished()]
    with ladder(items, handshake(at=1.0)) as found:
        assert rows(found)[-2:] == ["Finished FIN", "PeerFinished FIN (ACK)"]


def test_a_capture_that_began_in_the_middle_leaves_the_beginning_implied() -> None:
    items = [*both(), finished(), peer_finished()]
    packets = [
        segment(FIN | ACK, (1001, 5001), at=3.0),
        segment(ACK, (5001, 1002), serves=True, at=3.0),
    ]
    with ladder(items, packets) as found:
        assert rows(found) == [
            "Listening",
            "Connecting (SYN)",
            "Connected (SYN, ACK) (ACK)",
            "Accepted",
            "Finished",
            "PeerFinished",
            "FIN, ACK",
            "ACK",
        ]


def test_an_acknowledgement_that_never_was_is_not_implied_of_what_was_captured() -> None:
    items = [*both(), closed(serves=True), peer_finished(serves=False)]
    packets = [
        *handshake(),
        segment(FIN | ACK, (5001, 1001), serves=True, at=2.9),
        segment(RST | ACK, (5002, 1001), serves=True, at=2.95),
    ]
    with ladder(items, packets) as found:
        assert rows(found)[-4:] == ["FIN, ACK", "RST, ACK", "Closed", "PeerFinished"]


def test_packets_of_others_have_no_rows() -> None:
    packets = handshake(ends=(OTHER, Endpoint("127.0.0.1", 9)))
    with ladder(both(), [*handshake(), *packets]) as found:
        assert [row for row in rows(found) if "SYN" in row] == ["SYN", "SYN, ACK"]


def test_an_attempt_that_was_refused_has_its_syn_and_its_rst() -> None:
    items = [connecting(at=1.0), refused(at=1.2)]
    packets = [
        segment(SYN, (7, 0), at=1.1),
        segment(RST | ACK, (0, 8), serves=True, at=1.1),
    ]
    with ladder(items, packets) as found:
        assert rows(found) == ["Connecting", "SYN", "RST, ACK", "Failed"]
        syn, rst = [rung for rung in found.rungs if rung.packet]
        assert (syn.site.activity, rst.site.address) == (DIALS, str(SERVER))


def test_a_syn_without_an_answer_goes_again() -> None:
    packets = [segment(SYN, (7, 0), at=at) for at in (1.1, 2.1, 4.1)]
    with ladder([connecting(at=1.0), refused(at=5.0)], packets) as found:
        again = [rung.packet.again for rung in found.rungs if rung.packet]
        assert again == [False, True, True]


def test_the_same_ports_twice_are_two_connections() -> None:
    items = [
        *both(),
        connecting(at=10.0, activity=5),
        connected(at=10.2, activity=5, connection=52),
        accepted(at=10.3, connection=51),
    ]
    with ladder(items, [*handshake(at=0.9995), *handshake(at=10.1, isn=(90, 80))]) as found:
        sites = [rung.site.activity for rung in found.rungs if rung.packet]
        assert sites == [DIALS, SERVES, DIALS, 5, SERVES, 5]
        assert not any("(" in row for row in rows(found))


def test_of_a_server_alone_the_segments_came_before_it_accepted() -> None:
    items = [listening(at=0.5), accepted(at=3.0)]
    with ladder(items, handshake(at=1.0)) as found:
        assert rows(found) == ["Listening", "SYN", "SYN, ACK", "ACK", "Accepted"]
        assert [rung.site.address for rung in found.rungs if rung.packet] == [
            str(CLIENT),
            "",
            str(CLIENT),
        ]


def test_packets_that_were_missed_are_told_in_their_place() -> None:
    items = [*both(), sent(b"x", at=9.0)]
    with ladder(items, [*handshake(), CapturedPacket(5_000_000, 0, 12, None)]) as found:
        lost = found.rungs[-2]
        assert lost.packet is not None
        assert lost.packet.missed == 12
        assert any("12 packets of this computer were missed here" in line for line in found.lines())


def test_a_packet_that_cannot_be_read_was_missed() -> None:
    with ladder(both(), [CapturedPacket(5_000_000, 0, 3, b"\x99no")]) as found:
        last = found.rungs[-1].packet
        assert last is not None
        assert (last.missed, last.segment) == (1, None)


def test_packets_wait_for_the_calls_that_were_before_them_and_stay_where_they_are(
    tmp_path: Path,
) -> None:
    path = tmp_path / "live"
    with closing(Journal(path)) as journal:
        put(journal, listening(at=0.5), connecting(at=1.0))
        journal.put_packets(handshake(at=1.1))
        assert journal.flush()
        with closing(Recording(path)) as recording:
            calls = CallIndex()
            packets = PacketIndex(calls)
            everything(calls, recording)
            packets.advance(recording)
            assert not packets.places
            put(journal, connected(at=1.2), accepted(at=1.3))
            assert journal.flush()
            everything(calls, recording)
            assert packets.advance(recording)
            first = packets.places.tolist()
            assert len(first) == 3
            put(journal, sent(b"x", at=2.0), sent(b"x", at=4.0))
            journal.put_packets([segment(ACK, (1001, 5001), b"x", at=3.0)])
            assert journal.flush()
            everything(calls, recording)
            assert packets.advance(recording)
            assert packets.places.tolist()[:3] == first
            assert packets.places[3] > max(first)


@settings(max_examples=25)
@given(
    st.lists(st.integers(3_000_000, 3_000_100), max_size=12),
    st.lists(st.integers(3_000_000, 3_000_100), max_size=12),
)
def test_every_call_and_every_packet_has_one_row_and_rows_are_in_order_of_time(
    calls: list[int], packets: list[int]
) -> None:
    items = [*both(), *(sent(b"x", at=at / 1e6) for at in sorted(calls))]
    captured = [
        segment(ACK, (1001 + number, 5001), b"x", at=at / 1e6)
        for number, at in enumerate(sorted(packets))
    ]
    with ladder(items, [*handshake(at=1.0), *captured]) as found:
        rungs = found.rungs
        keys = [rung.key for rung in rungs]
        assert len(keys) == len({*keys}) == len(items) + 3 + len(captured)
        times = [rung.call.at for rung in rungs]
        assert times == sorted(times)
        numbers = [rung.packet.sequence for rung in rungs if rung.packet][3:]
        assert numbers == [1 + number for number in range(len(captured))]


def unreadable(at: float) -> CapturedPacket:
    """Return a packet that nobody can read."""
    return CapturedPacket(round(at * 1e6), 0, 3, b"\x99no")


@pytest.mark.parametrize("later", [8500.0, 8600.0, 1e6, 3e8, 8e9])
def test_packets_long_after_a_call_stand_behind_it_and_before_the_next(later: float) -> None:
    packets = [unreadable(5.0 + later), unreadable(5.1 + later), unreadable(5.1 + later)]
    lost, calls = ["packet 1", "packet 2", "packet 3"], [listening(at=1.0), connecting(at=4.0)]
    with ladder(calls, packets) as found:
        assert whose(found) == ["call 0", "call 1", *lost]
    with ladder([*calls, connected(at=6.0 + later)], packets) as found:
        assert whose(found) == ["call 0", "call 1", *lost, "call 2"]


@pytest.mark.parametrize("begun", [1e4, 1e6, 8e9])
def test_packets_before_the_first_call_stand_before_it_however_long_the_computer_is_on(
    begun: float,
) -> None:
    packets = [unreadable(begun + second) for second in (0.1, 0.2, 0.2)]
    with ladder([listening(at=begun + 1.0), connecting(at=begun + 2.0)], packets) as found:
        assert whose(found) == ["packet 1", "packet 2", "packet 3", "call 0", "call 1"]
