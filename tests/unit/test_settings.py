"""Settings survive a run, and nothing in their file can stop the window."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from gui.settings import Settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "settings.json"


def test_what_was_set_is_there_next_time(path: Path) -> None:
    settings = Settings(path)
    settings.set("chat.panes", ["localhost:8080\t小明\tgbk"])
    settings.set("window.dark", True)
    assert settings.save()
    again = Settings(path)
    assert again.texts("chat.panes", []) == ["localhost:8080\t小明\tgbk"]
    assert again.get("window.dark", False) is True
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b"null", b"\xff\xfe", b"\x00", b"[" * 100_000, b'{"a": {'],
)
def test_a_broken_file_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings = Settings(path)
    assert settings.get("window.size", 11) == 11
    settings.set("window.size", 12)
    assert settings.save()
    assert Settings(path).get("window.size", 11) == 12
    assert (tmp_path / "settings.json.unreadable").read_bytes() == content  # nothing is destroyed


def test_a_number_without_end_in_the_file_counts_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"window.share": 1e999, "window.size": 12}')
    assert Settings(path).get("window.share", 0.5) == 0.5
    assert Settings(path).get("window.size", 11) == 12


def test_what_another_version_has_set_stays_even_if_it_runs_now(path: Path) -> None:
    later = Settings(path)
    later.set("window.size", 14)
    later.set("lesson.plan", {"steps": ["a"]})
    assert later.save()
    here = Settings(path)
    later.set("lesson.plan", {"steps": ["a", "b"]})
    assert later.save()
    here.set("window.dark", True)
    assert here.save()
    kept = json.loads(path.read_text())
    assert kept == {"window.size": 14, "lesson.plan": {"steps": ["a", "b"]}, "window.dark": True}


def test_a_name_that_no_disk_takes_is_reported_and_harms_nothing(tmp_path: Path) -> None:
    settings = Settings(tmp_path / ("x" * 300) / "settings.json")
    settings.set("window.size", 12)
    assert not settings.save()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [True, 1.5, "12", None, [], {}])
def test_a_value_of_another_type_counts_as_missing(path: Path, value: object) -> None:
    settings = Settings(path)
    settings.set("window.size", value)  # type: ignore[arg-type]
    assert settings.get("window.size", 11) == 11


def test_only_one_of_the_known_words_is_taken(path: Path) -> None:
    settings = Settings(path)
    settings.set("window.tab", "kitchen")
    assert settings.one_of("window.tab", ("connect", "time"), "connect") == "connect"
    settings.set("window.tab", "time")
    assert settings.one_of("window.tab", ("connect", "time"), "connect") == "time"


def test_a_list_keeps_only_its_texts(path: Path) -> None:
    settings = Settings(path)
    settings.set("connect.history", ["a:1", 7, None, {"b": 2}, ["c"]])  # type: ignore[list-item]
    assert settings.texts("connect.history", ["x:1"]) == ["a:1"]
    settings.set("connect.history", [7])  # type: ignore[list-item]
    assert settings.texts("connect.history", ["x:1"]) == ["x:1"]


@pytest.mark.parametrize("text", ["a\ud800b", "\udfff", "x" * 1001, "x" * 100_000])
def test_a_text_that_cannot_be_shown_counts_as_missing(path: Path, text: str) -> None:
    settings = Settings(path)
    settings.set("chat.name", text)
    settings.set("connect.history", [text, "a:1"])
    assert settings.save()
    again = Settings(path)
    assert again.get("chat.name", "usual") == "usual"
    assert again.texts("connect.history", ["x:1"]) == ["a:1"]


def test_a_list_without_end_is_cut(path: Path) -> None:
    settings = Settings(path)
    settings.set("chat.panes", [str(number) for number in range(10_000)])
    assert settings.texts("chat.panes", []) == [str(number) for number in range(100)]


@pytest.mark.parametrize("number", [10**9, -(10**9), 10**4000])
def test_a_number_out_of_all_proportion_counts_as_missing(path: Path, number: int) -> None:
    settings = Settings(path)
    settings.set("window.size", number)
    assert settings.get("window.size", 11) == 11


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan"), 1e300])
def test_a_share_out_of_all_proportion_counts_as_missing(path: Path, number: float) -> None:
    settings = Settings(path)
    settings.set("window.share", number)
    assert settings.get("window.share", 0.5) == 0.5


def test_a_file_too_large_to_be_ours_counts_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(f'{{"window.size": 12, "chat.name": "{"x" * (1 << 20)}"}}')
    assert Settings(path).get("window.size", 11) == 11


if sys.platform != "win32":

    def test_a_pipe_is_neither_waited_for_nor_written_to(tmp_path: Path) -> None:
        path = tmp_path / "settings.json"
        os.mkfifo(path)
        settings = Settings(path)
        assert settings.get("window.size", 11) == 11
        settings.set("window.size", 12)
        assert not settings.save()

    def test_settings_are_their_owners_alone(path: Path) -> None:
        settings = Settings(path)
        settings.set("window.size", 12)
        assert settings.save()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_unwritable_place_is_reported_and_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = Settings(tmp_path / "file" / "settings.json")
    settings.set("window.size", 12)
    assert not settings.save()
    assert (tmp_path / "file").read_text() == "in the way"


def test_what_another_window_has_written_meanwhile_stays(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"window.dark": false, "window.tab": "time", "window.size": 11}')
    ours, later = Settings(path), Settings(path)
    later.set("window.dark", True)
    later.set("lessons.done", ["tcp"])
    later.set("window.tab", "chat")
    assert later.save()
    ours.set("window.dark", False)
    ours.set("window.tab", "time")
    ours.set("window.size", 12)
    assert ours.save()
    assert json.loads(path.read_text()) == {
        "window.dark": True,
        "window.tab": "chat",
        "window.size": 12,
        "lessons.done": ["tcp"],
    }
    later.set("window.size", 14)
    ours.set("window.tab", "home")
    assert later.save()
    assert ours.save()
    again = Settings(path)
    assert (again.get("window.size", 11), again.get("window.tab", "")) == (14, "home")


def test_a_list_that_was_changed_in_its_place_is_saved(path: Path) -> None:
    settings, panes = Settings(path), ["a"]
    settings.set("chat.panes", panes)
    assert settings.save()
    panes.append("b")
    assert settings.save()
    assert Settings(path).texts("chat.panes", []) == ["a", "b"]


def test_a_failed_save_leaves_the_old_file_and_no_half_one(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    settings = Settings(path)
    assert not settings.save()
    assert [one.name for one in tmp_path.iterdir()] == ["settings.json"]
