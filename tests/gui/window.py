"""The whole window in-process, driven as a person would, and read as a person would."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator
from tkinter import ttk
from typing import TypeVar

from gui.app import SLOW_TICKS, App
from gui.tabs.chat import ChatTab
from gui.tabs.connect import ConnectTab
from gui.tabs.page import NoticeBanner
from gui.tabs.server import ServerTab
from gui.tabs.time import TimeTab
from gui.widgets.statusline import StatusLine
from gui.widgets.table import Table
from tests.gui.conftest import pump_until

T = TypeVar("T", bound=tk.Misc)


class Window:
    """An `App` and what tests do with it."""

    def __init__(self, app: App) -> None:
        self.app, self.root = app, app.root
        self.connect = self._tab("connect", ConnectTab)
        self.server = self._tab("server", ServerTab)
        self.chat = self._tab("chat", ChatTab)
        self.time = self._tab("time", TimeTab)
        pump_until(self.root, lambda: app.pump.running)

    def wait(self, condition: Callable[[], object], timeout: float = 10.0) -> None:
        """Let the window live until a condition is true."""
        pump_until(self.root, condition, timeout)

    def go(self, key: str) -> None:
        """Bring a tab to the front and let it be drawn."""
        self.app.go_to(key)
        self.wait(self.app.tabs[key].winfo_viewable)
        self.settle()

    def settle(self) -> None:
        """Let everything be shown that is known: figures are renewed every few ticks."""
        ticks = self.app._ticks
        self.wait(lambda: self.app._ticks > ticks + SLOW_TICKS)

    def start_server(self, service: str = "acknowledge/tcp") -> int:
        """Start a server in the Server tab, as a click does; return its port."""
        form = self.server.form
        form.service.key, form.port.text = service, "0"
        self.server.main.invoke()
        server = self.server.model.servers[-1]
        self.wait(lambda: server.local)
        assert server.local is not None
        return server.local.port

    def press(self, widget: tk.Misc, key: str) -> None:
        """Press a key on a widget that has the focus."""
        widget.focus_force()
        self.wait(lambda: self.root.focus_get() is widget)
        widget.event_generate(key)
        self.root.update()

    def _tab(self, key: str, kind: type[T]) -> T:
        page = self.app.tabs[key]
        assert isinstance(page, kind)
        return page


def drawn(text: tk.Text) -> str:
    """Return what a text widget shows."""
    return text.get("1.0", "end-1c")


def cells(table: Table) -> list[tuple[str, ...]]:
    """Return the rows of a table that are in sight."""
    return [tuple(map(str, table.tree.item(line, "values"))) for line in table.tree.get_children()]


def figure(line: StatusLine, words: str) -> str:
    """Return the number that stands behind these words in a status line."""
    texts = words_in(line)
    return texts[texts.index(words) + 1]


def told(banner: NoticeBanner) -> str:
    """Return what a banner says, or "" when it is away."""
    return "\n".join(words_in(banner)) if banner.showing else ""


def everything(widget: tk.Misc) -> Iterator[tk.Misc]:
    """Yield a widget and all below it; a banner that is away says nothing."""
    if isinstance(widget, NoticeBanner) and not widget.showing:
        return
    yield widget
    for child in widget.winfo_children():
        yield from everything(child)


def seen_in(widget: tk.Misc) -> list[str]:
    """Return the words of the labels in a widget that are in sight."""
    labels = [one for one in everything(widget) if isinstance(one, ttk.Label)]
    return [str(label.cget("text")) for label in labels if label.winfo_ismapped()]


def words_in(widget: tk.Misc) -> list[str]:
    """Return every text that a widget and those below it show, titles and lists included."""
    found: list[str] = []
    for one in everything(widget):
        if isinstance(one, ttk.Notebook):
            found += [str(one.tab(page, "text")) for page in one.tabs()]  # type: ignore[no-untyped-call]
        elif isinstance(one, ttk.Treeview):
            found += [str(one.heading(column, "text")) for column in one.cget("columns")]
        elif isinstance(one, tk.Menu):
            rows = range((one.index("end") or 0) + 1)
            found += [
                str(one.entrycget(row, "label")) for row in rows if one.type(row) == "command"
            ]
        elif isinstance(one, ttk.Combobox):
            found += [one.get(), *map(str, one.cget("values"))]
        elif isinstance(one, tk.Text):
            found.append(drawn(one))
        elif "text" in (one.keys() or ()):
            found.append(str(one.cget("text")))
    return [text for text in found if text]
