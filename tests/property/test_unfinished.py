"""The sum of what is unfinished, for any clients in any order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netlib.activities.unfinished import UnfinishedLimit

steps = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40), st.booleans()))


@given(steps, st.integers(1, 90))
def test_the_sum_is_what_the_clients_hold_and_never_above_the_limit(
    taken: list[tuple[int, int, bool]], limit: int
) -> None:
    unfinished, held = UnfinishedLimit(limit), dict[int, int]()
    for connection, size, over in taken:
        if over:
            unfinished.forget(connection)
            held.pop(connection, None)
            continue
        held[connection] = size
        for one in unfinished.hold(connection, size, 0):
            assert held[one] == max(held.values())
            del held[one]
        assert unfinished.total == sum(held.values()) <= limit
