"""What an empty list says is seen whole, however narrow the list is, in both languages."""

from __future__ import annotations

import pytest

from gui.views.pane import LADDER, TrafficPane
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


@pytest.mark.parametrize("size", [8, 11, 24])
@pytest.mark.parametrize("words", LANGUAGES)
def test_they_stand_inside_a_low_table_below_its_heads(
    window: Window, words: str, size: int
) -> None:
    if words == "zh":
        window.app.switch_language()
    window.app.theme.dress(size=size)
    window.root.geometry("1280x900")
    window.go("server")
    window.server.head.folds["list"].set(True)
    window.settle()
    table = window.server.servers
    label = next(
        one
        for one in everything(table)
        if str(one.winfo_class()) == "TLabel" and one.winfo_viewable()
    )
    tree, middle = table.tree, label.winfo_x() + label.winfo_width() // 2
    assert tree.identify_region(middle, label.winfo_y() - tree.winfo_y()) != "heading"
    assert label.winfo_y() + label.winfo_height() <= tree.winfo_y() + tree.winfo_height()


def _said(pane: TrafficPane) -> list[str]:
    """Return what stands in place of the rows."""
    return [
        str(one.cget("text"))
        for one in everything(pane)
        if str(one.winfo_class()) == "TLabel"
        and str(one.cget("style")) == "Empty.TLabel"
        and one.winfo_viewable()
        and one.cget("text")
    ]


@pytest.mark.parametrize("view", ["log", LADDER])
def test_a_search_that_finds_nothing_does_not_say_that_nothing_has_happened(
    window: Window, view: str
) -> None:
    pane = window.connect.traffic
    window.go("connect")
    pane.view.choose(view)
    window.wait(lambda: _said(pane))
    assert "None of the rows matches." not in _said(pane)
    window.connect.address.text = f"localhost:{window.start_server()}"
    window.go("connect")
    window.connect.main.invoke()
    window.wait(lambda: not _said(pane))
    pane.open_find()
    pane.find_bar.entry.insert(0, "zzz")
    window.press(pane.find_bar.entry, "<Return>")
    window.wait(lambda: _said(pane) == ["None of the rows matches."])
    window.press(pane.find_bar.entry, "<Escape>")
    window.wait(lambda: not _said(pane))
