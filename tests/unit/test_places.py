"""Places: of calls, and of what lies between two of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netlib.recording.places import (
    call_at,
    is_packet,
    place_after_call,
    place_of_call,
    places_of_calls,
)

CALLS = st.integers(-1, 4_000_000)
TIMES = st.integers(-5, 2**60)


@given(CALLS, TIMES)
def test_a_packet_is_between_the_call_before_it_and_the_next(call: int, time: int) -> None:
    place = place_after_call(call, time)
    assert place_of_call(call) < place < place_of_call(call + 1)
    assert (call_at(place), is_packet(place)) == (call, True)
    assert (call_at(place_of_call(call)), is_packet(place_of_call(call))) == (call, False)


@given(CALLS, st.integers(0, 2**32), st.integers(1, 2**31))
def test_packets_are_in_order_of_time(call: int, time: int, later: int) -> None:
    assert place_after_call(call, time) < place_after_call(call, time + later)


def test_places_fit_into_columns_of_eight_bytes() -> None:
    assert places_of_calls([0, 3_999_999]).tolist() == [0, place_of_call(3_999_999)]
