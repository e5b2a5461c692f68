"""What the commands that write a recording share."""

from __future__ import annotations

from pathlib import Path

import pytest

from netlib.cli import exporting
from netlib.cli.console import UsageError
from netlib.recording.export import export
from netlib.recording.reader import RecordingError
from tests.recordings import never, order


def test_a_recording_that_breaks_while_it_is_read_is_named(lesson: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"lesson\.sqlite cannot be read: the disk is gone"),
        exporting.opened(str(lesson)),
    ):
        raise RecordingError("the disk is gone")


def test_what_is_searched_for_is_read_or_the_option_is_named() -> None:
    assert exporting.query(None, "utf-8") is None
    found = exporting.query("dir:in 你好", "utf-8")
    assert found is not None
    assert found.text == "你好"
    with pytest.raises(UsageError, match=r"^--search: conn: "):
        exporting.query("conn:x", "utf-8")


def test_too_many_calls_for_a_capture_are_refused_and_nothing_is_left(
    lesson: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netlib.recording.calls.MOST_CALLS", 2)
    with pytest.raises(RecordingError, match="more than"):
        export(order(lesson, "pcapng"), tmp_path / "a.pcapng", lambda _share: None, never)
    assert [place.name for place in tmp_path.iterdir()] == ["in"]
