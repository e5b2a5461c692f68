"""Where files cannot be: a name too long, no room, no right, no folder for temporary files."""

from __future__ import annotations

import errno
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NoReturn

import pytest

from gui.models.crash_recovery import new_folder
from gui.settings import Settings
from netlib.recording.export import Export, ExportOptions
from netlib.recording.journal import Journal
from netlib.recording.reader import Recording, open_recording
from netlib.recording.save_copy import SaveCopy
from netlib.recording.timeline import Timeline
from netlib.system.background import Background
from tests.helpers import wait_until
from tests.recordings import all_lines, chunk, record
from tests.records import put

LONG = "x" * 300


def outcome(job: Background) -> str:
    wait_until(lambda: job.outcome is not None, what="an outcome")
    return job.outcome or ""


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """Return a recording of one line, in a folder of its own."""
    folder = tmp_path / "lesson"
    folder.mkdir()
    return record(folder / "a.socketboard", [chunk(b"one\n")])


def exported(recording: Path, to: Path) -> str:
    with closing(Recording(recording)) as opened:
        wanted = ExportOptions(recording=recording, lines=Timeline(opened), format="text")
        return outcome(Export(wanted, to))


def test_a_name_too_long_is_told_in_one_sentence(lesson: Path, tmp_path: Path) -> None:
    told = [
        outcome(SaveCopy(lesson, tmp_path / LONG)),
        exported(lesson, tmp_path / LONG),
    ]
    with pytest.raises(ValueError, match=r"cannot be opened|does not exist") as caught:
        open_recording(tmp_path / LONG)
    for sentence in (*told, str(caught.value)):
        assert "too long" in sentence or sys.platform == "win32"  # there it says "not found"
        assert "\n" not in sentence
    assert [place.name for place in tmp_path.iterdir()] == ["lesson"]


@pytest.mark.parametrize(
    ("code", "words"), [(errno.EROFS, "may not be written there"), (errno.ENOSPC, "disk is full")]
)
def test_a_stick_that_is_full_or_only_for_reading_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, lesson: Path, tmp_path: Path, code: int, words: str
) -> None:
    def refuse(**_where: object) -> NoReturn:
        raise OSError(code, "words of the system")

    old = tmp_path / "old"
    old.write_bytes(b"as it was")
    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    for sentence in (outcome(SaveCopy(lesson, old)), exported(lesson, old)):
        assert sentence.startswith("old could not be written: ")
        assert words in sentence
    assert old.read_bytes() == b"as it was"
    assert [line.data for line in all_lines(lesson)] == [b"one\n"]


def test_no_folder_for_temporary_files_is_needed(
    monkeypatch: pytest.MonkeyPatch, lesson: Path, tmp_path: Path
) -> None:
    def refuse() -> NoReturn:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", refuse)
    settings = Settings(tmp_path / "settings.json")
    settings.set("window.dark", True)
    assert settings.save()
    held = new_folder(tmp_path / "state")
    held.remove()
    assert outcome(SaveCopy(lesson, tmp_path / "copy")) == "The recording is kept in copy"
    assert exported(lesson, tmp_path / "rows.txt") == "1 rows written to rows.txt"


def test_a_recording_can_be_opened_twice_and_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "live.sqlite"
    with ExitStack() as stack:
        journal = stack.enter_context(closing(Journal(path)))
        both = [stack.enter_context(closing(open_recording(path))) for _ in range(2)]
        put(journal, chunk(b"one\n"))
        assert journal.flush()
        for opened in both:
            assert [line.data for line in opened.lines(1, 0, 10)] == [b"one\n"]
        assert journal.close()
        for opened in (*both, stack.enter_context(closing(open_recording(path)))):
            assert [line.data for line in opened.lines(1, 0, 10)] == [b"one\n"]
