"""A recording in a window of its own: one timeline, a list in both languages, no dead button."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gui.recording_window import RecordingView, RecordingWindow
from netlib.recording import opening
from netlib.recording.opening import Contents, open_contents
from netlib.recording.reader import Recording
from tests.captures import packets
from tests.gui.window import Window, cells, drawn, told, words_in
from tests.recordings import record
from tests.unit.test_models_archive import CLIENT, SERVER, lesson


@pytest.fixture
def opened(window: Window, tmp_path: Path) -> Iterator[RecordingView]:
    path = record(tmp_path / "lesson.socketboard", lesson())
    found = window.app.recording_files.open(path)
    yield shown(window, found)
    found.close()


def shown(window: Window, found: RecordingWindow) -> RecordingView:
    """Wait for the rows of a recording."""
    window.wait(lambda: found.view)
    view = found.view
    assert view is not None
    window.wait(lambda: "hello" in drawn(view.pane.traffic.text))
    return view


def ends(shown: RecordingView) -> list[str]:
    return [line[:3] for line in drawn(shown.pane.traffic.text).splitlines()]


def test_both_ends_are_one_timeline_and_one_can_be_chosen(
    window: Window, opened: RecordingView
) -> None:
    assert ends(opened) == ["▌01", "▌02", "▌02", "▌02", "▌01", "▌01", "▌02"]
    opened.table.choose([str(SERVER)])
    opened.table.event_generate("<<TableChosen>>")
    window.wait(lambda: ends(opened) == ["▌01"] * 3)
    opened.table.choose([str(SERVER), str(CLIENT)])
    opened.table.event_generate("<<TableChosen>>")
    window.wait(lambda: len(ends(opened)) == 7)


def test_the_list_names_servers_and_clients_in_the_language_of_the_moment(
    window: Window, opened: RecordingView
) -> None:
    names = [row[1] for row in cells(opened.table)]
    assert names == ["server acknowledge :8080", "client → localhost:8080"]
    window.app.switch_language()
    names = [row[1] for row in cells(opened.table)]
    assert names == ["服务器 acknowledge :8080", "客户端 → localhost:8080"]
    window.app.switch_language()


def test_nothing_is_offered_that_means_nothing_in_a_file(
    window: Window, opened: RecordingView
) -> None:
    window.settle()
    words = words_in(opened.pane)
    assert "Clear" not in words
    assert "Export…" in words
    follow = [one for one in opened.pane.traffic.winfo_children() if one.winfo_class() == "TButton"]
    assert not any(button.winfo_ismapped() for button in follow)


def test_what_cannot_be_opened_leaves_no_window(window: Window, tmp_path: Path) -> None:
    window.go("server")
    before = window.root.winfo_children()
    found = window.app.recording_files.open(tmp_path / "absent.socketboard")
    window.wait(lambda: not found.winfo_exists())
    assert "absent.socketboard does not exist." in told(window.server.banner)
    assert window.root.winfo_children() == before


@pytest.mark.skipif(sys.platform == "win32", reason="there are no FIFOs")
def test_what_is_no_file_is_told_and_the_window_goes_on(window: Window, tmp_path: Path) -> None:
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "fifo.socketboard")
    window.go("server")
    found = window.app.recording_files.open(tmp_path / "fifo.socketboard")
    window.wait(lambda: not found.winfo_exists())
    assert "fifo.socketboard is not a Socketboard recording." in told(window.server.banner)


def test_a_window_may_be_closed_while_its_recording_is_being_opened(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    def slowly(path: Path, _cancelled: Callable[[], bool]) -> Contents:
        go.wait()
        return open_contents(path)

    monkeypatch.setattr(opening, "open_contents", slowly)
    path = record(tmp_path / "lesson.socketboard", lesson())
    closed, stays = (window.app.recording_files.open(path) for _time in range(2))
    window.settle()
    assert words_in(closed) == words_in(stays) == ["Opening…"]
    closed.close()
    go.set()
    shown(window, stays)
    stays.close()


def test_what_took_too_long_to_list_is_told(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def some(recording: Recording) -> dict[int, int]:
        recording.complete = False
        return {SERVER: 3}

    monkeypatch.setattr(Recording, "activities", some)
    found = window.app.recording_files.open(record(tmp_path / "a.socketboard", lesson()))
    view = shown(window, found)
    assert [row[:2] for row in cells(view.table)] == [
        ("01", "server acknowledge :8080"),
        ("", "… and more: reading takes too long"),
    ]
    found.close()


def test_packets_are_exported_of_all_rows_or_of_those_selected(
    window: Window, opened: RecordingView, tmp_path: Path
) -> None:
    pane, places = opened.pane, {"all": tmp_path / "a.pcapng", "one": tmp_path / "b.PCAPNG"}
    pane.export(places["all"])
    window.wait(places["all"].exists)
    data = [one.data for one in packets(places["all"].read_bytes()) if one.data]
    assert data == [b"hello\n"] * 2 + [b"received: hello\n"] * 2
    pane.traffic._view.selection.choose(4)
    pane.export(places["one"])
    status = window.app.main_window.status
    window.wait(lambda: "2 packets written to b.PCAPNG" in " ".join(words_in(status)))
    assert [one.data for one in packets(places["one"].read_bytes())] == [b"hello\n", b""]
