"""Memory that is used again: never while somebody needs what is in it."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from netlib.recording.arenas import ARENA_BYTES, Arenas

sizes = st.integers(4096, ARENA_BYTES // 3)


@given(st.lists(st.one_of(sizes, st.none()), max_size=40), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_what_is_kept_stays_as_it_is_until_it_is_given_back(
    steps: list[int | None], dice: Random
) -> None:
    arenas, held = Arenas(), []
    for number, size in enumerate(steps):
        if size is not None:
            whole = bytes([number % 256]) * size
            held.append((arenas.keep(whole), whole))
        elif held:
            kept, whole = held.pop(dice.randrange(len(held)))
            assert bytes(kept) == whole
            arenas.give_back([kept])
        for kept, whole in held:
            assert kept == whole
