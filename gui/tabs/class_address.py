"""The address of a server for the last row of a class, as large as the page."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from gui.theme.theme import Theme
from gui.translated import set_text, translate
from gui.widgets.fit import fixed_request
from netlib import N_

MOST: Final = 3
"""Addresses that are shown; a computer has seldom more that others can reach."""

LARGEST, SMALLEST = 160, 14
"""Points."""


class ClassAddress(ttk.Frame):
    """Each address on one line, the port in the accent colour, and how to come back."""

    def __init__(self, parent: tk.Misc, theme: Theme, on_end: Callable[[], None]) -> None:
        """Show no address yet."""
        super().__init__(parent, padding=theme.px(8))
        fixed_request(self)
        self._theme = theme
        self._addresses: list[str] = []
        self._font = tkfont.Font(root=self, family="TkFixedFont", weight="bold")
        head = ttk.Frame(self)
        title = ttk.Label(head, style="Title.TLabel")
        set_text(title, N_("Connect to this address"))
        title.pack(side="left")
        self.back = ttk.Button(head, command=on_end)
        set_text(self.back, N_("Back to the clients (Esc)"))
        self.back.pack(side="right")
        head.pack(side="top", fill="x")
        self._foot = ttk.Label(self, style="Muted.TLabel")
        self._foot.pack(side="bottom", fill="x")
        self.text = tk.Text(self, borderwidth=0, highlightthickness=0, takefocus=False, width=1)
        self.text.configure(height=1, wrap="none", cursor="arrow", state="disabled")
        self.text.pack(fill="both", expand=True)
        self.text.tag_configure("line", justify="center")
        self.text.bind("<Configure>", lambda _event: self._fit())
        self.bind("<<ThemeChanged>>", lambda _event: self._fit())

    def show(self, addresses: Sequence[str], command: str, clients: int) -> None:
        """Show what people type, in Socketboard and in a terminal, and how many have."""
        words = translate(
            N_("In a terminal: {command} · connected now: {count}"),
            command=command,
            count=f"{clients:,}",
        )
        if words != self._foot.cget("text"):
            self._foot.configure(text=words)
        if list(addresses[:MOST]) != self._addresses:
            self._addresses = list(addresses[:MOST])
            self._fit()

    def _fit(self) -> None:
        """Write the addresses as large as the room allows."""
        text, palette = self.text, self._theme.palette
        wide, high = text.winfo_width(), text.winfo_height()
        if wide <= 1 or not self._addresses:
            return
        family = tkfont.nametofont("TkFixedFont", root=self).actual("family")
        self._font.configure(family=family, size=LARGEST)
        longest = max(map(self._font.measure, self._addresses))
        lines = self._font.metrics("linespace") * len(self._addresses)
        share = min(wide * 0.96 / longest, high / lines, 1.0)
        self._font.configure(size=max(int(LARGEST * share), SMALLEST))
        text.configure(font=self._font, background=palette.window, foreground=palette.text)
        text.tag_configure("port", foreground=palette.accent)
        spare = high - self._font.metrics("linespace") * len(self._addresses)
        text.configure(state="normal", pady=max(spare // 2, 0))
        text.delete("1.0", "end")
        for number, address in enumerate(self._addresses):
            host, _colon, port = address.rpartition(":")
            text.insert("end", "\n" * (number > 0) + host, "line", f":{port}", ("line", "port"))
        text.configure(state="disabled")
