"""Leaving: asks only when something would be lost, and says what."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import Final

from gui.models.backend import Backend, UnderWay
from gui.recording_files import RecordingFiles
from gui.theme.screens import show_over
from gui.theme.theme import Theme
from gui.translated import Message, set_text, set_title
from gui.widgets.flow import in_lines
from netlib import N_, _, ngettext

_NAME: Final = ".quit"
WIDEST: Final = 520
"""Logical pixels of the text."""
MARGIN: Final = 20
"""Pixels of the screen that are left to the frame of the window."""


class Quitting:
    """The question before the window closes."""

    def __init__(
        self,
        root: tk.Tk,
        theme: Theme,
        backend: Backend,
        files: RecordingFiles,
        close: Callable[[], None],
    ) -> None:
        """Ask nothing yet; `close` closes the window without a question."""
        self._root, self._theme, self._backend = root, theme, backend
        self._files, self._close = files, close

    def quit(self) -> None:
        """Close the window at once when nothing would be lost, else ask."""
        under_way = self._backend.under_way()
        if not lost(under_way, self._files.saved):
            self._close()
        elif self._root.tk.call("winfo", "exists", _NAME):
            self._root.nametowidget(_NAME).lift()
        else:
            self._ask(under_way.rows > self._files.saved)

    def _ask(self, unsaved: bool) -> None:
        window = tk.Toplevel(self._root, name=_NAME[1:])
        set_title(window, N_("Quit Socketboard?"))
        window.transient(self._root)
        window.resizable(False, False)
        window.bind("<Escape>", lambda _event: window.destroy())
        choices: list[tuple[Message, Callable[[], object]]] = [
            (N_("Quit"), self._close),
            (N_("Cancel"), window.destroy),
        ]
        if unsaved:
            choices.insert(0, (N_("Save recording…"), lambda: self._save(window)))
        question = _Question(window, self._theme, self._sentence, choices)
        question.pack()
        window.bind("<<ThemeChanged>>", lambda _event: question.fit())
        safest = question.buttons[0 if unsaved else -1]
        safest.configure(style="Accent.TButton")
        show_over(window, self._root, safest)

    def _sentence(self) -> str:
        words = lost(self._backend.under_way(), self._files.saved)
        return _("This ends with the window: {what}.").format(what=words)

    def _save(self, window: tk.Toplevel) -> None:
        """Save, and close the window once the copy is there."""
        window.destroy()
        self._files.ask_save_copy(self._close)


class _Question(ttk.Frame):
    """The words, and below them the choices, in more than one line where they are too wide."""

    def __init__(
        self,
        window: tk.Toplevel,
        theme: Theme,
        sentence: Callable[[], str],
        choices: Sequence[tuple[Message, Callable[[], object]]],
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._labels = [
            _label(self, "Result.TLabel", N_("Quit Socketboard?")),
            _label(self, "TLabel", sentence),
        ]
        self._choices = ttk.Frame(self)
        self.buttons = [_button(self._choices, words, does) for words, does in choices]
        self.fit()

    def fit(self) -> None:
        """Take as much room as the text needs, and no more than the screen has."""
        px = self._theme.px
        self.configure(padding=px(20))
        room = min(px(WIDEST), self.winfo_screenwidth() - 2 * px(20) - MARGIN)
        for label in self._labels:
            label.configure(wraplength=room)
            label.pack(anchor="w", pady=(0, px(12)))
        self._choices.pack(anchor="e", pady=(px(8), 0))
        lines = in_lines(self.buttons, px(8), room)
        for row, line in enumerate(lines):
            for button in line:
                column = line.index(button) + len(self.buttons) - len(line)
                button.grid(row=row, column=column, padx=(px(8), 0), pady=(0, px(4)), sticky="e")


def _label(parent: tk.Misc, style: str, words: Message) -> ttk.Label:
    label = ttk.Label(parent, style=style, justify="left")
    set_text(label, words)
    return label


def _button(parent: tk.Misc, words: Message, does: Callable[[], object]) -> ttk.Button:
    button = ttk.Button(parent, command=does)
    set_text(button, words)
    button.bind("<Return>", lambda _event: button.invoke())
    return button


def lost(now: UnderWay, saved: int) -> str:
    """Return what would be lost with the window, in words, or "": nothing would."""
    unsaved = max(now.rows - saved, 0)
    counted = (
        (now.servers, ngettext("{count} server", "{count} servers", now.servers)),
        (now.clients, ngettext("{count} client", "{count} clients", now.clients)),
        (
            now.connections,
            ngettext("{count} connection", "{count} connections", now.connections),
        ),
        (unsaved, ngettext("{count} row not saved", "{count} rows not saved", unsaved)),
    )
    words = [sentence.format(count=f"{count:,}") for count, sentence in counted if count]
    return _(", ").join(words)
