"""The second click of a double click, or a second Enter, does not undo the first."""

from __future__ import annotations

import sys
import tkinter as tk
from typing import Any

import pytest

from gui.models.chat import ChatState
from gui.models.connect import ConnectState
from gui.models.server import ServerState
from gui.theme.theme import Theme
from gui.widgets.flip import FlipButton
from tests.gui.conftest import Pump
from tests.gui.window import Window, told
from tests.helpers import free_port

ENTER = ["<Return>"] if sys.platform == "win32" else ["<Return>", "<KP_Enter>"]
"""What Tk calls the two keys; on Windows both have one name."""


class Switch:
    """On or off, by one button."""

    def __init__(self, root: tk.Tk) -> None:
        self.on, self.pressed = False, 0
        self.button = FlipButton(root, self.flip)
        self.button.say("On")
        self.button.pack()

    def flip(self) -> None:
        self.on = not self.on
        self.pressed += 1
        self.button.say("Off" if self.on else "On")


@pytest.fixture
def switch(root: tk.Tk, theme: Theme, pump: Pump) -> Switch:
    made = Switch(root)
    pump(lambda: made.button.ready and made.button.winfo_viewable())
    return made


def click(widget: tk.Misc, **time: Any) -> None:
    for event in ("<Enter>", "<Button-1>", "<ButtonRelease-1>"):
        widget.event_generate(event, x=4, y=4, **time)
    widget.update()


FIRST, SECOND = 10_000, 10_100
"""The times, in ms, of two clicks that are one double click, however slow this computer is."""


def double_click(widget: tk.Misc) -> None:
    click(widget, time=FIRST)
    click(widget, time=SECOND)


def test_a_double_click_counts_once(switch: Switch) -> None:
    double_click(switch.button)
    assert (switch.on, switch.pressed) == (True, 1)


def test_a_crossing_with_the_mouse_down_is_no_click(switch: Switch) -> None:
    """Window managers that grab the mouse make one of each press."""
    click(switch.button)
    for event, state in (("<Button-1>", 0), ("<Leave>", 256), ("<Enter>", 256)):
        switch.button.event_generate(event, x=4, y=4, state=state)
    switch.button.event_generate("<ButtonRelease-1>", x=4, y=4, state=256)
    switch.button.update()
    assert (switch.on, switch.pressed) == (True, 1)
    assert not switch.button.instate(["pressed"])


def test_a_double_click_counts_once_also_when_the_first_took_long(switch: Switch) -> None:
    click(switch.button, time=FIRST)
    switch.button._rests_until = 0.0
    click(switch.button, time=SECOND)
    assert switch.pressed == 1


def test_after_a_while_the_new_meaning_counts(switch: Switch, pump: Pump) -> None:
    click(switch.button)
    pump(lambda: switch.button.ready)
    switch.button.event_generate("<Motion>", x=1, y=1)
    switch.button.press()
    assert (switch.on, switch.pressed) == (False, 2)


@pytest.mark.parametrize("key", [*ENTER, "<space>"])
def test_a_key_pressed_twice_counts_once(switch: Switch, pump: Pump, key: str) -> None:
    switch.button.focus_force()
    pump(lambda: switch.button.focus_get() is switch.button)
    for _time in range(2):
        switch.button.event_generate(key)
        switch.button.event_generate(key.replace("<", "<KeyRelease-"))
    switch.button.update()
    assert switch.pressed == 1


def test_a_button_that_changes_under_the_pointer_is_not_pressed(switch: Switch) -> None:
    switch.button.say("Stop everything")
    click(switch.button)
    assert switch.pressed == 0


def test_a_program_may_press_at_any_time(switch: Switch) -> None:
    switch.button.invoke()
    switch.button.invoke()
    assert switch.pressed == 2


def test_a_double_click_on_connect_connects(window: Window) -> None:
    tab = window.connect
    tab.address.text = f"localhost:{window.start_server()}"
    window.go("connect")
    window.wait(lambda: tab.main.ready)
    double_click(tab.main)
    window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
    click(tab.main)
    window.settle()
    assert tab.model.state is ConnectState.CONNECTED


def test_enter_twice_in_the_address_connects(window: Window) -> None:
    tab = window.connect
    tab.address.text = f"localhost:{window.start_server()}"
    window.go("connect")
    window.wait(lambda: tab.main.ready)
    for _time in range(2):
        window.press(tab.address.entry, "<Return>")
    window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
    window.settle()
    assert tab.model.state is ConnectState.CONNECTED


def test_a_double_click_starts_one_server(window: Window) -> None:
    window.go("server")
    tab = window.server
    tab.form.port.text = str(free_port())
    window.wait(lambda: tab.main.ready)
    double_click(tab.main)
    window.wait(lambda: tab.model.servers and tab.model.servers[0].local)
    window.settle()
    assert [server.state for server in tab.model.servers] == [ServerState.LISTENING]
    assert told(tab.banner) == ""


def test_a_double_click_on_the_time_servers_start_starts_it(window: Window) -> None:
    window.go("time")
    tab = window.time
    tab.port.text = "0"
    window.wait(lambda: tab.start.ready)
    double_click(tab.start)
    window.wait(lambda: tab.server.local)
    window.settle()
    assert tab.server.running


def test_a_double_click_in_a_chat_pane_connects(window: Window) -> None:
    port = window.start_server("chat/tcp")
    window.go("chat")
    pane = window.chat.panes[0]
    pane.address.text = f"localhost:{port}"
    window.wait(lambda: pane.main.ready)
    double_click(pane.main)
    window.wait(lambda: pane.model.state is ChatState.CONNECTED)
    window.settle()
    assert pane.model.state is ChatState.CONNECTED
