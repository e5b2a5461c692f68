"""The frame of the window: tabs with the tools beside them, and the status line."""

from __future__ import annotations

import re
import tkinter as tk
from collections.abc import Iterable
from functools import cached_property
from tkinter import ttk

from gui.keys import Intents
from gui.models.backend import Backend
from gui.theme.desktop_looks import take_own_icon
from gui.theme.screens import Desktop, desktop
from gui.theme.theme import Theme
from gui.tools import Tools
from gui.widgets.editing import Editing
from gui.widgets.menus import Group, Menu
from gui.widgets.statusline import Count, StatusLine
from gui.widgets.tooltip import Tooltips
from netlib import N_, _

FIRST_SIZE = (1180, 740)
SIDES, BARS = 12, 56
"""Logical pixels of a screen left to the frame of the window, and to title bar and task bar."""

LOW = 400
"""Logical pixels of height below which the page needs the room of the line at the foot."""
SMALLEST_SIZE = (960, 540)
"""Logical pixels."""

TOLD_MS = 15_000
"""How long a sentence stands in the status line; what lasts is told again meanwhile."""

COUNTS = (
    Count("received", N_("bytes of all tabs, both ends: received")),
    Count("waiting", N_("waiting to be recorded"), 6),
    Count("dropped", N_("dropped"), 4),
)


class MainWindow:
    """Notebook, tools and status line of a root window."""

    def __init__(self, root: tk.Tk, theme: Theme, intents: Intents) -> None:
        """Fill `root`; the tools do what `intents` says."""
        self._root, self._theme = root, theme
        self._telling = ""
        """The timer that ends a sentence in the status line."""
        self._icons: list[tk.PhotoImage] = []
        self._tooltips = Tooltips(theme)
        self._editing = Editing(root, self.tell)
        self.status = StatusLine(root, theme, COUNTS)
        self.status.pack(side="bottom", fill="x")
        self.be_ready()
        self.notebook = ttk.Notebook(root)
        self.notebook.pack(fill="both", expand=True, padx=theme.px(6), pady=(theme.px(6), 0))
        self.notebook.enable_traversal()
        root.bind("<Configure>", lambda _event: self._settle_status(), add=True)
        self._tools = Tools(root, theme, self.notebook, intents)
        self.menu = Menu(root)
        self._groups: tuple[Group, ...] = ()

    def _settle_status(self) -> None:
        """Leave the line at the foot out of a window that is low for its text."""
        wanted = self._root.winfo_height() >= self._theme.px(LOW)
        if wanted and not self.status.winfo_manager() and self.notebook.winfo_manager() == "pack":
            self.status.pack(side="bottom", fill="x", before=self.notebook)
        elif not wanted and self.status.winfo_manager():
            self.status.pack_forget()

    def fill_menu(self, groups: Iterable[Group]) -> None:
        """Put entries in the menu of the ☰ button, a line between two groups."""
        self._groups = tuple(groups)
        for group in self._groups:
            divided = [None] if self.menu.index("end") is not None else []
            self.menu.fill(*divided, *group.entries, more=True)

    @cached_property
    def _low_menu(self) -> Menu:
        """The same menu for a low screen: its groups open beside it."""
        menu = Menu(self._root)
        for group in self._groups:
            menu.fill(*([group] if len(group.entries) > 1 else group.entries), more=True)
        return menu

    def open_menu(self) -> None:
        """Open the menu below its button; a higher one than the screen could not be read."""
        fits = self.menu.winfo_reqheight() <= self._root.winfo_screenheight()
        menu, tools = self.menu if fits else self._low_menu, self._tools
        right = tools.winfo_rootx() + tools.winfo_width() - menu.winfo_reqwidth()
        menu.tk_popup(right, tools.winfo_rooty() + tools.winfo_height())

    def be_ready(self) -> None:
        """Say what the status line is for."""
        self.stop_telling()
        self.status.set_text(N_("Ready."))

    def tell(self, sentence: str) -> None:
        """Show a translated sentence in the status line, for a while."""
        self.stop_telling()
        self.status.set_text(lambda: sentence)
        self._telling = self._root.after(TOLD_MS, self.be_ready)

    def stop_telling(self) -> None:
        """Let no timer change the status line any more."""
        if self._telling:
            self._root.after_cancel(self._telling)
            self._telling = ""

    def show_counts(self, backend: Backend) -> None:
        """Renew the figures of the status line, and say what was lost."""
        counts = backend.counts()
        self.status.set("received", counts.received)
        self.status.set("waiting", max(counts.received - counts.recorded - counts.dropped, 0))
        self.status.set("dropped", counts.dropped)
        if counts.kernel_drops:
            words = _(
                "The system dropped {count} datagrams: they came faster than this program "
                "could read."
            )
            self.tell(words.format(count=f"{counts.kernel_drops:,}"))
        elif counts.trimmed:
            words = _("The recording is full: its oldest {count} entries were removed.")
            self.tell(words.format(count=f"{counts.trimmed:,}"))

    def place_window(self, geometry: str) -> None:
        """Give the window the size it had, or a good first one; never off the screen."""
        root, px = self._root, self._theme.px
        screen = root.winfo_screenwidth(), root.winfo_screenheight()
        smallest = [min(px(side), room) for side, room in zip(SMALLEST_SIZE, screen, strict=True)]
        root.minsize(*(side * 3 // 4 for side in smallest))
        known = re.fullmatch(r"(\d{1,5})x(\d{1,5})[+](-?\d{1,5})[+](-?\d{1,5})", geometry)
        if known:
            wide, high, left, top = map(int, known.groups())
            if _is_seen(desktop(root), wide, left, top):
                root.geometry(f"{min(wide, screen[0])}x{min(high, screen[1])}+{left}+{top}")
                return
        wide = min(px(FIRST_SIZE[0]), screen[0] - px(SIDES))
        high = min(px(FIRST_SIZE[1]), screen[1] - px(BARS))
        root.geometry(
            f"{wide}x{high}+{(screen[0] - wide) // 2}+{(screen[1] - high - px(BARS)) // 2}"
        )

    def set_icon(self) -> None:
        """Show the icon, once: that of the executable, or pictures, which take milliseconds."""
        from gui import icon

        if self._icons or take_own_icon(self._root):
            return
        self._icons = [tk.PhotoImage(file=path, format="png") for path in icon.PHOTOS.values()]
        self._root.iconphoto(True, *self._icons)


def _is_seen(screens: Desktop, wide: int, left: int, top: int) -> bool:
    """Tell whether enough of a window lies on any screen, and its title line does."""
    across = screens.left - wide < left < screens.right - 100
    return across and screens.top <= top < screens.bottom - 100
