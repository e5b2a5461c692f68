"""The vocabulary of scripts: every word can be played, and every value is read or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.lessons.run import _DO
from netlib.lessons.witness import DIRECTIONS, EVENTS
from netlib.services import SERVICES as REAL_SERVICES
from netlib.teaching.lesson_words import FACTS, SERVICES, VERBS


def test_every_word_can_be_played() -> None:
    assert set(_DO) == {name for name, verb in VERBS.items() if verb.actor}
    assert set(FACTS) == {*EVENTS, *DIRECTIONS, "kernel"}
    for name, transports in SERVICES.items():
        assert set(transports) == set(REAL_SERVICES[name].transports)


@given(st.text(max_size=20))
def test_any_value_is_read_or_refused_with_what_was_expected(word: str) -> None:
    options = [convert for verb in VERBS.values() for convert in verb.options.values()]
    fields = [convert for fact in FACTS.values() for convert in fact.fields.values()]
    for convert in options + fields:
        try:
            assert convert(word) is not None
        except ValueError as expected:
            told = str(expected)
            assert told


@pytest.mark.parametrize("word", ["nan", "inf", "1e3", "-", "٣", "1.", ""])
def test_what_looks_like_a_number_is_none(word: str) -> None:
    with pytest.raises(ValueError, match="a number from"):
        FACTS["received"].fields["bytes"](word)
