"""TCP connections and datagrams as packets, from the calls at one end or at both."""

from __future__ import annotations

from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.recording.export.conversations import Datagrams, Packet, Route, Stream, route
from netlib.recording.export.packets import MOST_DATA
from netlib.recording.export.pcapng import PACKET, block
from netlib.teaching.calls import RECEIVED, SENT, Call, End
from tests import captures
from tests.captures import FIN, RST, SYN, Connection, connections

CLIENT = End(3, 1, 1, "127.0.0.1:53122", "127.0.0.1:8080")
SERVER = End(4, 2, 7, "127.0.0.1:8080", "127.0.0.1:53122", serves=True)
HERE, THERE = "127.0.0.1|53122", "127.0.0.1|8080"


def seen(packets: list[Packet]) -> list[captures.Packet]:
    """Read packets as a capture holds them."""
    heads = [len(one.data).to_bytes(4, "little") * 2 for one in packets]
    return [
        captures.packet(
            block(PACKET, bytes(12) + head + one.data, ((1, one.comment.encode()),))[8:-4]
        )
        for head, one in zip(heads, packets, strict=True)
    ]


def call(kind: int, offset: int, data: bytes, number: int = 0, at: float = 0.0) -> Call:
    return Call(number, at, at, 3, kind, 0, offset, len(data), data)


def test_a_connection_from_handshake_to_the_last_acknowledgement() -> None:
    stream = Stream(route(CLIENT), 3)
    spoken = [
        *stream.open(0),
        *stream.data(0, call(SENT, 0, b"hello")),
        *stream.data(1, call(RECEIVED, 0, b"hi")),
        *stream.finish(0),
        *stream.finish(1),
    ]
    (found,) = connections(seen(spoken))
    assert found.sides == (HERE, THERE)
    assert found.data == {HERE: b"hello", THERE: b"hi"}
    assert [(one.source, one.flags, one.data) for one in found.segments] == [
        (HERE, SYN, b""),
        (THERE, SYN, b""),
        (HERE, 0, b""),
        (HERE, 0, b"hello"),
        (THERE, 0, b""),
        (THERE, 0, b"hi"),
        (HERE, 0, b""),
        (HERE, FIN, b""),
        (THERE, 0, b""),
        (THERE, FIN, b""),
        (HERE, 0, b""),
    ]


def test_what_no_call_sent_says_that_it_is_implied() -> None:
    stream = Stream(route(CLIENT), 3)
    spoken = [*stream.open(0), *stream.data(0, call(SENT, 0, b"x")), *stream.reset(1)]
    told = ["implied" in one.comment for one in spoken]
    assert told == [True, True, True, False, True, False]
    assert all(one.comment.startswith("rebuilt") for one in spoken)


def test_a_long_call_is_several_segments_and_only_the_last_is_pushed() -> None:
    data = bytes(range(256)) * 600
    spoken = [*Stream(route(CLIENT), 3).data(0, call(SENT, 0, data))]
    (found,) = connections(seen(spoken))
    assert found.data[HERE] == data
    assert [len(one.data) for one in found.segments] == [MOST_DATA, 0, MOST_DATA, 0, 23600, 0]
    assert [one.data[33] & 8 for one in spoken] == [0, 0, 0, 0, 8, 0]


def test_after_a_reset_bytes_still_leave_but_nobody_acknowledges_them() -> None:
    stream = Stream(route(CLIENT), 3)
    spoken = [
        *stream.open(0),
        *stream.reset(1),
        *stream.data(0, call(SENT, 0, b"late")),
        *stream.finish(1),
        *stream.reset(0),
    ]
    (found,) = connections(seen(spoken))
    assert [one.flags for one in found.segments] == [SYN, SYN, 0, RST, 0]
    assert found.data[HERE] == b"late"


def test_the_end_of_one_side_and_the_handshake_are_said_once() -> None:
    stream = Stream(route(CLIENT), 3)
    spoken = chain(stream.open(0), stream.open(0), stream.finish(0), stream.finish(0))
    assert [one.flags for one in seen([*spoken])] == [SYN, SYN, 0, FIN, 0]


def test_a_connection_without_its_beginning_has_no_handshake_made_up() -> None:
    stream = Stream(route(CLIENT), 3)
    spoken = [*stream.data(1, call(RECEIVED, 0, b"later")), *stream.open(0)]
    (found,) = connections(seen(spoken))
    assert [one.flags for one in found.segments] == [0, 0]
    assert found.data[THERE] == b"later"


def test_a_port_that_is_used_again_begins_with_another_number() -> None:
    first, second = (seen([*Stream(route(CLIENT), number).open(0)]) for number in (3, 4))
    assert first[0].sequence != second[0].sequence


@st.composite
def cuts(draw: st.DrawFn, size: int) -> list[int]:
    """Return where a stream of some bytes is cut."""
    inside = draw(st.sets(st.integers(1, size - 1), max_size=5)) if size > 1 else set()
    return [0, *sorted(inside), size]


@st.composite
def both_ends(draw: st.DrawFn) -> tuple[bytes, list[tuple[int, int, bytes]]]:
    """Return a stream, and send and receive calls of it in an order that can be."""
    data = draw(st.binary(min_size=1, max_size=40))
    ways = {kind: draw(cuts(len(data))) for kind in (SENT, RECEIVED)}
    calls = [
        (kind, begin, data[begin:end])
        for kind, ends in ways.items()
        for begin, end in pairwise(ends)
    ]
    order = draw(st.permutations(range(len(calls))))
    ranks = {kind: iter(sorted(at for at in order if calls[at][0] == kind)) for kind in ways}
    return data, [calls[next(ranks[calls[at][0]])] for at in order]


@given(both_ends())
def test_each_byte_of_both_ends_is_in_one_segment(
    said: tuple[bytes, list[tuple[int, int, bytes]]],
) -> None:
    data, calls = said
    stream = Stream(route(CLIENT, SERVER), 3)
    spoken = [one for kind, at, part in calls for one in stream.data(0, call(kind, at, part))]
    found: list[Connection] = connections(seen(spoken))
    assert found[0].data == {HERE: data, THERE: b""}


# -- datagrams -----------------------------------------------------------------------------------

ASKS = End(5, 1, 0, "[::1]:40000", "[::1]:37")


def test_a_datagram_of_both_ends_is_one_packet_and_a_lost_one_too() -> None:
    exchange = Datagrams(route(ASKS), 5)
    spoken = [
        *exchange.sent(0, call(SENT, 0, b"lost", 1)),
        *exchange.sent(0, call(SENT, 0, b"there", 2)),
        *exchange.received(0, call(RECEIVED, 0, b"there", 3), 2),
        *exchange.received(0, call(RECEIVED, 0, b"twice", 4), None),
        *exchange.received(1, call(RECEIVED, 0, b"back", 6), 5),
    ]
    assert [(one.source, one.data) for one in seen(spoken)] == [
        ("::1|40000", b"lost"),
        ("::1|40000", b"there"),
        ("::1|40000", b"twice"),
        ("::1|37", b"back"),
    ]


def test_an_empty_datagram_is_one() -> None:
    (one,) = seen([*Datagrams(route(ASKS), 5).sent(0, call(SENT, 0, b""))])
    assert (one.protocol, one.data) == ("udp", b"")


def test_an_error_of_icmp_is_about_the_last_datagram() -> None:
    exchange = Datagrams(route(ASKS), 5)
    assert [*exchange.unreachable(0)] == []
    (asked,) = exchange.sent(0, call(SENT, 0, b"anybody?"))
    (told,) = exchange.unreachable(0)
    (one,) = seen([told])
    assert (one.protocol, one.source, one.target) == ("icmp", "::1", "::1")
    assert one.data[8:] == asked.data


def test_what_no_datagram_can_carry_is_cut_and_said() -> None:
    (one,) = Datagrams(route(ASKS), 5).sent(0, call(SENT, 0, b"x" * 70_000))
    assert len(one.data) == 40 + 8 + 65_527
    assert "cut" in one.comment


# -- addresses -----------------------------------------------------------------------------------


def told(path: Route) -> list[str]:
    (one,) = seen([*Stream(path, 0).data(0, call(SENT, 0, b"x"))][:1])
    return [one.source, one.target]


@pytest.mark.parametrize(
    ("end", "other", "addresses", "unknown"),
    [
        (CLIENT, None, [HERE, THERE], 0),
        (CLIENT, SERVER, [HERE, THERE], 0),
        (End(3, 1, 1, "", "10.0.0.7:80"), None, ["192.0.2.1|49155", "10.0.0.7|80"], 1),
        (End(3, 1, 1, "", "[fe80::1%2]:80"), None, ["2001:db8::1|49155", "fe80::1|80"], 1),
        (End(3, 1, 0, "0.0.0.0:37", "10.0.0.7:80"), None, ["192.0.2.1|37", "10.0.0.7|80"], 1),
        (
            End(3, 1, 0, "[::]:37", "10.0.0.7:80", serves=True),
            End(4, 2, 0, "10.0.0.7:80", "10.0.0.1:37"),
            ["10.0.0.1|37", "10.0.0.7|80"],
            0,
        ),
        (End(3, 1, 0, "127.0.0.1:37", "[::1]:80"), None, ["2001:db8::1|37", "::1|80"], 1),
        (End(3, 1, 1), None, ["192.0.2.1|49155", "192.0.2.2|49155"], 2),
        (End(3, 1, 1, "a:99999", "b:-1"), None, ["192.0.2.1|49155", "192.0.2.2|49155"], 2),
        (End(3, 1, 1, "127.0.0.1:٣", "::1"), None, ["127.0.0.1|49155", "192.0.2.2|1"], 2),
    ],
)
def test_an_address_is_the_one_that_was_told_or_says_that_it_is_none(
    end: End, other: End | None, addresses: list[str], unknown: int
) -> None:
    path = route(end, other)
    assert told(path) == addresses
    assert len(path.unknown) == unknown
    for words in path.unknown:
        assert "stands for an address that the recording does not tell" in words
