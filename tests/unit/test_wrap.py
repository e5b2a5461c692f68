"""Where lines break."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.wrap import broken


def wide(text: str) -> int:
    """A Chinese character is twice as wide as a letter."""
    return sum(2 if char > "\u2e7f" else 1 for char in text)


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("本端发出 SYN，立刻收到 RST。", 12, ["本端发出", "SYN，立刻收", "到 RST。"]),
        ("一二三，四五", 6, ["一二", "三，四", "五"]),
        ("往返 0.25 ms（中位数）", 9, ["往返 0.25", "ms（中位", "数）"]),
        ("a\nb", 9, ["a", "b"]),
        ("abcdefg", 3, ["abc", "def", "g"]),
        ("", 5, [""]),
    ],
)
def test_lines_break_between_words_and_characters(text: str, room: int, lines: list[str]) -> None:
    assert broken(text, wide, room) == lines


@given(st.text(), st.integers(2, 40))
def test_nothing_but_blanks_is_lost_and_no_line_is_too_wide(text: str, room: int) -> None:
    lines = broken(text, wide, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(wide(line) <= room for line in lines)
