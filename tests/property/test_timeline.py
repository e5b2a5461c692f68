"""A recording in order of time: every line once, none too early, no activity shuffled."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.events import Chunk
from netlib.recording import timeline
from netlib.recording.query import Query
from netlib.recording.reader import Recording
from netlib.recording.search import find
from netlib.recording.timeline import Timeline
from tests.recordings import chunk, recorded

pieces = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.integers(0, 30),
        st.sampled_from([b"one\n", b"two\nthree\n", b"", b"a\n\nb", "好".encode()[:2]]),
    ),
    max_size=40,
)
"""Activity, seconds, bytes."""


def items(pieces: list[tuple[int, int, bytes]], *, in_order: bool) -> list[Chunk]:
    """Return chunks; `in_order`: each activity by its own clock, as they are written."""
    seconds = [at for _activity, at, _data in pieces]
    if in_order:
        seconds.sort()
    return [
        chunk(data, at=1000.0 + at, activity=activity, connection=activity)
        for at, (activity, _at, data) in zip(seconds, pieces, strict=True)
    ]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "BLOCK", 3)
    monkeypatch.setattr(timeline, "SLICE", 4)
    monkeypatch.setattr(timeline, "LOOK_BACK", 100)


@given(pieces, st.booleans(), st.data())
def test_every_line_stands_once_in_order_of_time(
    pieces: list[tuple[int, int, bytes]], in_order: bool, data: st.DataObject
) -> None:
    written = items(pieces, in_order=in_order)
    with recorded(written) as path, closing(Recording(path)) as recording:
        order = Timeline(recording)
        placed = list(order.lines(recording, range(order.total)))
        assert [one.position for one in placed] == list(range(order.total))
        for activity, rows in recording.activities().items():
            own = [one.line for one in placed if one.activity == activity]
            assert own == recording.lines(activity, 0, rows)
        latest: dict[int, float] = {}
        times = []
        for _position, activity, line in placed:  # where a clock went back, its line came later
            latest[activity] = max(line.at, latest.get(activity, line.at))
            times.append(latest[activity])
        assert times == sorted(times)
        if in_order:
            assert [one.line.at for one in placed] == sorted(one.line.at for one in placed)
        every = list(range(order.total))
        some = data.draw(st.lists(st.sampled_from(every), unique=True).map(sorted)) if every else []
        assert list(order.lines(recording, some)) == [placed[position] for position in some]


@given(pieces, st.sampled_from([b"o", b"e", b"\n"]), st.sets(st.integers(1, 4)))
def test_a_search_finds_what_stands_there(
    pieces: list[tuple[int, int, bytes]], wanted: bytes, only: set[int]
) -> None:
    with recorded(items(pieces, in_order=True)) as path, closing(Recording(path)) as recording:
        order = Timeline(recording, only)
        placed = list(order.lines(recording, range(order.total)))
        assert {one.activity for one in placed} <= only
        found = find(recording, order, Query(hex=wanted))
        assert list(found) == [one.position for one in placed if wanted in one.line.data]


@given(pieces, st.integers(-1, 31))
def test_a_moment_leads_to_its_line(pieces: list[tuple[int, int, bytes]], second: int) -> None:
    with recorded(items(pieces, in_order=True)) as path, closing(Recording(path)) as recording:
        order = Timeline(recording)
        placed = list(order.lines(recording, range(order.total)))
        if not placed:
            assert order.at(recording, 0.0) == 0
            return
        wall = placed[0].line.wall + second
        later = [one.position for one in placed if one.line.wall >= wall]
        assert order.at(recording, wall) == (later or [order.total - 1])[0]


def test_a_recording_of_nothing_has_no_lines(tmp_path: Path) -> None:
    with recorded([]) as path, closing(Recording(path)) as recording:
        order = Timeline(recording)
        assert order.total == 0
        assert list(order.lines(recording, range(0))) == []
