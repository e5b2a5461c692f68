"""Where lines break: between words, and between Chinese characters; never before a closing mark.

Tk breaks a Chinese sentence only at the blanks that happen to be in it. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

Measure = Callable[[str], int]
"""Pixels that a text takes in one line."""

_LETTERS = r"!-\u2017"
"""The scripts whose words are kept whole; few and plain, for `re` takes long over wide sets."""
_OPENING, _CLOSING = "（“‘《「【", "，。、：；！？）”’》」】…"
_PIECE = rf"(?s)\s+|[{_OPENING}]*(?:[{_LETTERS}]+|.)[{_CLOSING}]*"
"""Blanks, or what must stay in one line: a word or a character, with the marks that hang on it."""


def broken(text: str, measure: Measure, room: int) -> list[str]:
    """Break a text into lines no wider than `room` pixels; a longer word is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _lines(paragraph, measure, max(room, 1))
    return lines


def pieces(text: str) -> list[str]:
    """Cut a text where a line may end, and round blanks."""
    return re.findall(_PIECE, text)


def _lines(paragraph: str, measure: Measure, room: int) -> list[str]:
    lines, line, width = [], "", 0
    for piece in pieces(paragraph):
        whole = measure(piece)
        cut = [] if whole <= room else _cut(piece, measure, room)
        for part, wide in [(part, measure(part)) for part in cut] or [(piece, whole)]:
            if line and not part.isspace() and width + wide > room:
                lines.append(line.rstrip())
                line, width = "", 0
            if line or not part.isspace():
                line, width = line + part, width + wide
    return [*lines, line.rstrip()]


def _cut(word: str, measure: Measure, room: int) -> list[str]:
    """Cut a word that is wider than a line."""
    parts, rest = [], word
    while rest:
        end = bisect_right(range(len(rest) + 1), room, lo=1, key=lambda n: measure(rest[:n]))
        end = max(end - 1, 1)
        parts.append(rest[:end])
        rest = rest[end:]
    return parts
