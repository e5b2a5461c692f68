"""Rows of a conversation: broken as a reader would, the speaker's name in bold."""

from __future__ import annotations

import tkinter as tk

from gui.models.rows import Row
from gui.theme.theme import Theme
from gui.views.row_list import Traffic
from tests.gui.conftest import Pump

SAID = "10:31:02  ← Ada: 往返 0.25 ms（中位数），是 127.0.0.1:38121（本机）。" * 4


class Talk:
    """One long line of one speaker."""

    def count(self) -> int:
        return 1

    def version(self) -> int:
        return 0

    def rows(self, first: int, last: int) -> list[Row]:
        return [Row("received", SAID, 9, speaker="Ada")] * (last - first)


def test_a_conversation_breaks_between_words_and_never_before_a_closing_mark(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    view = Traffic(root, theme, Talk())
    view.pack(fill="both", expand=True)
    view.wrap(on=True, by_words=True)
    for width in range(300, 700, 40):
        root.geometry(f"{width}x400")
        pump(lambda width=width: root.winfo_width() == width)  # type: ignore[misc]
        view.refresh()
        lines = view.text.get("1.0", "end-1c").split("\n")
        drawn_lines = view.text.count("1.0", "end", "displaylines")
        assert (drawn_lines or (0,))[0] == len(lines) > 1  # Tk has broken none of them again
        assert not [line for line in lines if line.strip()[0] in "，。）"]
        assert " ".join(lines).count("127.0.0.1:38121") == 4
    first, last = view.text.tag_ranges("speaker")
    assert view.text.get(first, last) == "Ada"
