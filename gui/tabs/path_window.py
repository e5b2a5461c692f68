"""The path to a server in a small window: five lines, each with its time and a sentence."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from gui.context import Context
from gui.models.path_check import PathCheck
from gui.theme.screens import show_over
from gui.translated import LANGUAGE_CHANGED, Message, set_text, set_title, translate
from gui.widgets.readonly import read_only
from gui.widgets.tooltip import enable
from netlib import N_, Endpoint, broken, milliseconds, visible_text
from netlib.teaching.doctor import MARKS, Finding, State

SIZE: Final = (760, 380)
"""Logical pixels; never more than the screen has."""
GAP, PADDING, NARROWEST = 14, 10, 160
"""Logical pixels: between two columns, round the text, and the least for a sentence."""
_COLUMN: Final = "\t\t\t"
"""What stands before a sentence that goes on in a new line."""
_NAME: Final = ".path"
_COLOURS: Final = {State.OK: "good", State.FAILED: "bad"}
_UNDER_WAY: Final = N_("The path is being looked at.")


def show_path(context: Context, endpoint: Endpoint) -> PathWindow:
    """Look at the path to a server, in place of the one looked at before."""
    root = context.theme.root
    if root.tk.call("winfo", "exists", _NAME):
        root.nametowidget(_NAME).destroy()
    return PathWindow(context, endpoint)


class PathWindow(tk.Toplevel):
    """Shows how far one gets; Esc closes it."""

    def __init__(self, context: Context, endpoint: Endpoint) -> None:
        """Begin to look."""
        root = context.theme.root
        super().__init__(root, name=_NAME[1:])
        self._context = context
        self.model = PathCheck(context.backend, endpoint, self._show)
        set_title(self, N_("Path to {target}"), target=visible_text(str(endpoint), 100))
        self.transient(root)
        self._make_buttons()
        self._make_text()
        self.bind("<Escape>", lambda _event: self.destroy())
        self.text.bind("<Configure>", lambda _event: self._write(), add=True)
        self.text.bind(LANGUAGE_CHANGED, lambda _event: self._write(), add=True)
        self.bind("<<ThemeChanged>>", lambda _event: self._dress(), add=True)
        self.model.begin()
        show_over(self, root, self.close, self._room())

    def _room(self) -> tuple[int, int]:
        """Return a width and a height for the text, no larger than the screen."""
        px = self._context.theme.px
        screen = self.winfo_screenwidth(), self.winfo_screenheight() - px(60)
        wide, high = (min(px(side), room) for side, room in zip(SIZE, screen, strict=True))
        return wide, high

    def _make_buttons(self) -> None:
        px = self._context.theme.px
        bar = ttk.Frame(self)
        bar.pack(side="bottom", fill="x", padx=px(16), pady=px(12))
        self.again = _button(bar, N_("Check again"), self.model.begin)
        self.copy = _button(bar, N_("Copy"), self._copy)
        self.close = _button(bar, N_("Close"), self.destroy)
        self.again.pack(side="left")
        self.copy.pack(side="left", padx=px(8))
        self.close.pack(side="right")

    def _make_text(self) -> None:
        px = self._context.theme.px
        inside = ttk.Frame(self, style="Field.TFrame", padding=px(3))
        inside.pack(fill="both", expand=True, padx=px(16), pady=(px(16), 0))
        self.text = text = tk.Text(
            inside,
            wrap="none",
            font="TkTextFont",
            width=1,
            height=1,
            padx=px(PADDING),
            pady=px(PADDING),
        )
        read_only(text)
        bar = ttk.Scrollbar(inside, command=text.yview, takefocus=False)
        text.configure(yscrollcommand=bar.set)
        bar.pack(side="right", fill="y")
        text.pack(fill="both", expand=True)

    # -- what is shown ---------------------------------------------------------------------------

    def _show(self) -> None:
        self._write()
        enable(self.again, self.model.is_over, lambda: translate(_UNDER_WAY))

    def _dress(self) -> None:
        self.geometry("{}x{}".format(*self._room()))
        self._write()

    def _write(self) -> None:
        """Write all lines anew, in the language, the colours and the size of the moment."""
        text, theme, found = self.text, self._context.theme, self.model.findings()
        bold, plain = (
            tkfont.nametofont(name, root=text) for name in ("TkHeadingFont", "TkTextFont")
        )
        gap = theme.px(GAP)
        step = bold.measure(MARKS[State.OK]) + gap
        time = step + max(bold.measure(translate(one.step)) for one in found) + gap
        time += plain.measure("00000 ms")
        room = text.winfo_width() - 2 * theme.px(PADDING) - time - gap
        room = max(room, theme.px(NARROWEST))
        text.configure(tabs=(step, time, "right", time + gap))
        text.tag_configure("head", spacing1=theme.px(6))
        text.tag_configure("bold", font=bold)
        for state in State:
            colour = getattr(theme.palette, _COLOURS.get(state, "muted"))
            text.tag_configure(str(state), foreground=colour)
        text.delete("1.0", "end")
        for one in found:
            self._add(one, broken(one.sentence, plain.measure, room))
            if one.advice:
                advice = translate(N_("Try: {text}"), text=one.advice)
                lines = broken(advice, bold.measure, room)
                text.insert("end", "".join(f"{_COLUMN}{line}\n" for line in lines), "bold")
        text.delete("end-1c")

    def _add(self, finding: Finding, sentence: list[str]) -> None:
        state, first, *more = str(finding.state), *sentence
        time = milliseconds(finding.seconds) if finding.is_over else ""
        head = f"{MARKS[finding.state]}\t{translate(finding.step)}"
        self.text.insert("end", head, ("head", "bold", state))
        self.text.insert("end", f"\t{time}\t{first}\n", "head")
        self.text.insert("end", "".join(f"{_COLUMN}{line}\n" for line in more))

    # -- what the user does ----------------------------------------------------------------------

    def _copy(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(self.model.text())

    def destroy(self) -> None:
        """Look no further, also when the program ends."""
        self.model.close()
        super().destroy()


def _button(parent: ttk.Frame, words: Message, does: Callable[[], object]) -> ttk.Button:
    button = ttk.Button(parent, command=does)
    set_text(button, words)
    return button
