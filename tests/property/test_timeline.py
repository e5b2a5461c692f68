"""A recording in order of time: every line once, none too early, no activity shuffled."""

from __future__ import annotations

import tempfile
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.recording import timeline, version_1
from netlib.recording.query import Query
from netlib.recording.reader import Recording
from netlib.recording.search import find
from netlib.recording.timeline import Timeline
from netlib.teaching.lines import Line
from tests.pages import Chunk, Expected, expected, write_1, write_2, write_either

pieces = st.sampled_from([b"one\n", b"two\nthree\n", b"", b"a\n\nb", *(b"\xe5", b"\xa5\xbd", b"x")])
unordered = st.lists(
    st.builds(
        lambda activity, second, kind, data, stream: Chunk(
            data,
            kind,
            activity,
            activity * 10 + stream if stream < 2 else 0,
            f"p{stream} n",
            second,
        ),
        st.integers(1, 4),
        (st.integers(0, 30) | st.just(5000)).map(lambda second: second * 1_000_000),
        st.sampled_from([1, 2, 3, 4, 5, 6]),
        pieces,
        st.integers(0, 2),
    ),
    max_size=40,
)
chunks = unordered.map(lambda some: sorted(some, key=lambda chunk: chunk.at))
seeds = st.integers(0, 1 << 30)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version_1, "BLOCK", 3)
    monkeypatch.setattr(version_1, "LOOK_BACK", 100)
    monkeypatch.setattr(timeline, "CHUNKS", 3)
    monkeypatch.setattr(timeline, "SLICE", 4)


@contextmanager
def opened(some: Sequence[Chunk], seed: int) -> Iterator[Recording]:
    with tempfile.TemporaryDirectory() as folder:
        path = write_either(Path(folder, "recording"), some, seed)
        with closing(Recording(path)) as recording:
            yield recording


def plain(activity: int, line: Line) -> Expected:
    return Expected(
        activity,
        *(line.number, line.at, line.wall, line.connection, line.kind, line.peer),
        *(line.data, line.carry, line.first, line.chunk_size),
    )


@given(chunks, seeds, st.data())
def test_every_line_stands_once_in_order_of_time(
    some: list[Chunk], seed: int, data: st.DataObject
) -> None:
    with opened(some, seed) as recording:
        order, wanted = Timeline(recording), expected(some)
        placed = [*order.lines(recording, range(order.total))]
        assert [one.position for one in placed] == [*range(len(wanted))]
        assert [plain(one.activity, one.line) for one in placed] == wanted
        every = [*range(order.total)]
        few = data.draw(st.lists(st.sampled_from(every), unique=True).map(sorted)) if every else []
        assert [*order.lines(recording, few)] == [placed[position] for position in few]


@given(chunks, seeds, st.data())
def test_a_page_of_an_activity_begins_anywhere(
    some: list[Chunk], seed: int, data: st.DataObject
) -> None:
    with opened(some, seed) as recording:
        wanted = expected(some)
        counts = {one.activity: one.number + 1 for one in wanted}
        assert recording.activities() == counts
        for activity, count in counts.items():
            own = [one for one in wanted if one.activity == activity]
            first = data.draw(st.integers(0, count))
            last = data.draw(st.integers(first, count))
            read = [plain(activity, line) for line in recording.read(activity, first, last)]
            assert read == own[first:last]
            sizes = [
                sum(len(chunk.data) for chunk in some if (chunk.activity, chunk.kind % 2) == way)
                for way in ((activity, 1), (activity, 0))
                if not any(chunk.kind > 2 for chunk in some)
            ]
            assert not sizes or recording.sizes(activity) == tuple(sizes)


@given(chunks, seeds, st.integers(1, 3))
def test_of_a_long_line_as_much_is_read_as_is_wanted(
    some: list[Chunk], seed: int, limit: int
) -> None:
    with opened(some, seed) as recording:
        order = Timeline(recording)
        whole = [one.line for one in order.lines(recording, range(order.total))]
        short = [one.line for one in order.lines(recording, range(order.total), limit)]
        assert short == [
            line._replace(data=line.data[:limit], more=max(len(line.data) - limit, 0))
            for line in whole
        ]


@given(chunks, seeds, st.sampled_from([b"o", b"e", b"\n"]), st.sets(st.integers(1, 4)))
def test_a_search_finds_what_stands_there(
    some: list[Chunk], seed: int, wanted: bytes, only: set[int]
) -> None:
    with opened(some, seed) as recording:
        order = Timeline(recording, only)
        placed = [*order.lines(recording, range(order.total))]
        assert {one.activity for one in placed} <= only
        found = find(recording, order, Query(hex=wanted))
        assert [*found] == [one.position for one in placed if wanted in one.line.data]


@given(chunks, seeds, st.integers(-1, 31))
def test_a_moment_leads_to_its_line(some: list[Chunk], seed: int, second: int) -> None:
    with opened(some, seed) as recording:
        order, wanted = Timeline(recording), expected(some)
        if not wanted:
            assert order.at(recording, 0.0) == 0
            return
        wall = wanted[0].wall + second
        later = [position for position, one in enumerate(wanted) if one.wall >= wall]
        assert order.at(recording, wall) == (later or [order.total - 1])[0]


@given(unordered)
def test_in_version_1_a_clock_may_have_gone_back(some: list[Chunk]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_1(Path(folder, "recording"), some)
        with closing(Recording(path)) as recording:
            order = Timeline(recording)
            placed = [*order.lines(recording, range(order.total))]
            assert [one.position for one in placed] == [*range(order.total)]
            for activity, rows in recording.activities().items():
                own = [one.line for one in placed if one.activity == activity]
                assert own == recording.lines(activity, 0, rows)
            latest: dict[int, float] = {}
            times = []
            for _position, activity, line in placed:  # its line came later
                latest[activity] = max(line.at, latest.get(activity, line.at))
                times.append(latest[activity])
            assert times == sorted(times)


def test_a_recording_of_nothing_has_no_lines() -> None:
    for seed in range(10):
        with opened([], seed) as recording:
            order = Timeline(recording)
            assert order.total == 0
            assert [*order.lines(recording, range(0))] == []


def test_a_chunk_of_millions_of_lines_is_read_without_a_list_of_them(tmp_path: Path) -> None:
    path = write_2(tmp_path / "r", [Chunk(b"\n" * 3_000_000)])
    with closing(Recording(path)) as recording:
        lines = Timeline(recording)
        tracemalloc.start()
        try:
            first = next(lines.lines(recording, range(lines.total)))
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (lines.total, first.line.data) == (3_000_000, b"\n")
    assert peak < 30_000_000
