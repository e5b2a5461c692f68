"""The pictures that people look at: few, and nothing left out."""

from __future__ import annotations

from itertools import combinations

from tests.pictures.looks import LANGUAGES, LIGHTS, SCREENS, SIZES, every, pairwise

TABS = ("connect", "http", "server", "chat", "time", "start")


def test_every_pair_of_values_is_shown_in_few_pictures() -> None:
    chosen = pairwise(every(TABS))
    values = (TABS, SCREENS, SIZES, LANGUAGES, LIGHTS)
    for (i, ones), (j, others) in combinations(enumerate(values), 2):
        shown = {(look[i], look[j]) for look in chosen}
        assert shown == {(one, other) for one in ones for other in others}
    assert len(TABS) * len(SIZES) <= len(chosen) <= 45


def test_names_of_pictures_differ() -> None:
    looks = every(TABS)
    assert len({look.name for look in looks}) == len(looks) == 6 * 3 * 5 * 2 * 2
