"""Rows of a recording in other programs' forms: whole files, or none and a sentence."""

from __future__ import annotations

import errno
import os
from contextlib import closing
from pathlib import Path

import pytest

from netlib.recording.export import WRITERS, Export, ExportOptions, export, files
from netlib.recording.export.text import TextWriter
from netlib.recording.query import Query
from netlib.recording.reader import Recording
from netlib.recording.row_index import Span
from netlib.recording.search import find
from netlib.teaching.lines import FORMATS, Format
from tests.helpers import wait_until
from tests.recordings import chunk, never, order, record, spans, table, written


def names(folder: Path) -> list[str]:
    return sorted(place.name for place in folder.iterdir())


def test_every_format_that_is_offered_has_a_writer() -> None:
    assert tuple(WRITERS) == FORMATS


def test_what_a_search_found_is_written_alone(lesson: Path, tmp_path: Path) -> None:
    with closing(Recording(lesson)) as recording:
        found = find(recording, spans(lesson), Query(hex=b"2"))
    text = written(order(lesson, "csv", positions=found), tmp_path / "a.csv").decode()
    assert [row[3] for row in table(text)[1:]] == ["sent"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
@pytest.mark.parametrize("form", FORMATS)
def test_an_export_is_its_owners_alone(lesson: Path, tmp_path: Path, form: Format) -> None:
    export(order(lesson, form), tmp_path / "a", lambda _share: None, never)
    made = set(files(form, tmp_path / "a").values())
    assert {place.stat().st_mode & 0o777 for place in made} == {0o600}


def test_a_range_of_a_view_is_written_alone(lesson: Path, tmp_path: Path) -> None:
    wanted = ExportOptions(
        recording=lesson, lines=(Span(1, 1, 5),), positions=range(1, 3), format="text"
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
    assert "The disk is full (ENOSPC" in outcome(Export(order(lesson, "text"), tmp_path / "a.txt"))
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
