"""Who holds most of what is unfinished, and must let go first."""

from __future__ import annotations

from netlib.activities.unfinished import UnfinishedLimit


def test_below_the_limit_nobody_gives_up_and_the_sum_is_exact() -> None:
    unfinished = UnfinishedLimit(100)
    assert unfinished.hold(1, 60, 0) == []
    assert unfinished.hold(2, 40, 0) == []
    assert unfinished.total == 100
    assert unfinished.hold(1, 10, 0) == []
    assert unfinished.total == 50
    unfinished.forget(2)
    unfinished.forget(2)
    assert unfinished.hold(1, 0, 1) == []
    assert unfinished.total == 0


def test_whoever_holds_most_gives_up_though_another_passed_the_limit() -> None:
    unfinished = UnfinishedLimit(100)
    unfinished.hold(1, 30, 0)
    unfinished.hold(2, 50, 0)
    assert unfinished.hold(3, 30, 0) == [2]
    assert unfinished.total == 60


def test_as_many_give_up_as_are_needed() -> None:
    unfinished = UnfinishedLimit(100)
    for connection in range(1, 11):
        unfinished.hold(connection, connection, 0)
    assert unfinished.hold(99, 99, 0) == [99]
    assert unfinished.total == 55
    unfinished.hold(11, 45, 0)
    assert unfinished.hold(12, 30, 0) == [11]
    assert unfinished.hold(1, 28, 0) == [12]


def test_of_equals_the_longest_held_gives_up() -> None:
    unfinished = UnfinishedLimit(30)
    unfinished.hold(1, 4, 0)
    unfinished.hold(2, 10, 0)
    unfinished.hold(3, 10, 0)
    unfinished.hold(1, 10, 0)  # it grew last, and began first
    assert unfinished.hold(4, 10, 0) == [1]
    unfinished.hold(2, 10, 7)  # another message of it: it has begun anew
    assert unfinished.hold(5, 10, 0) == [3]
    assert unfinished.hold(6, 10, 0) == [4]
    assert unfinished.hold(7, 10, 0) == [2]
