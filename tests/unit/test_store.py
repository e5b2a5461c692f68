"""The files of a recording that is written: what the quota takes, and what stands where."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from netlib.recording.page import Page, column
from netlib.recording.schema import segment_path
from netlib.recording.store import FLOWS_AT_ONCE, SEGMENTS, STEPS, Store

QUOTA = 4 << 20


def page(number: int, size: int) -> Page:
    """Return a page of one chunk."""
    return Page(
        activity=1,
        line=number,
        lines=1,
        chunks=1,
        number=number,
        last=number,
        at=number,
        until=number,
        wall=0,
        received=size,
        sent=0,
        times=column([0]),
        codes=column([number * 8 + 1]),
        ends=column([size]),
        line_ends=None,
        numbers=None,
        size=size,
        segment=None,
        offset=0,
    )


@pytest.mark.parametrize("segmented", [False, True])
def test_past_the_quota_the_oldest_parts_go_with_all_that_belongs_to_them(
    tmp_path: Path, segmented: bool
) -> None:
    path, size = tmp_path / "r", 50_000
    store = Store(path, QUOTA, segmented=segmented)
    for number in range(1, 201):
        written = store.append(page(number, size), [b"x" * size])
        store.commit([written], [(number, 1, number, None)], [number])
        assert sum(place.stat().st_size for place in tmp_path.glob("r.*")) <= QUOTA
    store.close()
    with closing(sqlite3.connect(path)) as db:
        pages = db.execute("SELECT number, segment FROM page ORDER BY id").fetchall()
        flows = [number for (number,) in db.execute("SELECT id FROM flow ORDER BY id")]
    kept = [number for number, _segment in pages]
    assert kept == flows == list(range(store.trimmed + 1, 201))
    assert len(kept) * size > QUOTA * (SEGMENTS - 3) // SEGMENTS
    there = {place.name for place in tmp_path.glob("r.*")}
    named = {segment_path(path, segment).name for _number, segment in pages if segment is not None}
    assert named <= there
    assert len(there) <= len(named) + 1  # the newest may be empty


@pytest.mark.parametrize("more", [-1, 0, 1, FLOWS_AT_ONCE])
def test_many_flows_that_come_at_once_are_all_there(tmp_path: Path, more: int) -> None:
    store = Store(tmp_path / "r", None, segmented=False)
    flows = [(number, 1, 2 * number, f"peer {number}") for number in range(FLOWS_AT_ONCE + more)]
    store.commit([], flows, [])
    store.close()
    with closing(sqlite3.connect(tmp_path / "r")) as db:
        assert db.execute("SELECT * FROM flow ORDER BY id").fetchall() == flows


@pytest.mark.parametrize("most", [1, 3, 5, 100])
def test_what_the_disk_takes_in_parts_is_there_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    def takes_little(file: int, pieces: Sequence[memoryview]) -> int:
        return os.write(file, b"".join(pieces)[:most])

    monkeypatch.setattr("netlib.recording.store._writev", takes_little)
    store = Store(tmp_path / "r", None, segmented=True)
    pieces = [b"one", b"", b"three and four", b"5", b"", b""]
    whole = b"".join(pieces)
    first = store.append(page(0, len(whole)), pieces)
    second = store.append(page(1, len(whole)), pieces[::-1])
    store.close()
    there = segment_path(tmp_path / "r", 1).read_bytes()
    assert there[first.offset : second.offset] == whole
    assert there[second.offset :] == b"".join(pieces[::-1])


@pytest.mark.parametrize("refused", [False, True])
def test_room_that_was_taken_ahead_and_not_needed_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: bool
) -> None:
    def allocate(file: int, start: int, size: int) -> None:
        if refused:  # as ext4 does on a disk that is nearly full: it keeps what there was
            os.ftruncate(file, start + size // 2)
            raise OSError(errno.ENOSPC, "the disk is full")
        os.ftruncate(file, start + size)

    monkeypatch.setattr("netlib.recording.store._allocate", allocate)
    step = QUOTA // SEGMENTS // STEPS
    store = Store(tmp_path / "r", QUOTA, segmented=True)
    segment, written = segment_path(tmp_path / "r", 1), b""
    for number in range(3):
        piece = bytes([number]) * (step // 2)
        store.append(page(number, len(piece)), [piece])
        written += piece
        size = segment.stat().st_size
        assert size == len(written) if refused else len(written) <= size <= len(written) + step
    store.close()
    assert segment.read_bytes() == written


def test_pages_without_payload_count_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "r", 1 << 20, segmented=True)
    for number in range(0, 20_000, 100):
        pages = [store.append(page(number + one, 0), []) for one in range(100)]
        store.commit(pages, [], [])
    store.close()
    assert store.trimmed > 0
    assert (tmp_path / "r").stat().st_size < 2 << 20


def test_of_more_than_the_quota_at_once_the_newest_stay(tmp_path: Path) -> None:
    store = Store(tmp_path / "r", 1 << 20, segmented=False)
    pages = [store.append(page(number, 10_000), [b"x" * 10_000]) for number in range(400)]
    store.commit(pages, [], [])
    store.close()
    with closing(sqlite3.connect(tmp_path / "r")) as db:
        kept = [number for (number,) in db.execute("SELECT number FROM page ORDER BY id")]
    assert kept == list(range(store.trimmed, 400))
    assert len(kept) > 40
