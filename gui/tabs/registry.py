"""The tabs of the window, each built when it is first needed.

The first picture of the window needs one tab: the others are built, and their modules imported,
while it is already being looked at.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from tkinter import ttk
from typing import TYPE_CHECKING, Final, Protocol, cast

from gui.context import Context
from gui.tabs.page import Page
from gui.translated import set_tab_text
from gui.widgets.scrolled import Scrolled
from netlib import N_
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from netlib import Endpoint, ServerConfig


class Tab(NamedTuple):
    """Where a tab comes from: imported, and built, when it is first needed."""

    title: str
    module: str
    kind: str
    """The class in that module, a `Page`."""

    def build(self, parent: tk.Misc, context: Context) -> Page:
        """Return the tab's page."""
        kind: type[Page] = getattr(import_module(self.module), self.kind)
        return kind(parent, context)


TABS: Final = {
    "connect": Tab(N_("Connect"), "gui.tabs.connect", "ConnectTab"),
    "server": Tab(N_("Server"), "gui.tabs.server", "ServerTab"),
    "chat": Tab(N_("Chat"), "gui.tabs.chat", "ChatTab"),
    "time": Tab(N_("Time"), "gui.tabs.time", "TimeTab"),
    "lessons": Tab(N_("Lessons"), "gui.tabs.lessons", "LessonsTab"),
    "start": Tab(N_("Home"), "gui.tabs.start", "StartTab"),
}
"""A new tab is a line here."""
FIRST: Final = "start"
"""The tab of the first screen; it has a place among the others only while it is in front."""


class Serves(Protocol):
    """What the Server tab does for the others."""

    def serve(self, config: ServerConfig, then: Callable[[Endpoint | None], None]) -> None:
        """Start a server; `then` is told where it listens, or None."""


class Calls(Protocol):
    """What the Connect tab does for the others."""

    def call(self, address: str, line: str) -> None:
        """Connect over TCP; send a line, if there is one, when the connection stands."""


class Tabs(Mapping[str, Page]):
    """The tabs by their keys; asking for one builds it."""

    def __init__(self, notebook: ttk.Notebook, context: Context) -> None:
        """Give the notebook a page for every tab, still empty."""
        self._notebook, self._context = notebook, context
        self._pages: dict[str, Page] = {}
        self._holders: dict[str, Scrolled] = {}
        for key, tab in TABS.items():
            self._holders[key] = holder = Scrolled(notebook, context.theme)
            notebook.add(holder)
            set_tab_text(notebook, holder, tab.title)
        notebook.hide(self._holders[FIRST])
        notebook.bind("<<NotebookTabChanged>>", lambda _event: self._changed(), add=True)

    def __getitem__(self, key: str) -> Page:
        if key not in self._pages:
            page = TABS[key].build(self._holders[key], self._context)
            self._holders[key].hold(page, page.composer_area)
            self._pages[key] = page
        return self._pages[key]

    def __iter__(self) -> Iterator[str]:
        return iter(TABS)

    def __len__(self) -> int:
        return len(TABS)

    @property
    def shown_key(self) -> str:
        """The key of the tab in front."""
        return [*TABS][int(self._notebook.index("current"))]  # type: ignore[no-untyped-call]

    @property
    def shown(self) -> Page:
        """The tab in front."""
        return self[self.shown_key]

    def show(self, key: str) -> None:
        """Bring a tab to the front."""
        self[key]
        self._notebook.select(self._holders[key])  # type: ignore[no-untyped-call]

    def serve(self, config: ServerConfig, then: Callable[[Endpoint | None], None]) -> None:
        """Start a server in the Server tab; `then` is told where it listens, or None."""
        cast(Serves, self["server"]).serve(config, then)

    def settle(self) -> None:
        """Let the tab in front have the height it needs by now."""
        self._holders[self.shown_key].settle()

    def _changed(self) -> None:
        """Build the tab in front; the first screen goes when another one has come."""
        first = self._holders[FIRST]
        if self.shown_key != FIRST:
            self._notebook.hide(first)
        self[self.shown_key]

    def call(self, address: str, line: str = "") -> None:
        """Connect to an address in the Connect tab, over TCP, and send a line when it stands."""
        self.show("connect")
        cast(Calls, self["connect"]).call(address, line)

    def build_one(self) -> bool:
        """Build a tab that nobody has asked for yet; False: there is none left."""
        missing = next((key for key in TABS if key not in self._pages), None)
        if missing is None:
            return False
        self[missing]
        return True

    def built(self) -> Iterator[Page]:
        """Yield the tabs that exist."""
        yield from self._pages.values()
