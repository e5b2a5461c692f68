"""The tools beside the tabs: sign and word where there is room, else the sign, else in the menu."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from gui.keys import Intents, shown_key
from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, Message, set_text, translate
from gui.widgets.fit import Fitted
from gui.widgets.tooltip import tip
from netlib import N_, language
from netlib.value import NamedTuple


class Tool(NamedTuple):
    """A sign, the word beside it, and what it does; the menu has it, too."""

    sign: str
    word: Message
    intent: str
    hint: str


TOOLS: Final = (
    Tool("", lambda: "EN" if language() == "zh" else "中文", "language", "中文 / English ({key})"),
    Tool("◐", N_("Light/dark"), "dark", N_("Light or dark ({key}).")),
    Tool("A−", N_("Smaller"), "smaller", N_("Smaller ({key}).")),
    Tool("A+", N_("Larger"), "larger", N_("Larger ({key}).")),
    Tool("▣", N_("Projector"), "projector", N_("Only the rows, in large text ({key}).")),
    Tool("?", N_("Help"), "help", N_("Keys and help ({key}).")),
    Tool("☰", N_("Menu"), "menu", N_("Recordings, help, quit ({key}).")),
)
GAP: Final = 4


class Tools(Fitted):
    """Lies on the tabs' row, where the tabs leave room; never over a tab."""

    def __init__(self, root: tk.Tk, theme: Theme, notebook: ttk.Notebook, intents: Intents) -> None:
        """Show nothing before the notebook has its tabs and a width."""
        super().__init__(root, theme)
        self._notebook, self._intents = notebook, intents
        worded = [self._button(tool, worded=True) for tool in TOOLS]
        plain = [self._button(tool, worded=False) for tool in TOOLS]
        self._levels = (worded, plain, plain[-1:])
        for button in (*worded, *plain):
            self.hold(button)
        notebook.bind("<Configure>", lambda _event: self._lie_beside(), add=True)
        for event in ("<<ThemeChanged>>", LANGUAGE_CHANGED):
            self.bind(event, lambda _event: self._lie_beside(), add=True)

    def _button(self, tool: Tool, *, worded: bool) -> ttk.Button:
        button = ttk.Button(self, style="Tool.TButton", command=lambda: self._do(tool.intent))
        word = tool.word if worded or not tool.sign else ""
        set_text(button, lambda: f"{tool.sign} {translate(word)}".strip() if word else tool.sign)
        tip(button, lambda: translate(tool.hint, key=shown_key(tool.intent)))
        return button

    def _do(self, intent: str) -> None:
        self._intents[intent]()

    def _lie_beside(self) -> None:
        """Take the room right of the tabs."""
        self.place(
            in_=self._notebook,
            relx=1,
            y=self._theme.px(1),
            anchor="ne",
            relwidth=1,
            width=-tabs_width(self._notebook),
        )

    def arrange(self, width: int) -> int:
        """Place the buttons of the first level that there is room for."""
        gap = self._theme.px(GAP)
        shown = next((one for one in self._levels if _width(one, gap) <= width), self._levels[-1])
        left = width
        for button in reversed(shown):
            left -= button.winfo_reqwidth() + gap
            button.place(x=left, y=0)
        for button in {*self._levels[0], *self._levels[1]} - {*shown}:
            button.place_forget()
        return max(button.winfo_reqheight() for button in shown)


def tabs_width(notebook: ttk.Notebook) -> int:
    """Return how wide the tabs are, by their words: Tk tells it nowhere."""
    style = ttk.Style(notebook)
    font = tkfont.nametofont(str(style.lookup("TNotebook.Tab", "font")), root=notebook)
    sides = int(str(notebook.tk.splitlist(style.lookup("TNotebook.Tab", "padding"))[0]))
    tabs = [notebook.tab(tab) for tab in notebook.tabs()]  # type: ignore[no-untyped-call]
    words = [str(tab["text"]) for tab in tabs if str(tab["state"]) != "hidden"]
    return sum(font.measure(text) + 2 * sides for text in words)


def _width(buttons: list[ttk.Button], gap: int) -> int:
    return sum(button.winfo_reqwidth() + gap for button in buttons)
