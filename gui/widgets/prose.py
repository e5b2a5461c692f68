"""Text to be read at leisure: paragraphs with bold pieces and code, selected and copied as text.

Tk breaks lines at blanks alone, and Chinese has none: where a line may end there is a blank too
narrow to be seen, which a copy leaves out.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from gui.theme.theme import Theme
from gui.widgets.fit import fixed_request
from gui.widgets.focus import focused
from gui.widgets.readonly import read_only
from netlib import pieces, visible_text

PARAGRAPH_CHARACTERS: Final = 8000
"""Of a longer paragraph the rest is counted: Tk takes long over long lines."""
_BREAK: Final = "break"
_FONTS: Final = {
    "title": "ResultFont",
    "head": "TkCaptionFont",
    "strong": "TkCaptionFont",
    "bold": "TkCaptionFont",
    "code": "LeadMonoFont",
    "small": "TkSmallCaptionFont",
}
"""Of pieces and paragraphs that are not in the usual one."""
_COLOURS: Final = {
    "small": "muted",
    "muted": "muted",
    "good": "good",
    "warn": "warn",
    "bad": "bad",
}
_SPACES: Final = {
    "title": (10, 8),
    "head": (14, 4),
    "choice": (4, 4),
    "answer": (0, 6),
    "item": (0, 4),
}
"""Logical pixels above and below; of the others 0 and 6."""
_SIGNS: Final = {"good": "✓ ", "warn": "! ", "bad": "✗ ", "item": "• "}
"""What stands before a paragraph, so that colour is not all that tells."""
_HANGING: Final = {**dict.fromkeys((*_SIGNS, "answer"), 22), "choice": 44}
"""Logical pixels left of the second line: the width of a sign, or of the control before it."""
KINDS: Final = ("title", "head", "lead", "text", "strong", "muted", "choice", "answer", *_SIGNS)
"""How a paragraph may look."""


class Prose(ttk.Frame):
    """Paragraphs with a scrollbar; it asks for next to no room."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Say nothing yet."""
        super().__init__(parent, style="Ring.TFrame", padding=theme.px(3))
        fixed_request(self)
        self._theme = theme
        self._embedded: list[tk.Widget] = []
        self._invisible = tkfont.Font(self, size=-1)
        self.text = tk.Text(self, wrap="word", font="LeadFont", height=1, width=1)
        self.text.configure(cursor="arrow", exportselection=False, insertwidth=0)
        read_only(self.text)
        bar = ttk.Scrollbar(self, command=self.text.yview, takefocus=False)
        self.text.configure(yscrollcommand=bar.set)
        bar.pack(side="right", fill="y")
        self.text.pack(fill="both", expand=True)
        self.text.bind("<<Copy>>", lambda _event: self.copy())
        self.text.bind("<FocusIn>", lambda _event: self.state(["focus"]))
        self.text.bind("<FocusOut>", lambda _event: self.state(["!focus"]))
        self.bind("<<ThemeChanged>>", lambda _event: self._dress(), add=True)
        self._dress()

    def clear(self) -> None:
        """Say nothing; a control that had the keyboard gives it to the text."""
        if focused(self).startswith(f"{self.text}."):
            self.text.focus_set()
        for control in self._embedded:  # Tk would destroy them by itself, behind tkinter's back
            control.destroy()
        self._embedded = []
        self.text.delete("1.0", "end")

    def add(
        self, kind: str, spans: Iterable[tuple[str, str]], small: str = "", tag: str = ""
    ) -> None:
        """Add a paragraph of pieces, each with its look ("", bold, code), and small words behind.

        `tag`: what the paragraph is marked with beside its kind.
        """
        tags = (kind, tag) if tag else (kind,)
        parts: list[object] = [_SIGNS.get(kind, ""), tags]
        for text, look in [*spans, (f"  {small}" if small else "", "small")]:
            shown = visible_text(text, PARAGRAPH_CHARACTERS)
            look_tags = (*tags, look) if look else tags
            before = " "
            for piece in pieces(shown):
                if not (before.isspace() or piece.isspace()):
                    parts += [" ", (*tags, _BREAK)]
                parts += [piece, look_tags]
                before = piece
        self.text.insert("end", *parts, "\n", tags)  # type: ignore[arg-type]

    def embed(self, widget: tk.Widget, kind: str = "choice") -> None:
        """Put a control at the end, before what is added next."""
        self._embedded.append(widget)
        self.text.window_create("end", window=widget, padx=self._theme.px(4))
        self.text.tag_add(kind, "end-2c")

    def words(self, first: str = "1.0", last: str = "end-1c") -> str:
        """Return what is read between two places."""
        found, hidden = [], False
        for what, value, _place in self.text.dump(first, last, text=True, tag=True):
            if value == _BREAK and what != "text":
                hidden = what == "tagon"
            elif what == "text" and not hidden:
                found.append(value)
        return "".join(found)

    def copy(self) -> str:
        """Put what is selected on the clipboard; "break": Tk would put the breaks there, too."""
        if self.text.tag_ranges("sel"):
            self.clipboard_clear()
            self.clipboard_append(self.words("sel.first", "sel.last"))
        return "break"

    def _dress(self) -> None:
        """Take fonts, colours and spaces from the theme."""
        px, text, palette = self._theme.px, self.text, self._theme.palette
        text.configure(padx=px(8), pady=px(6), background=palette.window)
        for kind in KINDS:
            above, below = _SPACES.get(kind, (0, 6))
            text.tag_configure(kind, spacing1=px(above), spacing3=px(below), spacing2=px(2))
            text.tag_configure(kind, lmargin2=px(_HANGING.get(kind, 0)))
        for tag, font in _FONTS.items():
            text.tag_configure(tag, font=font)
        for tag, colour in _COLOURS.items():
            text.tag_configure(tag, foreground=getattr(palette, colour))
        text.tag_configure(_BREAK, font=self._invisible)
        text.tag_raise("sel")
