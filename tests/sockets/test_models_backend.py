"""The backend: opened at its first use, whole or saying why, and closed without a trace."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from gui.models.backend import Backend
from gui.models.own_recording import begin_recording
from gui.models.server import ServerModel
from gui.models.traffic import TrafficRows
from netlib import ServerConfig
from netlib.recording import reader
from tests.backends import live, open_backend


def busy(*_arguments: object, **_options: object) -> None:
    raise reader.RecordingError("busy")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("gui.models.crash_recovery.state_folder", lambda: tmp_path)
    return tmp_path


def test_one_that_nobody_used_has_opened_nothing(folder: Path) -> None:
    before = threading.active_count()
    assert Backend().close()
    assert [*folder.iterdir()] == []
    assert threading.active_count() == before


def test_opening_gives_the_same_network_and_recording_every_time(folder: Path) -> None:
    with open_backend() as backend:
        assert backend.open() is backend.open()
        assert backend.recording is backend.open().recording.recording
        assert len([*folder.iterdir()]) == 1
    assert [*folder.iterdir()] == []


def test_a_recording_that_cannot_be_read_leaves_neither_thread_nor_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "Recording", busy)
    assert "busy" in begin_recording().refusal
    assert [*folder.iterdir()] == []
    assert "socketboard-journal" not in {thread.name for thread in threading.enumerate()}


def test_where_nothing_can_be_recorded_the_network_works_and_the_rest_says_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a file").touch()
    monkeypatch.setattr("gui.models.crash_recovery.state_folder", lambda: folder / "a file")
    with open_backend() as backend:
        assert "cannot be written" in backend.open().recording.refusal
        model = ServerModel(backend)
        model.start(ServerConfig(service="echo", port=0))
        live(backend, lambda: model.servers[0].local)
        assert model.rows.count() == 0
        assert backend.record_error() is None
        with pytest.raises(ValueError, match="cannot be written"):
            TrafficRows(backend).find("words")
