"""A dot and a word: what listens or is connected has a green ●, all else a grey ○."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

_ON, _OFF = ("●", "Lamp.TLabel"), ("○", "Muted.TLabel")


class Lamp(ttk.Frame):
    """Says a state in words; the dot says it by its shape and its colour as well."""

    def __init__(self, parent: tk.Misc) -> None:
        """Say nothing yet."""
        super().__init__(parent)
        self.dot, self.words = ttk.Label(self), ttk.Label(self, style="Muted.TLabel")
        self.dot.pack(side="left")
        self.words.pack(side="left", fill="x", expand=True)

    def show(self, on: bool, words: str) -> None:
        """Show a state; `words` are translated."""
        sign, style = _ON if on else _OFF
        self.dot.configure(text=sign, style=style)
        self.words.configure(text=f" {words}")
