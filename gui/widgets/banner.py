"""The banner: what the network answered, why perhaps, and what to try. Never a dialog.

It lies over the head of the page it belongs to, where the oldest rows are, so nothing moves when
it comes or goes; it never takes the focus, and stays until it is closed or the next one comes.
"""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Literal

from gui.theme.palette import GLYPHS
from gui.theme.theme import Theme
from gui.translated import Message, set_text
from gui.widgets.fit import Paragraph
from gui.widgets.tooltip import tip
from netlib import N_

Severity = Literal["good", "info", "warn", "bad"]


class Banner(ttk.Frame):
    """A sentence in bold, a line with reason and advice, and a way to close it."""

    def __init__(self, over: tk.Misc, theme: Theme) -> None:
        """Belong to the widget `over` whose head it will cover; nothing is shown yet."""
        super().__init__(over.master, padding=(theme.px(12), theme.px(8)), takefocus=False)
        self._over = over
        self._glyph = ttk.Label(self)
        self._sentence, self._advice = Paragraph(self, theme), Paragraph(self, theme)
        self._close = ttk.Button(self, text="✕", width=0, command=self.clear)
        tip(self._close, N_("Close this message."))
        self.columnconfigure(1, weight=1)
        self._glyph.grid(row=0, column=0, sticky="n", padx=(0, theme.px(8)))
        self._sentence.grid(row=0, column=1, sticky="we")
        self._advice.grid(row=1, column=1, sticky="we")
        self._close.grid(row=0, column=2, rowspan=2, sticky="n", padx=(theme.px(8), 0))

    @property
    def showing(self) -> bool:
        """Whether the banner is on the screen."""
        return bool(self.winfo_manager())

    def show(self, severity: Severity, sentence: Message, advice: Message = "") -> None:
        """Show a message in place of the one before."""
        self.configure(style=f"{severity}.Banner.TFrame")
        self._glyph.configure(text=GLYPHS[severity])
        for label in (self._glyph, self._sentence.label):
            label.configure(style=f"{severity}.Sentence.Banner.TLabel")
        self._advice.label.configure(style=f"{severity}.Banner.TLabel")
        self._close.configure(style=f"{severity}.Banner.TButton")
        set_text(self._sentence.label, sentence)
        set_text(self._advice.label, advice)
        if advice:
            self._advice.grid()
        else:
            self._advice.grid_remove()
        self.place(in_=self._over, relx=0, rely=0, relwidth=1)
        self.lift()

    def clear(self) -> None:
        """Take the banner away."""
        if self._close.instate(["focus"]):
            self._over.focus_set()
        self.place_forget()
