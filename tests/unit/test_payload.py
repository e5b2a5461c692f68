"""The bytes of a page beside its recording: as many as are wanted, or none at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from netlib.recording import payload
from netlib.recording.page import Page
from netlib.recording.payload import MissingError, Payload, Segments
from netlib.recording.schema import segment_path

BYTES = bytes(range(200))


def page(segment: int = 1, offset: int = 10, size: int = 100) -> Page:
    numbers = (1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0)
    return Page(*numbers, size, segment, offset, b"", b"", b"", None, None)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "r.socketboard"
    for number in range(1, 9):
        segment_path(path, number).write_bytes(BYTES)
    return path


@pytest.fixture
def segments(recording: Path) -> Iterator[Segments]:
    with closing(Segments(recording)) as segments:
        yield segments


@pytest.fixture(params=[0, 1 << 20], autouse=True)
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "AT_ONCE", request.param)


def test_any_part_of_a_page_is_read(segments: Segments) -> None:
    found = segments.payload(page())
    assert found.whole() == BYTES[10:110]
    assert found.part(5, 8) == BYTES[15:18]
    found.hold(20, 40)
    assert (found.part(20, 40), found.part(19, 41)) == (BYTES[30:50], BYTES[29:51])
    assert found.part(7, 7) == b""


def test_what_is_held_is_not_read_again() -> None:
    asked = []

    def read(start: int, stop: int) -> bytes:
        asked.append((start, stop))
        return BYTES[start:stop]

    found = Payload(200, read)
    found.hold(0, 200)
    assert (found.part(3, 5), found.whole()) == (BYTES[3:5], BYTES)
    assert asked == [(0, 200)]


def test_many_segments_are_read_and_few_are_open(segments: Segments) -> None:
    for number in (*range(1, 9), 1):
        assert segments.payload(page(number)).part(0, 2) == BYTES[10:12]


def test_what_is_gone_or_cut_short_is_missing(segments: Segments, recording: Path) -> None:
    for wrong in (page(9), page(1, 150), page(1, 1 << 60), page(1, 0, 201)):
        with pytest.raises(MissingError):
            segments.payload(wrong)
    os.truncate(segment_path(recording, 2), 50)
    with pytest.raises(MissingError):
        segments.payload(page(2))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no FIFOs")
def test_what_is_no_file_is_not_waited_for(segments: Segments, recording: Path) -> None:
    if sys.platform != "win32":
        os.mkfifo(segment_path(recording, 10))
    segment_path(recording, 11).symlink_to(segment_path(recording, 1))
    segment_path(recording, 12).mkdir()
    for number in (10, 11, 12):
        with pytest.raises(MissingError):
            segments.payload(page(number))


def test_a_segment_has_the_name_of_its_recording_and_a_number() -> None:
    assert segment_path(Path("a/b.socketboard"), 7) == Path("a/b.socketboard.0007")
