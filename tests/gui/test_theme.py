"""The look of the window changes live and reaches every widget."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk

import pytest

from gui.theme.palette import DARK, LIGHT, SystemColours, contrast_palette
from gui.theme.theme import LARGEST_SIZE, SMALLEST_SIZE, Theme, has_cjk_font
from gui.translated import (
    retranslate,
)
from tests.gui.conftest import Pump


def test_dark_reaches_plain_widgets_that_exist_and_those_to_come(root: tk.Tk) -> None:
    theme = Theme(root)
    before = tk.Text(root)
    theme.toggle_dark()
    after = tk.Text(root)
    assert before.cget("background") == after.cget("background") == DARK.field
    assert before.cget("foreground") == after.cget("foreground") == DARK.text
    theme.toggle_dark()
    assert before.cget("background") == after.cget("background") == LIGHT.field


def test_dark_reaches_the_drop_down_list_of_a_combobox(root: tk.Tk, pump: Pump) -> None:
    theme = Theme(root)
    combobox = ttk.Combobox(root, values=["one", "two"])
    combobox.pack()
    root.update()
    popdown = root.tk.call("ttk::combobox::PopdownWindow", combobox)
    theme.toggle_dark()
    pump(lambda: True)
    assert root.tk.call(f"{popdown}.f.l", "cget", "-background") == DARK.field
    assert root.tk.call(f"{popdown}.f.l", "cget", "-selectbackground") == DARK.selection


def test_an_opened_drop_down_list_hinders_neither_zoom_nor_language(root: tk.Tk) -> None:
    theme = Theme(root)
    combobox = ttk.Combobox(root, values=["one"])
    combobox.pack()
    root.update()
    root.tk.call("ttk::combobox::PopdownWindow", combobox)
    theme.zoom(1)
    retranslate(root)
    assert theme.size == 12


def test_control_a_selects_all_that_is_typed(root: tk.Tk, pump: Pump) -> None:
    Theme(root)
    entry = ttk.Entry(root)
    entry.pack()
    entry.insert(0, "你好 hello")
    root.update()
    entry.focus_force()
    entry.event_generate("<Control-a>")
    pump(entry.selection_present)


@pytest.mark.parametrize(("asked", "given"), [(1, SMALLEST_SIZE), (999, LARGEST_SIZE), (20, 20)])
def test_text_is_never_smaller_or_larger_than_can_be_used(
    root: tk.Tk, asked: int, given: int
) -> None:
    theme = Theme(root, scale_font=asked)
    assert theme.size == given
    assert tkfont.nametofont("TkDefaultFont", root=root).actual("size") == given


@pytest.mark.parametrize(("dpi", "pixels"), [(96, 100), (144, 150), (192, 200)])
def test_pixels_follow_the_density_of_the_screen(root: tk.Tk, dpi: int, pixels: int) -> None:
    root.tk.call("tk", "scaling", dpi / 72)
    assert Theme(root).px(100) == pixels


@pytest.mark.parametrize("family", ["微软雅黑", "宋体", "黑体", "等线", "DengXian", "PMingLiU"])
def test_fonts_are_known_by_their_chinese_names(
    root: tk.Tk, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")  # Windows is not asked
    monkeypatch.setattr(tkfont, "families", lambda _root: ("Arial", family))
    assert has_cjk_font(root)
    monkeypatch.setattr(tkfont, "families", lambda _root: ("Arial",))
    assert not has_cjk_font(root)


def test_the_text_of_a_chinese_windows_is_in_its_own_font(
    root: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tkfont, "families", lambda _root: ("宋体", "微软雅黑", "Segoe UI"))
    Theme(root)
    assert root.tk.call("font", "configure", "TkDefaultFont", "-family") == "微软雅黑"


def test_windows_always_has_a_chinese_font(root: tk.Tk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tkfont, "families", lambda _root: ("Arial",))
    monkeypatch.setattr("sys.platform", "win32")
    assert has_cjk_font(root)


def test_every_title_line_is_dressed_when_it_comes_and_when_the_theme_changes(
    root: tk.Tk, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = list[tuple[int, bool]]()
    monkeypatch.setattr(
        "gui.theme.theme.dress_title", lambda frame, *, dark: told.append((frame, dark))
    )
    theme = Theme(root, dark=True)
    assert told[-1] == (int(root.wm_frame(), 16), True)
    window = tk.Toplevel(root)
    pump(window.winfo_viewable)
    pump(lambda: told[-1] == (int(window.wm_frame(), 16), True))
    told.clear()
    theme.toggle_dark()
    assert {*told} == {(int(one.wm_frame(), 16), False) for one in (root, window)}


def test_a_palette_that_is_needed_is_not_changed(root: tk.Tk) -> None:
    black = SystemColours("#000000", "#ffffff", "#3ff23f", "#1aebff", "#000000", "#ffff00")
    theme = Theme(root, contrast=contrast_palette(black))
    text = tk.Text(root)
    theme.toggle_dark()
    assert theme.dark  # what is set is remembered for days without it
    assert (text.cget("background"), text.cget("foreground")) == ("#000000", "#ffffff")


def test_a_machine_for_these_tests_can_show_chinese(root: tk.Tk) -> None:
    assert has_cjk_font(root)
