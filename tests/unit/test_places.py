"""Places: of calls, and of what lies between two of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netlib.recording.packet_index import MOST_PACKETS
from netlib.recording.places import (
    FreePlaces,
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


@given(CALLS, st.integers(0, 2**37), st.integers(1, 2**37))
def test_packets_are_in_order_of_time(call: int, time: int, later: int) -> None:
    assert place_after_call(call, time) < place_after_call(call, time + later)


@given(CALLS, TIMES, st.integers(1, 2**54))
def test_however_late_a_packet_is_there_is_room_for_all_behind_it(
    call: int, time: int, later: int
) -> None:
    place = place_after_call(call, time)
    assert place <= place_after_call(call, time + later)
    assert place + 2 * MOST_PACKETS < place_of_call(call + 1)


@given(st.lists(st.integers(0, 40).map(lambda place: place * place), max_size=200))
def test_each_place_is_given_once_in_order_of_the_asking(wanted: list[int]) -> None:
    free = FreePlaces()
    given = [free.take(place) for place in sorted(wanted)]
    assert given == sorted({*given})
    assert len(given) == len(wanted)
    assert all(got >= place for got, place in zip(given, sorted(wanted), strict=True))


def test_a_hundred_thousand_packets_at_one_moment_have_their_places() -> None:
    free, many = FreePlaces(), 100_000
    assert [free.take(7) for _packet in range(many)] == [*range(7, 7 + many)]
    assert [free.take(place) for place in range(7, many)] == [*range(7 + many, 2 * many)]


def test_places_fit_into_columns_of_eight_bytes() -> None:
    assert places_of_calls([0, 3_999_999]).tolist() == [0, place_of_call(3_999_999)]
