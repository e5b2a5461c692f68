"""What an empty list says is seen whole, however narrow the list is, in both languages."""

from __future__ import annotations

import pytest

from netlib.i18n import LANGUAGES
from tests.gui.window import Window, everything


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize(("screen", "size"), [("1280x800", 24), ("720x600", 11), ("1180x740", 11)])
def test_words_of_empty_lists_are_not_cut(
    window: Window, words: str, screen: str, size: int
) -> None:
    if words == "zh":
        window.app.switch_language()
    window.app.theme.dress(size=size)
    window.root.geometry(screen)
    for key in window.app.tabs:
        window.go(key)
        window.settle()
        for one in everything(window.app.tabs[key]):
            if one.winfo_class() == "TLabel" and str(one.cget("style")) == "Empty.TLabel":
                if not one.winfo_viewable() or not one.cget("text"):
                    continue
                inside = one.nametowidget(one.winfo_parent())
                assert one.winfo_x() >= 0, (key, one.cget("text"))
                assert one.winfo_x() + one.winfo_width() <= inside.winfo_width(), key


def test_they_do_not_cover_the_heads_of_a_low_table(window: Window) -> None:
    window.go("server")
    window.settle()
    table = window.server.servers
    label = next(
        one
        for one in everything(table)
        if str(one.winfo_class()) == "TLabel" and one.winfo_viewable()
    )
    heading = int(window.root.tk.call("ttk::style", "lookup", "Treeview", "-rowheight"))
    assert label.winfo_y() >= heading - 1
