"""A bad network, in examples."""

from __future__ import annotations

from typing import Any

import pytest

from netlib.protocols.impairment import ImpairedDirection, Impairment
from netlib.protocols.ntp import offset_and_delay, to_timestamp
from netlib.value import replace


def fates(impairment: Impairment, *at: float, size: int = 100) -> list[tuple[float, ...]]:
    direction = ImpairedDirection(impairment, seed=1)
    return [direction.fate(time, size) for time in at]


def test_a_network_without_faults_changes_nothing() -> None:
    assert fates(Impairment(), 1.0, 1.0, 2.5) == [(1.0,), (1.0,), (2.5,)]


def test_everything_waits_for_the_delay() -> None:
    assert fates(Impairment(delay=0.2), 1.0, 1.5) == [(1.2,), (1.7,)]


def test_a_black_hole_swallows_all_until_it_is_gone() -> None:
    direction = ImpairedDirection(Impairment(), seed=1)
    assert direction.fate(1.0, 1)
    direction.impairment = replace(direction.impairment, black_hole=True)
    assert direction.fate(2.0, 1) == direction.fate(3.0, 1) == ()
    direction.impairment = replace(direction.impairment, black_hole=False)
    assert direction.fate(4.0, 1) == (4.0,)


def test_about_as_much_is_lost_doubled_and_overtaken_as_was_asked_for() -> None:
    bad = Impairment(delay=1.0, loss=0.3, duplicate=0.1, reorder=0.2)
    found = fates(bad, *map(float, range(0, 20_000, 2)))
    kept = [(at * 2, fate) for at, fate in enumerate(found) if fate]
    assert 2_800 < len(found) - len(kept) < 3_200
    assert 550 < sum(len(fate) == 2 for _at, fate in kept) < 850
    assert 1_250 < sum(fate[0] == at for at, fate in kept) < 1_550


def test_what_overtakes_arrives_before_what_was_sent_earlier() -> None:
    found = fates(Impairment(delay=1.0, reorder=0.5), *(n / 100 for n in range(50)))
    order = sorted(range(50), key=lambda n: found[n][0])
    assert order != list(range(50))


def test_a_rate_makes_a_queue_and_a_full_queue_loses() -> None:
    bad = Impairment(rate=1000.0, queue=250)
    assert fates(bad, 0.0, 0.0, 0.0, 0.1) == [(0.1,), (0.2,), (), (pytest.approx(0.3),)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": 1.1},
        {"loss": -0.1},
        {"duplicate": float("nan")},
        {"delay": -1.0},
        {"jitter": float("inf")},
        {"reorder": 0.1},
        {"rate": -1.0},
        {"queue": 0},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Impairment(**wrong)


def test_it_is_told_in_the_words_of_scripts() -> None:
    assert str(Impairment()) == str(Impairment(queue=10)) == ""
    told = str(Impairment(delay=0.2, jitter=0.05, loss=1 / 3, rate=1000.0, black_hole=True))
    assert told == "delay=0.2 jitter=0.05 loss=0.333333 rate=1000 black-hole=on"


def test_a_delay_of_one_direction_alone_makes_ntp_wrong_by_half_of_it() -> None:
    there = ImpairedDirection(Impairment(delay=0.2), seed=1)
    back = ImpairedDirection(Impairment(), seed=2)
    (arrives,) = there.fate(100.0, 48)
    (returns,) = back.fate(arrives, 48)
    stamps = map(to_timestamp, (100.0, arrives, arrives, returns))
    assert offset_and_delay(*stamps) == pytest.approx((0.1, 0.2), abs=1e-6)
