"""What the segments of a connection are, one after the other."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.recording.tcp_conversation import Conversation, Kind, Mark
from netlib.segment import ACK, FIN, RST, SYN, Segment

HERE, THERE = Endpoint("127.0.0.1", 50000), Endpoint("127.0.0.1", 8080)


def said(flags: int, seq: int, ack: int = 0, size: int = 0, **more: Any) -> Segment:
    """Return a segment of the client."""
    head = Segment(HERE, THERE, flags, seq % 2**32, ack % 2**32, 1000, size)
    return head._replace(**more)


def answered(flags: int, seq: int, ack: int = 0, size: int = 0, **more: Any) -> Segment:
    """Return one of the server."""
    return said(flags, seq, ack, size, **more)._replace(source=THERE, target=HERE)


def begun(isn: int = 100, **more: Any) -> Conversation:
    """Return a connection that stands."""
    talk = Conversation(said(SYN, isn), 0)
    for segment in (
        said(SYN, isn, **more),
        answered(SYN | ACK, 900, isn + 1, **more),
        said(ACK, isn + 1, 901),
    ):
        assert talk.take(segment) is Mark.PLAIN
    return talk


def test_a_handshake_is_known_by_its_three_segments() -> None:
    talk = begun()
    assert talk.seen == [Kind.SYN | Kind.HANDSHAKE_ACK, Kind.SYN_ACK]
    assert talk.relative(0, 101) == 1
    assert talk.relative(1, 900) == 0


def test_numbers_go_round() -> None:
    talk = begun(isn=2**32 - 2)
    assert talk.take(said(ACK, 2**32 - 1, 901, 10)) is Mark.PLAIN
    assert talk.relative(0, 9) == 11
    assert talk.take(said(ACK, 9, 901, 1)) is Mark.PLAIN
    assert talk.take(said(ACK, 2**32 - 1, 901, 10)) is Mark.AGAIN


def test_what_was_sent_before_is_sent_again_syn_and_fin_too() -> None:
    talk = Conversation(said(SYN, 100), 0)
    assert talk.take(said(SYN, 100)) is Mark.PLAIN
    assert talk.take(said(SYN, 100)) is Mark.AGAIN
    talk = begun()
    assert talk.take(said(ACK, 101, 901, 5)) is Mark.PLAIN
    assert talk.take(said(ACK, 101, 901, 5)) is Mark.AGAIN
    assert talk.take(said(ACK, 101, 901, 9)) is Mark.PLAIN  # four bytes of it are new
    assert talk.take(said(FIN | ACK, 110, 901)) is Mark.PLAIN
    assert talk.take(said(FIN | ACK, 110, 901)) is Mark.AGAIN
    assert talk.take(said(ACK, 111, 901)) is Mark.PLAIN


def test_a_probe_asks_with_a_number_that_was_acknowledged() -> None:
    talk = begun()
    assert talk.take(said(ACK, 101, 901, 5)) is Mark.PLAIN
    assert talk.take(answered(ACK, 901, 106, window=0)) is Mark.PLAIN
    assert talk.take(said(ACK, 105, 901)) is Mark.PROBE
    assert talk.take(answered(ACK, 901, 106, window=0)) is Mark.PLAIN
    assert talk.take(answered(ACK, 901, 106)) is Mark.OPENED
    assert talk.take(answered(ACK, 901, 106)) is Mark.PLAIN


def test_a_keep_alive_may_hold_a_byte_that_was_acknowledged() -> None:
    talk = begun()
    assert talk.take(said(ACK, 101, 901, 5)) is Mark.PLAIN
    assert talk.take(said(ACK, 105, 901, 1)) is Mark.AGAIN  # nobody has acknowledged it
    talk.take(answered(ACK, 901, 106))
    assert talk.take(said(ACK, 105, 901, 1)) is Mark.PROBE
    assert talk.take(said(ACK, 101, 901, 5)) is Mark.AGAIN


def test_who_said_fin_and_who_acknowledged_it_is_known() -> None:
    talk = begun()
    talk.take(said(FIN | ACK, 101, 901))
    assert talk.seen[0] & Kind.FIN
    assert not talk.seen[1] & Kind.FIN_ACK
    talk.take(answered(ACK, 901, 102))
    assert talk.seen[1] & Kind.FIN_ACK
    talk.take(answered(RST, 901))
    assert talk.seen[1] & Kind.RST


def test_windows_are_in_bytes_where_both_said_how_they_scale() -> None:
    talk = begun(scale=7)
    assert talk.window(said(ACK, 101, 901)) == 128_000
    assert talk.window(said(SYN, 101)) == 1000  # RFC 7323, section 2.2: never in a SYN
    assert begun().window(said(ACK, 101, 901)) == 1000
    unknown = Conversation(said(ACK, 5, 5), 0)
    unknown.take(said(ACK, 5, 5))
    assert unknown.window(said(ACK, 5, 5)) is None
    assert unknown.window(said(ACK, 5, 5, window=0)) == 0
    assert unknown.relative(0, 5) is None


def test_the_same_ports_may_begin_anew() -> None:
    talk = begun()
    assert not talk.begins_anew(said(SYN, 100))
    assert talk.begins_anew(said(SYN, 7000))
    assert not talk.begins_anew(answered(SYN | ACK, 7000))
    assert not Conversation(said(SYN, 100), 0).begins_anew(said(SYN, 100))


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 70_000), min_size=1, max_size=20))
def test_segments_in_order_are_never_again_and_a_repeated_one_always(
    isn: int, sizes: list[int]
) -> None:
    talk, at = begun(isn), isn + 1
    for size in sizes:
        assert talk.take(said(ACK, at, 901, size)) is Mark.PLAIN
        assert talk.take(said(ACK, at, 901, size)) is Mark.AGAIN
        at += size


def test_a_segment_that_comes_late_fills_a_gap_once() -> None:
    talk = begun()
    assert talk.take(said(ACK, 106, 901, 5, data=bytes(5))) is Mark.PLAIN
    assert talk.streamed(0) == -1
    assert talk.take(said(ACK, 101, 901, 2, data=bytes(2))) is Mark.FILLS
    assert talk.take(said(ACK, 103, 901, 3, data=bytes(3))) is Mark.FILLS
    assert talk.streamed(0) == 10
    assert talk.take(said(ACK, 101, 901, 5, data=bytes(5))) is Mark.AGAIN


@given(st.permutations(range(8)), st.integers(0, 2**32 - 1))
def test_in_any_order_each_is_new_or_fills_a_gap(order: list[int], isn: int) -> None:
    talk = begun(isn)
    marks = [talk.take(said(ACK, isn + 1 + 10 * place, 901, 10, data=bytes(10))) for place in order]
    assert Mark.AGAIN not in marks
    assert talk.streamed(0) == 80


def test_gaps_without_end_are_not_kept() -> None:
    talk = begun()
    for place in range(1000):
        assert talk.take(said(ACK, 200 + 20 * place, 901, 10, data=bytes(10))) is Mark.PLAIN
    assert talk.take(said(ACK, 101, 901, 10, data=bytes(10))) is Mark.AGAIN, "that gap is forgotten"
    assert talk.streamed(0) == -1
