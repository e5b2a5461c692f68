"""Rows of a recording in other programs' forms: whole files, or none and a sentence."""

from __future__ import annotations

import base64
import csv
import errno
import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from netlib.address import Endpoint
from netlib.recording.export import WRITERS, Export, ExportOptions, export, files
from netlib.recording.export.csv import COLUMNS
from netlib.recording.export.text import TextWriter
from netlib.recording.query import Query
from netlib.recording.reader import Recording
from netlib.recording.row_index import Span
from netlib.recording.search import find
from netlib.teaching.lines import FORMATS, Format, format_line
from tests.helpers import wait_until
from tests.recordings import OUT, accepted, all_lines, chunk, record, spans
from tests.samples import THERE

NTP = Endpoint("10.0.0.9", 123)


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """Record five rows: an event, two received lines, a sent line and a datagram."""
    folder = tmp_path / "in"
    folder.mkdir()
    return record(
        folder / "lesson.sqlite",
        [
            accepted(THERE),
            chunk("=1+1\n你好\r\n".encode()),
            chunk(b"\x00-2\n", OUT),
            chunk(b"@x", connection=0, peer=NTP),
        ],
    )


def order(recording: Path, form: Format, **more: Any) -> ExportOptions:
    return ExportOptions(recording=recording, spans=spans(recording), format=form, **more)


def names(folder: Path) -> list[str]:
    return sorted(place.name for place in folder.iterdir())


def never() -> bool:
    return False


def written(wanted: ExportOptions, path: Path) -> bytes:
    export(wanted, path, lambda _share: None, never)
    return path.read_bytes()


def table(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(keepends=True)))


def test_every_format_that_is_offered_has_a_writer() -> None:
    assert tuple(WRITERS) == FORMATS


def test_text_is_the_log_as_it_is_shown(lesson: Path, tmp_path: Path) -> None:
    lines = all_lines(lesson)
    shown = [
        format_line(line, before, "log", "utf-8", peers=True)[1]
        for before, line in zip([None, *lines], lines, strict=False)
    ]
    assert written(order(lesson, "text"), tmp_path / "a.txt").decode().splitlines() == shown
    assert "[::1]:53122" in shown[1]


def test_a_table_has_a_row_a_line_and_no_formula(lesson: Path, tmp_path: Path) -> None:
    head, *rows = table(written(order(lesson, "csv"), tmp_path / "a.csv").decode())
    assert tuple(head) == COLUMNS
    assert [row[3:] for row in rows] == [
        ["event", "[::1]:53122", "", "accepted [::1]:53122", ""],
        ["received", "[::1]:53122", "5", "'=1+1\\n", "3d 31 2b 31 0a"],
        ["received", "[::1]:53122", "8", "你好\\r\\n", "e4 bd a0 e5 a5 bd 0d 0a"],
        ["sent", "[::1]:53122", "4", "\\x00-2\\n", "00 2d 32 0a"],
        ["received", "10.0.0.9:123", "2", "'@x", "40 78"],
    ]
    assert {row[1] for row in rows} == {"1"}


@pytest.mark.parametrize("formula", ["=A1", "+1", "-1", "@SUM(A1)"])
def test_no_peer_writes_a_formula_into_a_spreadsheet(tmp_path: Path, formula: str) -> None:
    recording = record(tmp_path / "r.sqlite", [chunk(formula.encode())])
    rows = table(written(order(recording, "csv"), tmp_path / "a.csv").decode())
    assert rows[1][6] == f"'{formula}"


def test_json_lines_hold_bytes_and_text(lesson: Path, tmp_path: Path) -> None:
    objects = [
        json.loads(line)
        for line in written(order(lesson, "jsonl"), tmp_path / "a.jsonl").splitlines()
    ]
    event, first, *_others, last = objects
    assert (event["kind"], event["event"], event["peer"]) == ("event", "accepted", "[::1]:53122")
    assert (first["direction"], first["size"], first["text"]) == ("received", 5, "=1+1\n")
    assert last["peer"] == "10.0.0.9:123"
    data = [base64.b64decode(one["data"]) for one in objects if one["kind"] == "data"]
    assert data == [line.data for line in all_lines(lesson)[1:]]
    assert [one["at"] for one in objects] == sorted(one["at"] for one in objects)


def test_raw_is_the_bytes_of_each_direction(lesson: Path, tmp_path: Path) -> None:
    count = export(order(lesson, "raw"), tmp_path / "a.bin", lambda _share: None, never)
    assert count == 4
    assert (tmp_path / "a.received.bin").read_bytes() == "=1+1\n你好\r\n@x".encode()
    assert (tmp_path / "a.sent.bin").read_bytes() == b"\x00-2\n"
    assert sorted(files("raw", Path("b")).values()) == [Path("b.received.bin"), Path("b.sent.bin")]


def test_what_a_search_found_is_written_alone(lesson: Path, tmp_path: Path) -> None:
    with closing(Recording(lesson)) as recording:
        found = find(recording, spans(lesson), Query(hex=b"2"))
    text = written(order(lesson, "csv", positions=found), tmp_path / "a.csv").decode()
    assert [row[3] for row in table(text)[1:]] == ["sent"]


def test_a_range_of_a_view_is_written_alone(lesson: Path, tmp_path: Path) -> None:
    wanted = ExportOptions(
        recording=lesson, spans=(Span(1, 1, 5),), positions=range(1, 3), format="text"
    )  # fmt: skip
    text = written(wanted, tmp_path / "a.txt").decode()
    assert [line.rpartition(" ")[2] for line in text.splitlines()] == ["你好\\r\\n", "\\x00-2\\n"]


def test_rows_that_there_are_not_are_refused(lesson: Path, tmp_path: Path) -> None:
    wanted = order(lesson, "text", positions=range(3, 9))
    with pytest.raises(ValueError, match="5 lines"):
        export(wanted, tmp_path / "a.txt", lambda _share: None, never)
    assert names(tmp_path) == ["in"]


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_selection_is_an_empty_file(lesson: Path, tmp_path: Path, form: Format) -> None:
    assert (
        export(order(lesson, form, positions=range(0)), tmp_path / "a", lambda _share: None, never)
        == 0
    )
    assert len(names(tmp_path)) == (3 if form == "raw" else 2)


@pytest.mark.parametrize("form", FORMATS)
def test_cancelling_leaves_what_was_there(lesson: Path, tmp_path: Path, form: Format) -> None:
    for place in files(form, tmp_path / "a").values():
        place.write_text("old")
    before = names(tmp_path)
    assert export(order(lesson, form), tmp_path / "a", lambda _share: None, lambda: True) is None
    assert names(tmp_path) == before
    assert {place.read_text() for place in files(form, tmp_path / "a").values()} == {"old"}


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    recording = record(tmp_path / "r.sqlite", [chunk(b"x\n" * 1000)])
    told: list[float] = []
    export(order(recording, "text"), tmp_path / "a", told.append, never)
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert told == sorted(told)
    assert len(told) > 3


def outcome(running: Export) -> str:
    wait_until(lambda: running.outcome is not None, what="the end of the export")
    return running.outcome or ""


def test_an_export_in_a_thread_tells_its_end(lesson: Path, tmp_path: Path) -> None:
    running = Export(order(lesson, "text"), tmp_path / "流量.txt")
    assert outcome(running) == "5 rows written to 流量.txt"
    assert running.progress == 1.0


@pytest.mark.parametrize("name", ["missing/a.txt", "folder"])
def test_a_place_that_cannot_be_written_is_named(lesson: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    told = outcome(Export(order(lesson, "text"), tmp_path / name))
    assert told.startswith(f"{Path(name).name} could not be written: ")
    assert names(tmp_path) == ["folder", "in"]


def test_a_full_disk_is_a_sentence(
    lesson: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_row: object) -> bytes:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(TextWriter, "row", no_room)
    assert "The disk is full." in outcome(Export(order(lesson, "text"), tmp_path / "a.txt"))
    assert names(tmp_path) == ["in"]


def test_a_recording_that_has_gone_is_a_sentence(lesson: Path, tmp_path: Path) -> None:
    wanted = order(lesson, "text")
    lesson.unlink()
    assert "cannot be read" in outcome(Export(wanted, tmp_path / "a.txt"))


def test_a_cancelled_export_says_so(lesson: Path, tmp_path: Path) -> None:
    running = Export(order(lesson, "text"), tmp_path / "a.txt")
    running.cancel()
    written_whole = (tmp_path / "a.txt").exists()  # it may have been quicker
    assert outcome(running) == (
        "5 rows written to a.txt" if written_whole else "Cancelled: a.txt was not written."
    )
