"""Rows as text."""

from __future__ import annotations

from pathlib import Path

from netlib.teaching.lines import format_line
from tests.recordings import all_lines, order, written


def test_text_is_the_log_as_it_is_shown(lesson: Path, tmp_path: Path) -> None:
    lines = all_lines(lesson)
    shown = [
        format_line(line, before, "log", "utf-8", peers=True)[1]
        for before, line in zip([None, *lines], lines, strict=False)
    ]
    assert written(order(lesson, "text"), tmp_path / "a.txt").decode().splitlines() == shown
    assert "[::1]:53122" in shown[1]
