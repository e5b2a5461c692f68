"""A ladder as a file: whole or not at all, its owner's alone, and a sentence whatever happens."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netlib.i18n import set_language
from netlib.recording import ladder_file
from netlib.recording.calls import CallIndex
from netlib.recording.ladder_file import LadderFile, write_whole, written
from netlib.recording.places import places_of_calls
from netlib.system.background import Background
from netlib.teaching.ladder_text import TextOptions
from tests.helpers import wait_until
from tests.ladders import both, opened, received, sent
from tests.recordings import record

OPTIONS = TextOptions({})


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    items = [*both(), sent("你好\n".encode()), received("你好\n".encode())]
    return record(tmp_path / "in" / "r.sqlite", items)


@pytest.fixture
def index(lesson: Path) -> CallIndex:
    with opened(lesson) as found:
        return found.index


def outcome(running: Background) -> str:
    wait_until(lambda: running.outcome is not None, what="the end of the file")
    return running.outcome or ""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_calls_are_a_picture_with_their_words(
    lesson: Path, index: CallIndex, tmp_path: Path
) -> None:
    target = tmp_path / "梯子.svg"
    said = outcome(LadderFile(lesson, index, places_of_calls(range(6)), OPTIONS, target))
    assert said == "梯子.svg was written."
    drawn = target.read_text("utf-8")
    assert drawn.startswith("<?xml")
    assert "你好" in drawn
    assert "recv 7 B" in drawn


def test_only_the_calls_that_are_wanted_are_in_it(
    lesson: Path, index: CallIndex, tmp_path: Path
) -> None:
    target = tmp_path / "a.svg"
    outcome(LadderFile(lesson, index, places_of_calls([2, 3]), OPTIONS, target))
    assert "你好" not in target.read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_it_is_its_owners_alone(lesson: Path, index: CallIndex, tmp_path: Path) -> None:
    target = tmp_path / "a.svg"
    outcome(LadderFile(lesson, index, places_of_calls(range(6)), OPTIONS, target))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["missing/a.svg", "folder"])
def test_a_place_that_cannot_be_written_is_named(
    lesson: Path, index: CallIndex, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    said = outcome(LadderFile(lesson, index, places_of_calls(range(6)), OPTIONS, tmp_path / name))
    assert said.startswith(f"{Path(name).name} could not be written: ")
    assert names(tmp_path) == ["folder", "in"]
    assert names(tmp_path / "folder") == []


def test_a_recording_that_has_gone_leaves_what_was_there(
    lesson: Path, index: CallIndex, tmp_path: Path
) -> None:
    lesson.unlink()
    target = tmp_path / "a.svg"
    target.write_text("old")
    said = outcome(LadderFile(lesson, index, places_of_calls(range(6)), OPTIONS, target))
    assert said.startswith("a.svg could not be written: The recording cannot be read: ")
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.svg", "in"]


def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path) -> None:
    target = Path("/dev/full")
    if not target.exists():
        target = tmp_path / "missing" / "a.svg"
    said = outcome(written(target, lambda: b"x" * 100_000))
    assert said.startswith(f"{target.name} could not be written: ")
    assert names(tmp_path) == []


def test_one_that_is_given_up_is_not_written(
    lesson: Path, index: CallIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.svg"
    begun: list[Background] = []

    def slow(*_what: object) -> str:
        wait_until(lambda: begun and begun[0].cancelled())
        return "<svg/>"

    monkeypatch.setattr(ladder_file, "svg", slow)
    begun.append(LadderFile(lesson, index, places_of_calls(range(6)), OPTIONS, target))
    assert begun[0].cancel(5.0)
    assert outcome(begun[0]) == "Cancelled: a.svg was not written."
    assert names(tmp_path) == ["in"]


def test_a_picture_that_is_made_already_is_written(tmp_path: Path) -> None:
    assert outcome(written(tmp_path / "a.png", lambda: b"\x89PNG")) == "a.png was written."
    assert (tmp_path / "a.png").read_bytes() == b"\x89PNG"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["a"]
    with pytest.raises(OSError, match=os.strerror(2)):
        write_whole(tmp_path / "missing" / "a", b"x")
