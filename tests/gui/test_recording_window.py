"""A recording in a window of its own: one timeline, a list in both languages, no dead button."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.recording_window import RecordingWindow
from tests.gui.window import Window, cells, drawn, words_in
from tests.recordings import record
from tests.unit.test_models_archive import CLIENT, SERVER, lesson


@pytest.fixture
def opened(window: Window, tmp_path: Path) -> Iterator[RecordingWindow]:
    path = record(tmp_path / "lesson.socketboard", lesson())
    found = window.app.recording_files.open(path)
    assert found is not None
    window.wait(lambda: "hello" in drawn(found.pane.traffic.text))
    yield found
    found.close()


def ends(shown: RecordingWindow) -> list[str]:
    return [line[:3] for line in drawn(shown.pane.traffic.text).splitlines()]


def test_both_ends_are_one_timeline_and_one_can_be_chosen(
    window: Window, opened: RecordingWindow
) -> None:
    assert ends(opened) == ["▌01", "▌02", "▌02", "▌02", "▌01", "▌01", "▌02"]
    opened.table.choose([str(SERVER)])
    opened.table.event_generate("<<TableChosen>>")
    window.wait(lambda: ends(opened) == ["▌01"] * 3)
    opened.table.choose([str(SERVER), str(CLIENT)])
    opened.table.event_generate("<<TableChosen>>")
    window.wait(lambda: len(ends(opened)) == 7)


def test_the_list_names_servers_and_clients_in_the_language_of_the_moment(
    window: Window, opened: RecordingWindow
) -> None:
    names = [row[1] for row in cells(opened.table)]
    assert names == ["server acknowledge :8080", "client → localhost:8080"]
    window.app.switch_language()
    names = [row[1] for row in cells(opened.table)]
    assert names == ["服务器 acknowledge :8080", "客户端 → localhost:8080"]
    window.app.switch_language()


def test_nothing_is_offered_that_means_nothing_in_a_file(
    window: Window, opened: RecordingWindow
) -> None:
    window.settle()
    words = words_in(opened.pane)
    assert "Clear" not in words
    assert "Export…" in words
    follow = [one for one in opened.pane.traffic.winfo_children() if one.winfo_class() == "TButton"]
    assert not any(button.winfo_ismapped() for button in follow)
