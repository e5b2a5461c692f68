"""Which calls an export is about: those of which a line is chosen."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.recording import calls
from netlib.recording.export import chosen
from netlib.recording.export.chosen import Lines, all_calls, chosen_calls, whole_calls
from netlib.recording.export.writer import ExportOptions
from netlib.recording.reader import Recording, RecordingError
from netlib.recording.row_index import Span
from netlib.recording.timeline import Order, Timeline
from netlib.teaching.calls import Call
from tests.pages import Chunk, write_either

DATA = [b"a\nb\nc", b"", b"one\n", b"\n\n", b"\x17\n\3"]
CALLS = [
    Chunk(data, kind, activity, at=at)
    for at, (data, kind, activity) in enumerate(
        [(DATA[0], 1, 1), (DATA[1], 2, 2), (DATA[2], 2, 1), (DATA[3], 1, 2), (DATA[4], 3, 1)]
    )
]
"""Activity 1 has 3 + 1 + 1 lines, activity 2 has 1 + 2."""


def found(path: Path, lines: Order | tuple[Span, ...], positions: Sequence[int] | None) -> set[int]:
    with closing(Recording(path)) as recording:
        options = ExportOptions(recording=path, lines=lines, positions=positions, format="pcapng")
        index = all_calls(recording)
        some = [*chosen_calls(recording, index, options, lambda _share: None)]
    assert [one.data for one in some] == [CALLS[one.number].data for one in some]
    assert [one.number for one in some] == sorted(one.number for one in some)
    return {one.number for one in some}


@pytest.fixture(params=[1, 2, 3, 4])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return write_either(tmp_path / "r", CALLS, request.param)


@pytest.mark.parametrize(
    ("positions", "numbers"),
    [
        (None, {0, 1, 2, 3, 4}),
        (range(8), {0, 1, 2, 3, 4}),
        (range(1, 2), {0}),
        (range(2, 4), {0, 1}),
        (array("q", (0, 2, 6)), {0, 3}),
        (range(7, 8), {4}),
        (range(0), set()),
    ],
)
def test_lines_in_order_of_time_choose_their_calls(
    path: Path, positions: Sequence[int] | None, numbers: set[int]
) -> None:
    with closing(Recording(path)) as recording:
        order = Timeline(recording)
    assert found(path, order, positions) == numbers


def test_of_one_activity_in_order_of_time_only_its_calls_are_chosen(path: Path) -> None:
    with closing(Recording(path)) as recording:
        order = Timeline(recording, [2])
    assert found(path, order, None) == {1, 3}
    assert found(path, order, range(1, 2)) == {3}


@pytest.mark.parametrize(
    ("positions", "numbers"),
    [
        (None, {0, 1, 3}),
        (range(2, 4), {0, 3}),
        (range(4, 6), {0}),
        (array("q", (3,)), {0}),
        (range(0), set()),
    ],
)
def test_lines_of_a_view_choose_their_calls(
    path: Path, positions: Sequence[int] | None, numbers: set[int]
) -> None:
    assert found(path, (Span(2, 0, 3), Span(1, 0, 3)), positions) == numbers


def test_what_is_read_at_once_is_little(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    read = calls.CallIndex.read

    def watched(
        self: calls.CallIndex, recording: Recording, numbers: Sequence[int], limit: int
    ) -> list[Call]:
        asked.append(len(numbers))
        return read(self, recording, numbers, limit)

    monkeypatch.setattr(calls.CallIndex, "read", watched)
    monkeypatch.setattr(chosen, "BYTES_AT_ONCE", 6)
    with closing(Recording(path)) as recording:
        index = all_calls(recording)
        whole = [*whole_calls(recording, index, range(index.total))]
    assert [one.data for one in whole] == DATA
    assert asked == [3, 2]


def test_more_calls_than_can_be_known_are_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MOST_CALLS", 3)
    with closing(Recording(path)) as recording, pytest.raises(RecordingError, match="more than"):
        all_calls(recording)


@given(st.sets(st.integers(0, 30)), st.integers(0, 30), st.integers(1, 5))
def test_some_lines_are_among_others_or_not(some: set[int], first: int, many: int) -> None:
    lines = Lines((1, number, number + 1) for number in sorted(some))
    assert lines.has(1, first, first + many) is not some.isdisjoint(range(first, first + many))
    assert not lines.has(2, first, first + many)
