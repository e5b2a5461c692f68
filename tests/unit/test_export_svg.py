"""A recording drawn for paper: the ladder of what was chosen."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from tests.recordings import order, written

TEXT = "{http://www.w3.org/2000/svg}text"


def words(data: bytes) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(data).iter(TEXT)]


def test_all_calls_of_a_recording_are_drawn_with_their_bytes(lesson: Path, tmp_path: Path) -> None:
    drawn = words(written(order(lesson, "svg"), tmp_path / "a.svg"))
    assert "=1+1\\n你好\\r\\n" in drawn, drawn


def test_of_some_rows_the_others_are_not_drawn(lesson: Path, tmp_path: Path) -> None:
    whole = words(written(order(lesson, "svg"), tmp_path / "a.svg"))
    some = words(written(order(lesson, "svg", positions=range(1)), tmp_path / "b.svg"))
    assert 0 < len(some) < len(whole)
