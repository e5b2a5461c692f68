"""Two recordings side by side: what is different, and what is wrong with what is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from netlib.engine.records import Item
from netlib.i18n import set_language
from netlib.recording import comparison
from netlib.recording.comparison import Comparison
from netlib.recording.places import places_of_calls
from netlib.teaching.ladder_difference import Pair
from tests.helpers import wait_until
from tests.ladders import both, received, sent
from tests.recordings import record

LESSON: list[Item] = [*both(), sent(b"a"), sent(b"b"), received(b"ab")]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def left(tmp_path: Path) -> Path:
    return record(tmp_path / "left.sqlite", LESSON)


def compared(left: Path, right: Path, numbers: list[int] | None = None) -> Comparison:
    places = None if numbers is None else places_of_calls(numbers)
    found = Comparison(left, places, right)
    wait_until(lambda: found.outcome is not None)
    return found


def test_the_same_run_twice_has_no_difference(left: Path, tmp_path: Path) -> None:
    found = compared(left, record(tmp_path / "right.sqlite", LESSON))
    assert found.outcome == ""
    assert found.pairs == [Pair(row, row) for row in range(7)]
    assert found.runs is not None
    assert [run.name for run in found.runs] == ["left.sqlite", "right.sqlite"]
    assert {*found.runs[0].addresses.values()} == {"127.0.0.1:8080", "127.0.0.1:50000"}


def test_a_call_that_only_one_run_has_stands_alone(left: Path, tmp_path: Path) -> None:
    other = record(tmp_path / "right.sqlite", [*LESSON, sent(b"c"), received(b"c")])
    found = compared(left, other)
    assert found.pairs[-2:] == [Pair(None, 7), Pair(None, 8)]
    assert all(None not in pair for pair in found.pairs[:-2])


def test_only_the_rows_in_the_view_are_compared(left: Path, tmp_path: Path) -> None:
    found = compared(left, record(tmp_path / "right.sqlite", LESSON), [4, 5])
    assert found.runs is not None
    assert found.runs[0].total == 2
    assert [pair.left for pair in found.pairs if None not in pair] == [0, 1]


def test_of_a_long_run_it_is_known_how_long_it_is(
    left: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "MOST_ROWS", 3)
    found = compared(left, record(tmp_path / "right.sqlite", LESSON))
    assert found.runs is not None
    assert [(len(run.rows), run.total) for run in found.runs] == [(3, 7), (3, 7)]


@pytest.mark.parametrize("content", [None, b"", b"no recording" * 900])
def test_what_is_no_recording_is_named(left: Path, tmp_path: Path, content: bytes | None) -> None:
    other = tmp_path / "ot\u202eher.sqlite"  # invisible, and a file may have it on every system
    if content is not None:
        other.write_bytes(content)
    for found in (compared(left, other), compared(other, left)):
        assert found.outcome
        assert "ot<U+202E>her.sqlite" in found.outcome
        assert found.runs is None
        assert found.pairs == []


def test_a_comparison_can_be_given_up(left: Path) -> None:
    found = Comparison(left, None, left)
    assert found.cancel(5.0)
