"""Servers in Go that are shown."""

from __future__ import annotations

import pytest

from netlib.teaching.code.go_serve import program
from netlib.teaching.code.python_serve import WORDS
from netlib.teaching.code.tasks import Serve


def test_another_chance_than_pythons_is_said_to_be_one() -> None:
    for task in (Serve("words", "", 1, seed=7), Serve("pinger", "", 1, udp=True, seed=7)):
        _names, body, *_functions = program(task)
        assert any("7" in line and "not what Python's" in line for line in body)


def test_the_words_are_all_there() -> None:
    _names, _body, words, *_functions = program(Serve("words", "", 1))
    assert all(f'"{word}"' in words for line in WORDS for word in line)


def test_a_service_without_a_program_is_refused() -> None:
    for udp in (False, True):
        with pytest.raises(ValueError, match="smoke"):
            program(Serve("smoke", "", 1, udp=udp))
