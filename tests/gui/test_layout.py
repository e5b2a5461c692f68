"""Layout never reacts to itself: whatever the window is told, it comes to rest, and soon."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator
from functools import partial
from tkinter import ttk

import hypothesis
import pytest

from gui.tabs.chat import AT_MOST
from gui.tabs.chat_pane import ChatPane
from gui.tabs.lessons import LessonsTab
from gui.tabs.start import StartTab
from gui.views.pane import TrafficPane
from gui.widgets.fit import Fitted
from gui.widgets.split import Split
from netlib.i18n import LANGUAGES
from tests.gui.rounds import Rounds
from tests.gui.watchdog import watchdog
from tests.gui.window import Window, cells, everything

WIDTHS = (640, 800, 960, 1024, 1280, 1600, 1920, 2560)
SIZES = (8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32)
"""Points of the ordinary text."""
EVERY = max(1, 100 // hypothesis.settings().max_examples)
"""With EXAMPLES=25 every fourth pair of a width and a size is tried, each of both at least once."""
LONG = "A sentence that is much too long for one line of any window there is. " * 6

Capture = pytest.CaptureFixture[str]
Change = tuple[str, Callable[[], object]]
"""What is changed, and how."""


def ask_the_time(window: Window) -> None:
    """Query a time server of this window until its answer is in the table."""
    window.go("time")
    window.time.port.text = "0"
    window.time.start.invoke()
    window.wait(lambda: window.time.server.local)
    assert window.time.server.local is not None
    window.time.address.text = f"localhost:{window.time.server.local.port}"
    window.time.query.invoke()
    window.wait(lambda: cells(window.time.answers))


@pytest.fixture
def rounds(window: Window) -> Rounds:
    """Count the rounds of a window in which every part has something to show."""
    ask_the_time(window)
    window.start_server()
    window.settle()
    window.app.pump.stop()  # what it shows would be counted too
    window.app.main_window.notebook.pack_forget()
    resize(window, WIDTHS[0])
    return Rounds(window.root)


def resize(window: Window, width: int) -> None:
    """Resize the tabs at once, also beyond the screen; no window manager is asked."""
    window.app.main_window.notebook.place(width=width, height=width * 9 // 16)


def variants(window: Window, key: str, panes: int) -> Iterator[Change]:
    """Yield all that makes a tab look different."""
    if key == "connect":
        yield from connect_variants(window)
    elif key == "server":
        for _twice in range(2):
            yield "limits", more(window).invoke
        yield from views(window.server.panes.traffic)
    elif key == "chat":
        yield f"{panes} panes", lambda: chat_panes(window, panes)
        for view in ("traffic", "chat"):
            yield view, partial(chat_view, window, view)
    elif key == "lessons":
        yield from lesson_variants(window, lessons_tab(window))
    else:
        for view in ("traffic", "answers"):
            yield view, partial(window.time.view.choose, view)


def views(pane: TrafficPane) -> Iterator[Change]:
    """Yield what can be shown in place of the rows, and the rows again."""
    for view in ("kernel", "ladder", "log"):
        yield view, partial(pane.view.choose, view)


def more(window: Window) -> ttk.Checkbutton:
    """Return what shows the deadlines and limits of a server."""
    buttons = window.server.form.head.winfo_children()
    return next(one for one in buttons if isinstance(one, ttk.Checkbutton))


def lessons_tab(window: Window) -> LessonsTab:
    """Return the tab of the lessons."""
    tab = window.app.tabs["lessons"]
    assert isinstance(tab, LessonsTab)
    return tab


def connect_variants(window: Window) -> Iterator[Change]:
    """Yield what a client may be, and what is shown of it."""
    for kind in ("http", "udp", "tcp"):
        yield kind, partial(window.connect.kind.choose, kind)
    yield "find", window.connect.traffic.open_find
    yield from views(window.connect.traffic)


def lesson_variants(window: Window, tab: LessonsTab) -> Iterator[Change]:
    """Yield a lesson, its parts, and the list again."""
    yield "lesson", partial(open_lesson, window)
    for part in ("picture", "text"):
        yield part, partial(tab.head.part.choose, part)
    yield "list", tab.leave


def open_lesson(window: Window) -> None:
    """Show a lesson that comes with the program."""
    playable = lessons_tab(window).catalogue.find("flow")
    assert playable is not None
    lessons_tab(window).play(playable)


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
            banner = window.app.tabs[key].banner
            banner.complain(LONG) if turn % 2 else banner.clear()
            for column, width in list(enumerate(WIDTHS))[turn % EVERY :: EVERY]:
                resize(window, width)
                rounds.rest((key, size, width))
                for what, change in variants(window, key, (turn + column) % AT_MOST + 1):
                    change()
                    rounds.rest((key, size, width, what))
    print(f"\nrounds to rest, {words}: at most {rounds.worst}")


def test_the_recipe_that_froze_the_window(window: Window, capfd: Capture) -> None:
    with capfd.disabled(), watchdog():
        ask_the_time(window)
        window.press(window.time.address.entry, "<Control-Key-2>")
        for _four_times in range(4):
            window.press(window.server.form.port.entry, "<Control-plus>")
        window.press(window.server.form.port.entry, "<Control-Key-3>")
        window.wait(window.chat.winfo_viewable)


def test_what_adapts_and_what_is_shared_by_proportion_asks_for_no_width(window: Window) -> None:
    window.connect.kind.choose("http")
    for key in window.app.tabs:
        window.go(key)
    checked = 0
    for one in everything(window.root):
        shared = isinstance(one.master, Split | ttk.Notebook) or isinstance(one, Split | ChatPane)
        if shared or isinstance(one, Fitted):
            assert one.winfo_reqwidth() <= 2, one
            checked += 1
    assert checked > 30


def test_every_tab_rests_when_it_is_shown_after_a_change_of_size(
    window: Window, rounds: Rounds
) -> None:
    for size in range(8, 33):
        window.app.theme.dress(size=size)
        for key in window.app.tabs:
            rounds.rest((key, size))
            window.app.go_to(key)
            rounds.rest((key, size))


def whole(window: Window, part: tk.Misc) -> bool:
    """Tell whether a part is in sight, and wholly inside the window."""
    root = window.root
    left, top = part.winfo_rootx() - root.winfo_rootx(), part.winfo_rooty() - root.winfo_rooty()
    right, bottom = left + part.winfo_width(), top + part.winfo_height()
    inside = left >= 0 and top >= 0
    return inside and right <= root.winfo_width() and bottom <= root.winfo_height()


def must_be_seen(window: Window) -> dict[str, list[tk.Misc]]:
    """Return what is never folded away: the main button of each tab, and where one types."""
    start = window.app.tabs["start"]
    assert isinstance(start, StartTab)
    return {
        "start": [start.play, start.serve, start.connect, start.address.entry],
        "connect": [window.connect.main, window.connect.composer.entry],
        "server": [window.server.main, window.server.composer.entry],
        "chat": [window.chat.all, *(part for one in window.chat.shown for part in of_chat(one))],
        "time": [window.time.start, window.time.query, window.time.address.entry],
    }


def of_chat(pane: ChatPane) -> list[tk.Misc]:
    """Return what is always seen of a chat client: also the conversation is not squeezed away."""
    return [pane.address.entry, pane.main, pane.line, pane.send_button, pane.conversation.text]


def cut_off(window: Window, key: str) -> list[str]:
    """Return the parts of a tab that are not wholly in sight, or whose words are cut off."""
    window.go(key)
    parts = must_be_seen(window)[key]
    hidden = [str(part) for part in parts if not whole(window, part)]
    entries = [one.address.entry for one in window.chat.shown] if key == "chat" else []
    if key == "time":
        entries = [window.time.address.entry]
    return hidden + [str(entry) for entry in entries if entry.xview() != (0.0, 1.0)]


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize(
    ("screen", "sizes"), [("1280x800", (8, 12, 18, 24, 32)), ("960x540", (8, 12, 18, 24))]
)
def test_what_one_presses_and_types_into_stays_in_sight_at_large_text(
    window: Window, words: str, screen: str, sizes: tuple[int, ...]
) -> None:
    if words == "zh":
        window.app.switch_language()
    window.start_server()
    for pane in window.chat.panes:
        pane.address.text = "192.168.1.23:54321"
    wide, high = map(int, screen.split("x"))
    window.root.geometry(screen)
    window.wait(lambda: (window.root.winfo_width(), window.root.winfo_height()) == (wide, high))
    hidden = []
    for size in sizes:
        window.app.theme.dress(size=size)
        hidden += [
            (size, key, part) for key in must_be_seen(window) for part in cut_off(window, key)
        ]
    assert hidden == []


def test_the_window_may_be_made_as_small_at_any_size_of_text(window: Window) -> None:
    for size in (8, 32):
        window.app.theme.dress(size=size)
        assert window.root.minsize()[0] <= window.root.winfo_screenwidth()
        assert window.root.minsize()[1] <= window.root.winfo_screenheight()


def test_chat_clients_without_room_beside_each_other_are_shown_one_by_one(window: Window) -> None:
    window.go("chat")
    window.app.theme.dress(size=11)
    window.wait(lambda: len(window.chat.shown) == 2)
    left, right = (pane.winfo_width() for pane in window.chat.panes)
    assert abs(left - right) <= 1  # an odd pixel cannot be shared
    window.app.theme.dress(size=32)
    window.wait(lambda: window.chat.shown == window.chat.panes[:1])
    window.chat.which.current(1)
    window.chat.which.event_generate("<<ComboboxSelected>>")
    assert window.chat.shown == window.chat.panes[1:]
    window.app.theme.dress(size=11)
    window.wait(lambda: len(window.chat.shown) == 2)
