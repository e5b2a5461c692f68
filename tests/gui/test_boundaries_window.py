"""The experiment of the boundaries: opened, run, changed, stopped and closed by keys."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator

import pytest

from gui.boundaries_window import BoundariesWindow
from netlib.i18n import language
from tests.gui.window import Window, words_in


@pytest.fixture
def opened(window: Window) -> Iterator[BoundariesWindow]:
    """The window, as the menu opens it, with its first result."""
    menu = window.app.main_window.menu
    names = [
        menu.entrycget(row, "label")
        for row in range((menu.index("end") or 0) + 1)
        if menu.type(row) == "command"
    ]
    assert "Experiment: message boundaries…" in names
    window.app.intents["boundaries"]()
    found = window.root.nametowidget(".boundaries")
    assert isinstance(found, BoundariesWindow)
    window.wait(lambda: found.view.shown and found.view.canvas.winfo_width() > 100)
    yield found
    if found.winfo_exists():
        found.destroy()


def enter(window: Window, opened: BoundariesWindow) -> None:
    """Press Enter where the keyboard is, and wait for the result."""
    before = opened.model.changes
    opened.focus_force()
    window.wait(lambda: window.root.focus_get() is not None)
    opened.event_generate("<Return>")
    window.wait(lambda: opened.model.changes > before and not opened.model.running)
    window.wait(lambda: opened._seen == opened.model.changes)


def heading(opened: BoundariesWindow) -> str:
    return str(opened.view.title.label.cget("text"))


def numbered(opened: BoundariesWindow, **numbers: int) -> None:
    opened.form.kind.choose("numbered")
    for name, number in numbers.items():
        opened.form.sliders[name].number = number


def test_it_opens_with_a_result(opened: BoundariesWindow) -> None:
    assert heading(opened).startswith("5 sends, ")
    assert heading(opened).endswith(" 2 messages.")
    assert "may differ next time" in str(opened.told.label.cget("text"))


def test_enter_runs_what_is_set(window: Window, opened: BoundariesWindow) -> None:
    numbered(opened, sends=3, size=10, recv=65536, delay=1000)
    opened.form.framing.choose("length4")
    enter(window, opened)
    assert heading(opened) == "3 sends, 1 receive, 3 messages."
    opened.form.framing.choose("none")
    opened.form.nagle.choose("off")
    enter(window, opened)
    assert heading(opened) == "3 sends, 1 receive."
    assert opened.model.result is not None
    assert not opened.model.result.settings.nagle


def test_messages_are_typed(window: Window, opened: BoundariesWindow) -> None:
    opened.form.typed.delete(0, "end")
    opened.form.typed.insert(0, r"a\nb|世界")
    opened.form.sliders["size"].number = 0
    enter(window, opened)
    assert heading(opened).startswith("2 sends, ")
    assert heading(opened).endswith(" 3 messages.")


def test_a_wrong_number_is_told_beside_its_field(window: Window, opened: BoundariesWindow) -> None:
    field = opened.form.sliders["recv"].field
    before = opened.model.changes
    for text in ("", "0", "70000", "many"):
        field.text = text
        opened.run()
        assert field._bubble.text == "✗ Receive size: please type a whole number from 1 to 65536."
        assert window.root.focus_get() is field.entry
    assert (opened.model.running, opened.model.changes) == (False, before)
    field.text = "7"
    enter(window, opened)
    assert not field._bubble.text


def test_the_least_size_follows_the_framing(opened: BoundariesWindow) -> None:
    numbered(opened, size=3)
    opened.form.framing.choose("length4")
    opened.run()
    assert "from 4 to 65536" in opened.form.sliders["size"].field._bubble.text


def test_what_does_not_go_together_is_told_over_the_button(
    window: Window, opened: BoundariesWindow
) -> None:
    numbered(opened, sends=1000, size=65536)
    opened.run()
    assert "65,536,000 bytes; at most 16,777,216" in opened._bubble.text
    numbered(opened, sends=4, size=5)
    enter(window, opened)
    assert not opened._bubble.text


def test_only_what_counts_can_be_changed(opened: BoundariesWindow) -> None:
    assert opened.form.sliders["sends"].field.entry.instate(["disabled"])
    assert opened.form.typed.instate(["!disabled"])
    opened.form.kind.choose("numbered")
    assert opened.form.sliders["sends"].field.entry.instate(["!disabled"])
    assert opened.form.typed.instate(["disabled"])


def test_a_long_experiment_is_stopped_by_the_same_button(
    window: Window, opened: BoundariesWindow
) -> None:
    numbered(opened, sends=100, pause=1000)
    opened.run()
    window.wait(lambda: opened.run_button.cget("text") == "Stop")
    opened.run_button.invoke()
    window.wait(lambda: opened.run_button.cget("text") == "Run again")
    assert opened.model.result is not None
    assert not opened.model.result.complete


def test_the_language_changes_live(window: Window, opened: BoundariesWindow) -> None:
    window.app.switch_language()
    assert language() == "zh"
    assert heading(opened).endswith("2 条消息。")
    assert opened.title() == "Socketboard：消息边界"
    assert {"再运行一次", "复制为文本", "发送次数", "Nagle 算法", "划界方法", "定长"} <= {
        *words_in(opened)
    }
    assert "下一次可能不同" in str(opened.told.label.cget("text"))
    window.app.switch_language()


def test_size_and_colours_change_by_the_keys_of_all_windows(
    window: Window, opened: BoundariesWindow
) -> None:
    theme = window.app.theme
    opened.focus_force()
    window.wait(lambda: window.root.focus_get() is not None)
    opened.event_generate("<Control-plus>")
    opened.event_generate("<Control-d>")
    assert (theme.size, theme.dark) == (12, True)
    opened.event_generate("<Control-Key-0>")
    assert theme.size == 11


def test_where_there_is_no_room_for_both_one_is_shown(
    window: Window, opened: BoundariesWindow
) -> None:
    assert opened.view.winfo_ismapped()
    assert opened.run_button.winfo_ismapped()
    opened.geometry("600x540")
    window.wait(lambda: opened.switch.winfo_ismapped() and not opened.run_button.winfo_ismapped())
    assert opened.view.winfo_ismapped()
    opened.switch.choose("form")
    window.wait(opened.run_button.winfo_ismapped)
    assert not opened.view.winfo_ismapped()
    enter(window, opened)
    window.wait(opened.view.winfo_ismapped)


def test_what_is_wrong_is_shown_where_the_form_was_hidden(
    window: Window, opened: BoundariesWindow
) -> None:
    opened.geometry("600x540")
    window.wait(lambda: opened.switch.winfo_ismapped() and not opened.run_button.winfo_ismapped())
    field = opened.form.sliders["recv"].field
    field.text = "0"
    opened.run()
    window.settle()
    assert field.entry.winfo_ismapped()
    assert "from 1 to 65536" in field._bubble.text


def test_everything_is_reached_by_the_tab_key(window: Window, opened: BoundariesWindow) -> None:
    opened.run_button.focus_force()
    reached: set[tk.Misc] = set()
    part: tk.Misc = opened.run_button
    while part not in reached:
        reached.add(part)
        part = part.tk_focusNext() or part
    form = opened.form
    wanted = {opened.run_button, opened.copy_button, form.typed, opened.view.canvas}
    for slider in form.sliders.values():
        if slider is not form.sliders["sends"]:
            wanted |= {slider.field.entry, slider._track}
    assert wanted <= reached


def test_it_is_one_window_and_esc_closes_it(window: Window, opened: BoundariesWindow) -> None:
    window.app.intents["boundaries"]()
    assert window.root.nametowidget(".boundaries") is opened
    numbered(opened, sends=100, pause=1000)
    opened.run()
    opened.focus_force()
    window.wait(lambda: window.root.focus_get() is not None)
    opened.event_generate("<Escape>")
    window.wait(lambda: not window.root.tk.call("winfo", "exists", ".boundaries"))


def test_the_picture_is_copied_as_text(window: Window, opened: BoundariesWindow) -> None:
    opened.copy_button.invoke()
    copied = window.root.clipboard_get()
    assert copied.startswith(heading(opened))
    assert "\nReceives |" in copied


def test_what_the_system_refuses_is_told(
    window: Window, opened: BoundariesWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_buffer: int) -> None:
        raise OSError(24, "too many")

    monkeypatch.setattr("netlib.activities.boundary_experiment.loopback_pair", refuse)
    enter(window, opened)
    assert "No more sockets can be opened" in opened._bubble.text
