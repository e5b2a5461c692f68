"""Entries and editors: the wheel scrolls, keys mean what they mean elsewhere."""

from __future__ import annotations

from tkinter import ttk

import pytest

from tests.gui.window import Window

WHEEL = ["<Button-4>", "<Button-5>", "<MouseWheel>"]


@pytest.mark.parametrize("notch", WHEEL)
def test_the_wheel_changes_no_value(window: Window, notch: str) -> None:
    window.go("server")
    form, composer = window.server.form, window.server.composer
    boxes: list[ttk.Combobox] = [form.service, form.interface, composer.encoding, composer.eol]
    before = [box.get() for box in boxes], form.port.text
    for box in boxes:
        for _time in range(2):
            box.event_generate(notch, x=4, y=4)
    window.root.update()
    assert ([box.get() for box in boxes], form.port.text) == before


@pytest.mark.parametrize("key", ["connect", "server", "chat", "time"])
def test_every_page_can_be_searched(window: Window, key: str) -> None:
    window.go(key)
    page = window.app.page
    page.find()
    window.settle()
    focused = window.root.focus_get()
    assert isinstance(focused, ttk.Entry)
    assert "findbar" in str(focused)


def test_the_half_of_the_time_tab_that_has_the_focus_is_searched(window: Window) -> None:
    window.go("time")
    window.time.port.entry.focus_force()
    window.wait(lambda: window.root.focus_get() is window.time.port.entry)
    window.time.find()
    window.wait(lambda: window.root.focus_get() is window.time.requests.find_bar.entry)
