"""Looking for a pattern while the window stays alive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from netlib.i18n import set_language
from netlib.recording.calls import CallIndex
from netlib.recording.pattern_search import PatternSearch
from netlib.recording.patterns import Pattern
from tests.helpers import wait_until
from tests.ladders import both, opened, received, sent
from tests.recordings import record


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    items = [*both(), sent(b"a"), sent(b"b"), received(b"ab"), sent(b"c"), received(b"c")]
    return record(tmp_path / "r.sqlite", items)


def searched(path: Path, typed: str) -> PatternSearch:
    with opened(path) as found:
        search = PatternSearch(path, found.index, Pattern(typed))
        wait_until(lambda: search.outcome is not None)
    return search


def test_the_places_are_there_when_it_ends(lesson: Path) -> None:
    search = searched(lesson, "send send receive")
    assert search.places == [(4, 5, 6)]
    assert search.outcome == ""
    assert searched(lesson, "send receive").places == [(5, 6), (7, 8)]


def test_what_is_nowhere_is_no_error(lesson: Path) -> None:
    search = searched(lesson, "rst")
    assert (search.places, search.outcome) == ([], "")


def test_a_recording_that_has_gone_is_a_sentence(lesson: Path) -> None:
    lesson.unlink()
    search = PatternSearch(lesson, CallIndex(), Pattern("send"))
    wait_until(lambda: search.outcome is not None)
    assert search.outcome is not None
    assert search.outcome.startswith("The recording cannot be read: ")
    assert search.places == []


def test_a_recording_that_is_none_is_a_sentence(lesson: Path) -> None:
    with opened(lesson) as found:
        index = found.index
    lesson.write_bytes(b"something else" * 1000)
    search = PatternSearch(lesson, index, Pattern("rst"))
    wait_until(lambda: search.outcome is not None)
    assert search.outcome is not None
    assert search.outcome.startswith("The recording cannot be read: ")


def test_a_search_can_be_given_up(lesson: Path) -> None:
    with opened(lesson) as found:
        search = PatternSearch(lesson, found.index, Pattern("send"))
        assert search.cancel(5.0)
