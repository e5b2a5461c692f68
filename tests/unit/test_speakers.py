"""Names have colours of their own as long as there are colours, and keep them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gui.models.speakers import HUES, Speakers
from gui.theme.palette import DARK, LIGHT


def test_there_are_as_many_numbers_as_colours() -> None:
    assert len(LIGHT.clients) == len(DARK.clients) == HUES


@given(st.lists(st.text(min_size=1, max_size=20), max_size=40))
def test_the_first_names_differ_and_each_keeps_its_number(names: list[str]) -> None:
    speakers = Speakers()
    numbers = {name: speakers.number(name) for name in names}
    first = [numbers[name] for name in list(dict.fromkeys(names))[:HUES]]
    assert len({*first}) == len(first)
    assert {*numbers.values()} <= {*range(1, HUES + 1)}
    for name, number in numbers.items():
        assert speakers.number(name) == number


def test_who_is_alone_has_the_same_colour_in_every_window() -> None:
    assert Speakers().number("Ada") == Speakers().number("Ada")
