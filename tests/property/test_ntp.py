"""Laws of NTP's header and timestamps, for any bytes and any clocks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netlib.protocols.ntp import (
    HEADER,
    decode,
    difference,
    offset_and_delay,
    to_seconds,
    to_timestamp,
)
from netlib.protocols.time_protocols import TIME_PROTOCOLS
from netlib.services.ntp import Ntp
from tests.samples import SECOND, THERE, service_options

stamps = st.integers(0, (1 << 64) - 1)
times = st.floats(-2e9, 6e9)
ways = st.floats(0, 1000)


@given(st.binary(max_size=100))
def test_what_is_decoded_is_what_was_there(data: bytes) -> None:
    packet = decode(data)
    assert (packet is None) is (len(data) < HEADER.size)
    assert packet is None or packet.encode() == data[: HEADER.size]


@given(times, st.floats(-2e9, 2e9))
def test_a_time_is_found_again_by_a_clock_within_68_years(seconds: float, apart: float) -> None:
    assert abs(to_seconds(to_timestamp(seconds), seconds + apart) - seconds) < 1e-5


@given(stamps, stamps)
def test_a_difference_backwards_is_the_same_but_for_its_sign(one: int, other: int) -> None:
    there, back = difference(one, other), difference(other, one)
    assert there == -back or there == back == -float(1 << 31)


@given(times, st.floats(-1e6, 1e6), ways, ways, st.floats(0, 10))
def test_theta_is_wrong_by_half_of_the_asymmetry(
    t1: float, ahead: float, there: float, back: float, held: float
) -> None:
    t2 = t1 + there + ahead
    t4 = t1 + there + held + back
    stamped = map(to_timestamp, (t1, t2, t2 + held, t4))
    offset, delay = offset_and_delay(*stamped)
    assert abs(offset - (ahead + (there - back) / 2)) < 1e-5
    assert abs(offset - ahead) <= delay / 2 + 1e-5


@given(st.binary(max_size=100))
def test_a_server_never_answers_its_own_answers_and_none_is_longer_than_the_query(
    data: bytes,
) -> None:
    server = Ntp(service_options())
    answer = server.datagram(data, THERE)
    assert answer is None or (len(answer) <= len(data) and server.datagram(answer, THERE) is None)


@given(st.sampled_from(sorted(TIME_PROTOCOLS)), st.binary(max_size=100), ways)
def test_no_answer_breaks_who_reads_it(name: str, data: bytes, rtt: float) -> None:
    told = TIME_PROTOCOLS[name].read(data, float(SECOND), rtt)
    assert told is None or (told.offset is None) is (told.precision is None)
    assert told is None or told.rtt >= 0
