"""Captured packets go into a recording and come out of it, and none goes without a count."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from netlib.recording.database import RecordingError
from netlib.recording.journal import Journal
from netlib.recording.packets import (
    MOST_WAITING,
    ROW_BYTES,
    CapturedPacket,
    PacketQueue,
    read_packets,
)
from netlib.recording.reader import Recording
from netlib.recording.save_copy import copy_recording


def packet(number: int, data: bytes = b"E\0") -> CapturedPacket:
    """Return one that is told from others by its time."""
    return CapturedPacket(number, 7, len(data), data)


def recorded(path: Path) -> list[CapturedPacket]:
    """Return what a recording holds."""
    with closing(Recording(path)) as recording:
        return [row for _id, row in recording.packets()]


def test_what_was_captured_is_read_while_the_recording_grows_and_later(tmp_path: Path) -> None:
    path = tmp_path / "some.socketboard"
    with closing(Journal(path)) as journal:
        journal.put_packets([packet(1), packet(2, b"")])
        assert journal.flush()
        with closing(Recording(path)) as recording:
            first = [*recording.packets()]
            assert [row for _id, row in first] == [packet(1), packet(2, b"")]
            journal.put_packets([packet(3)])
            assert journal.flush()
            assert [row for _id, row in recording.packets(first[-1][0])] == [packet(3)]
    assert recorded(path) == [packet(1), packet(2, b""), packet(3)]


def test_a_copy_has_the_packets_too_with_segments_and_without(tmp_path: Path) -> None:
    for segmented in (False, True):
        path, to = tmp_path / f"{segmented}", tmp_path / f"copy-{segmented}"
        with closing(Journal(path, segmented=segmented)) as journal:
            journal.put_packets([packet(1), CapturedPacket(5, 7, 40, None)])
            assert journal.flush()
            to.touch()
            copy_recording(path, to, lambda: False)
        assert recorded(to) == [packet(1), CapturedPacket(5, 7, 40, None)]


def test_packets_beyond_the_room_are_counted_in_their_place() -> None:
    queue = PacketQueue()
    large = packet(1, bytes(60_000))
    room = MOST_WAITING // (60_000 + ROW_BYTES)
    queue.put([large] * (room + 3))
    rows = queue.take()
    assert [row.data is None for row in rows] == [False] * room + [True]
    assert rows[-1].size == 3
    queue.put([packet(2)])
    assert queue.take() == [packet(2)]


def test_packets_take_a_quarter_of_a_quota_at_most() -> None:
    queue = PacketQueue(quota=4000)
    queue.put([packet(1, bytes(1000 - ROW_BYTES)), packet(2)])
    assert [row.size for row in queue.take()] == [1000 - ROW_BYTES, 1]


def test_what_the_capture_missed_stands_in_one_row() -> None:
    queue = PacketQueue()
    queue.put([CapturedPacket(1, 7, 10, None), CapturedPacket(2, 7, 5, None), packet(3)])
    (lost, kept) = queue.take()
    assert (lost, kept) == (CapturedPacket(2, 7, 15, None), packet(3))


def test_a_recording_from_before_has_none_and_a_damaged_row_is_one_that_was_missed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "old"
    with closing(Journal(path)) as journal:
        journal.put_packets([packet(1)])
        assert journal.flush()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO packet VALUES (9, 'soon', 0, -1, 7)")
    assert recorded(path)[1:] == [CapturedPacket(0, 0, 1, None)]
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TABLE packet")
    assert recorded(path) == []


def test_packets_of_a_recording_that_failed_are_waited_for_by_nobody(tmp_path: Path) -> None:
    path = tmp_path / "full"
    journal = Journal(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TABLE packet")
    journal.put_packets([packet(1)])
    journal.flush()
    journal.put_packets([packet(2)])
    assert journal.flush()
    assert journal.error is not None
    assert journal.close()


class Damaged:
    """A file whose rows come again whatever is asked for."""

    def rows(self, _statement: str, _values: object) -> list[tuple[int, int, int, int, bytes]]:
        """Return the same two rows."""
        return [(3, 0, 0, 1, b"E"), (3, 0, 0, 1, b"E")]


def test_rows_that_do_not_come_in_order_are_not_read_for_ever() -> None:
    with pytest.raises(RecordingError, match="not in order"):
        list(read_packets(Damaged(), 0, 10))  # type: ignore[arg-type]
    with pytest.raises(RecordingError, match="not in order"):
        list(read_packets(Damaged(), 3, 10))  # type: ignore[arg-type]
