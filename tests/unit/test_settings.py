"""Settings survive a run, and nothing in their file can stop the window."""

from __future__ import annotations

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
    [b"", b"{", b"[1]", b"null", b"\xff\xfe", b"\x00", b"[" * 100_000, b'{"a": 1e999}', b'{"a": {'],
)
def test_a_broken_file_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings = Settings(path)
    assert settings.get("window.size", 11) == 11
    settings.set("window.size", 12)
    assert settings.save()
    assert Settings(path).get("window.size", 11) == 12


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


def test_a_lone_surrogate_typed_somewhere_is_kept_too(path: Path) -> None:
    settings = Settings(path)
    settings.set("chat.name", "a\ud800b")
    assert settings.save()
    assert Settings(path).get("chat.name", "") == "a\ud800b"


def test_an_unwritable_place_is_reported_and_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = Settings(tmp_path / "file" / "settings.json")
    settings.set("window.size", 12)
    assert not settings.save()
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_failed_save_leaves_the_old_file_and_no_half_one(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    settings = Settings(path)
    assert not settings.save()
    assert [one.name for one in tmp_path.iterdir()] == ["settings.json"]
