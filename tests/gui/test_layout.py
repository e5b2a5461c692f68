"""Layout never reacts to itself: whatever the window is told, it comes to rest, and soon."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from tkinter import ttk

import pytest

from gui.tabs.chat import AT_MOST
from netlib.i18n import LANGUAGES
from tests.gui.rounds import Rounds
from tests.gui.window import Window, cells

WIDTHS = (640, 800, 960, 1024, 1280, 1600, 1920, 2560)
SIZES = (8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32)
"""Points of the ordinary text."""
LONG = "A sentence that is much too long for one line of any window there is. " * 6

Change = tuple[str, Callable[[], object]]
"""What is changed, and how."""


@pytest.fixture
def rounds(window: Window) -> Rounds:
    """Count the rounds of a window in which every part has something to show."""
    window.go("time")
    window.time.port.text = "0"
    window.time.start.invoke()
    window.wait(lambda: window.time.server.local)
    assert window.time.server.local is not None
    window.time.address.text = f"localhost:{window.time.server.local.port}"
    window.time.query.invoke()
    window.wait(lambda: cells(window.time.answers))
    window.start_server()
    window.settle()
    window.app.pump.stop()  # what it shows would be counted too
    window.root.withdraw()
    window.root.overrideredirect(True)  # any size at once, also one beyond the screen
    window.root.deiconify()
    window.root.update()
    return Rounds(window.root)


def variants(window: Window, key: str, panes: int) -> Iterator[Change]:
    """Yield all that makes a tab look different; its banner is shown in every other one."""
    tabs = window.app.tabs
    yield "banner", partial(tabs[key].banner.complain, LONG)
    if key == "connect":
        for kind in ("http", "udp", "tcp"):
            yield kind, partial(window.connect.kind.choose, kind)
        yield "find", window.connect.traffic.open_find
    elif key == "server":
        for _twice in range(2):
            yield "limits", more(window).invoke
    elif key == "chat":
        yield f"{panes} panes", lambda: chat_panes(window, panes)
        for view in ("traffic", "chat"):
            yield view, partial(chat_view, window, view)
    else:
        for view in ("traffic", "answers"):
            yield view, partial(window.time.view.choose, view)
    yield "no banner", tabs[key].banner.clear


def more(window: Window) -> ttk.Checkbutton:
    """Return what shows the deadlines and limits of a server."""
    buttons = window.server.form.head.winfo_children()
    return next(one for one in buttons if isinstance(one, ttk.Checkbutton))


def chat_panes(window: Window, wanted: int) -> None:
    """Open or close chat clients until there are as many as wanted."""
    while len(window.chat.panes) < wanted:
        window.chat.more.invoke()
    while len(window.chat.panes) > wanted:
        window.chat.panes[-1].remove.invoke()


def chat_view(window: Window, view: str) -> None:
    """Show the conversations, or what went over the wire."""
    for pane in window.chat.panes:
        pane.view.choose(view)


@pytest.mark.parametrize("words", LANGUAGES)
def test_every_tab_rests_at_every_width_and_size_of_text(
    window: Window, rounds: Rounds, words: str
) -> None:
    if words == "zh":
        window.app.switch_language()
        rounds.rest("language")
    for key in window.app.tabs:
        window.app.go_to(key)
        rounds.rest(key)
        for turn, size in enumerate(SIZES):
            window.app.theme.dress(size=size)
            rounds.rest((key, size))
            for column, width in enumerate(WIDTHS):
                window.root.geometry(f"{width}x{width * 9 // 16}+0+0")
                rounds.rest((key, size, width))
                for what, change in variants(window, key, (turn + column) % AT_MOST + 1):
                    change()
                    rounds.rest((key, size, width, what))
    print(f"\nrounds to rest, {words}: at most {rounds.worst}")


def test_every_tab_rests_when_it_is_shown_after_a_change_of_size(
    window: Window, rounds: Rounds
) -> None:
    """Time tab, a query, Server tab, Ctrl and + four times, Ctrl+3: this froze the window."""
    for size in range(8, 33):
        window.app.theme.dress(size=size)
        for key in window.app.tabs:
            rounds.rest((key, size))
            window.app.go_to(key)
            rounds.rest((key, size))
