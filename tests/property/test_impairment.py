"""Laws of a bad network, whatever is wrong with it."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import assume, given
from hypothesis import strategies as st

from netlib.protocols.impairment import ImpairedDirection, Impairment
from netlib.value import replace

parts = st.floats(0, 1)
seeds = st.integers(0, 1 << 32)
arrivals = st.lists(st.tuples(st.floats(0, 10), st.integers(0, 70_000)), max_size=60).map(
    lambda steps: list(
        zip(accumulate(gap for gap, _size in steps), (size for _gap, size in steps), strict=True)
    )
)
impairments = st.builds(
    Impairment,
    delay=st.floats(0.001, 5),
    jitter=st.floats(0, 5),
    loss=parts,
    duplicate=parts,
    reorder=parts,
    rate=st.just(0.0) | st.floats(100, 1e6),
    queue=st.integers(1, 1 << 20),
)


def fates(
    impairment: Impairment, seed: int, arriving: list[tuple[float, int]]
) -> list[tuple[float, ...]]:
    direction = ImpairedDirection(impairment, seed)
    return [direction.fate(at, size) for at, size in arriving]


@given(impairments, seeds, arrivals)
def test_the_same_seed_is_the_same_fate(
    impairment: Impairment, seed: int, arriving: list[tuple[float, int]]
) -> None:
    assert fates(impairment, seed, arriving) == fates(impairment, seed, arriving)


@given(impairments, seeds, arrivals)
def test_nothing_is_made_up_and_nothing_leaves_before_it_came(
    impairment: Impairment, seed: int, arriving: list[tuple[float, int]]
) -> None:
    for (at, _size), fate in zip(arriving, fates(impairment, seed, arriving), strict=True):
        assert len(fate) <= 2
        assert all(leaves >= at for leaves in fate)
        assert len(set(fate)) <= 1
        assert impairment.duplicate or len(fate) < 2


@given(impairments, seeds, arrivals)
def test_the_order_stays_unless_it_is_to_change(
    impairment: Impairment, seed: int, arriving: list[tuple[float, int]]
) -> None:
    found = fates(replace(impairment, reorder=0.0), seed, arriving)
    leaving = [leaves for fate in found for leaves in fate]
    assert leaving == sorted(leaving)


@given(impairments, seeds, arrivals)
def test_without_loss_rate_and_black_hole_everything_goes_on(
    impairment: Impairment, seed: int, arriving: list[tuple[float, int]]
) -> None:
    assert all(fates(replace(impairment, loss=0.0, rate=0.0), seed, arriving))


@given(impairments, seeds, arrivals, parts)
def test_how_much_is_lost_does_not_change_when_the_others_leave(
    impairment: Impairment, seed: int, arriving: list[tuple[float, int]], loss: float
) -> None:
    assume(impairment.loss <= loss)
    calm = replace(impairment, rate=0.0, jitter=0.0)
    few, many = (fates(replace(calm, loss=part), seed, arriving) for part in (calm.loss, loss))
    assert all(more in ((), less) for less, more in zip(few, many, strict=True))


@given(impairments, seeds, arrivals)
def test_what_waits_for_a_rate_never_exceeds_the_queue(
    impairment: Impairment, seed: int, arriving: list[tuple[float, int]]
) -> None:
    assume(impairment.rate)
    bad = replace(impairment, delay=0.0, jitter=0.0, reorder=0.0)
    for (at, size), fate in zip(arriving, fates(bad, seed, arriving), strict=True):
        assert size <= bad.queue or not fate
        assert all(leaves - at <= bad.queue / bad.rate * 1.001 + 1e-6 for leaves in fate)
