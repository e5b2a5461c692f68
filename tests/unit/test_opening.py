"""A recording is opened beside the window, and let go if nobody wants it any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from netlib.recording import opening
from netlib.recording.opening import Contents, Opening, open_contents
from netlib.recording.reader import RecordingError
from tests.helpers import wait_until
from tests.pages import Chunk, many_tables, same_rows_again, write_2


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_2(tmp_path / "r", [Chunk(b"one\n"), Chunk(b"two\n", activity=2)])


def is_closed(contents: Contents) -> bool:
    try:
        contents.recording.activities()
    except RecordingError as refusal:
        return "closed" in str(refusal)
    return False


def test_what_it_holds_is_told(path: Path) -> None:
    job = Opening(path)
    wait_until(lambda: job.outcome == "")
    assert job.contents is not None
    assert (job.contents.lines, job.contents.complete) == ({1: 1, 2: 1}, True)
    assert job.contents.everything.total == 2
    job.give_up()
    assert is_closed(job.contents)


def test_why_it_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    job = Opening(tmp_path / "absent")
    wait_until(lambda: job.outcome)
    assert (job.outcome, job.contents) == ("absent does not exist.", None)
    with pytest.raises(ValueError, match="does not exist"):
        open_contents(tmp_path / "absent")


def test_opening_ends_when_nobody_wants_it_any_more(path: Path) -> None:
    with pytest.raises(ValueError, match="r cannot be read: interrupted"):
        open_contents(many_tables(path, 300), lambda: True)


def test_a_file_whose_rows_come_again_is_not_opened(path: Path) -> None:
    with pytest.raises(ValueError, match="its rows are not in order"):
        open_contents(same_rows_again(path, "page"))


def test_what_comes_too_late_is_closed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def slowly(path: Path, _cancelled: Callable[[], bool]) -> Contents:
        go.wait()
        return open_contents(path)

    monkeypatch.setattr(opening, "open_contents", slowly)
    job = Opening(path)
    job.give_up()
    go.set()
    wait_until(lambda: job.outcome is not None)
    assert job.contents is not None
    assert is_closed(job.contents)
