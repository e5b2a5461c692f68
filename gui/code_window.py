"""The window that shows the code: a short program that does what the tab in front does."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING, Final

from gui.context import Context
from gui.tabs.shown_tasks import task_of
from gui.translated import set_text, set_title, translate
from gui.widgets.choice import Segments
from gui.widgets.file_dialogs import ask_save
from gui.widgets.flow import Flow
from gui.widgets.readonly import read_only
from gui.widgets.tooltip import enable
from netlib import N_, _
from netlib.recording.ladder_file import written
from netlib.teaching.code import go, python, shell
from netlib.teaching.code.colours import python_parts

if TYPE_CHECKING:
    from gui.tabs.page import Page
    from netlib import Background
    from netlib.teaching.code.tasks import Task

SIZE: Final = (760, 620)
"""Logical pixels; never more than the screen has."""
MARGIN: Final = 80
LOOK_MS: Final = 300
"""How often it looks whether the tab does something else now."""
_NAME = ".code"

PROGRAMS: Final[dict[str, tuple[str, str, Callable[[Task], str]]]] = {
    "python": ("Python", ".py", python.program),
    "go": ("Go", ".go", go.program),
    "shell": ("Shell", ".sh", shell.program),
}
"""Of each language its name, the end of a file's name, and what writes a program."""


def open_code(root: tk.Tk, context: Context, page: Callable[[], Page]) -> CodeWindow:
    """Show the window, or bring it to the front; `page` returns the tab in front."""
    if root.tk.call("winfo", "exists", _NAME):
        window = root.nametowidget(_NAME)
        assert isinstance(window, CodeWindow)
        window.lift()
        window.focus_set()
        return window
    return CodeWindow(root, context, page)


class CodeWindow(tk.Toplevel):
    """Shows the program for the values in the tab as they are at this moment."""

    def __init__(self, root: tk.Tk, context: Context, page: Callable[[], Page]) -> None:
        super().__init__(root, name=_NAME[1:])
        self._context, self._page = context, page
        self.program = ""
        """What is shown; empty: there is none, and a sentence says why."""
        self.buttons: list[ttk.Button] = []
        self._shown = self._next = ""
        self._saving: Background | None = None
        px = context.theme.px
        set_title(self, N_("Socketboard: the code"))
        room = self.winfo_screenwidth() - MARGIN, self.winfo_screenheight() - MARGIN
        wide, high = (min(px(side), most) for side, most in zip(SIZE, room, strict=True))
        self.geometry(f"{wide}x{high}")
        inside = ttk.Frame(self, padding=px(12))
        inside.pack(fill="both", expand=True)
        self._fill(inside)
        self.bind("<Escape>", lambda _event: self.destroy())
        self.bind("<<ThemeChanged>>", lambda _event: self._dress(), add=True)
        self._dress()
        self._look()
        self.text.focus_set()

    def _fill(self, inside: ttk.Frame) -> None:
        px = self._context.theme.px
        head = Flow(inside, self._context.theme)
        head.pack(side="top", fill="x", pady=(0, px(8)))
        names = {key: name for key, (name, _end, _writes) in PROGRAMS.items()}
        self.language: Segments[str] = Segments(head, names, lambda _key: self.refresh())
        head.add(self.language)
        head.spread()
        for words, does in ((N_("Copy"), self.copy), (N_("Save…"), self.save)):
            button = ttk.Button(head, style="Tool.TButton", command=does)
            set_text(button, words)
            head.add(button)
            self.buttons.append(button)
        field = ttk.Frame(inside, style="Field.TFrame", padding=px(3))
        field.pack(fill="both", expand=True)
        self.text = tk.Text(
            field, wrap="none", font="TkFixedFont", height=1, padx=px(8), pady=px(6)
        )
        read_only(self.text)
        down = ttk.Scrollbar(field, command=self.text.yview, takefocus=False)
        across = ttk.Scrollbar(field, orient="horizontal", command=self.text.xview, takefocus=False)
        self.text.configure(yscrollcommand=down.set, xscrollcommand=across.set)
        down.pack(side="right", fill="y")
        across.pack(side="bottom", fill="x")
        self.text.pack(fill="both", expand=True)

    def refresh(self) -> None:
        """Show the program for what the tab does now, or say why there is none."""
        _name, _end, writes = PROGRAMS[self.language.key]
        try:
            task = task_of(self._page())
        except ValueError as wrong:
            self._show("", str(wrong))
            return
        try:
            self._show(writes(task), "")
        except ValueError:
            self._show("", _("There is no short program in this language for it."))

    def _dress(self) -> None:
        """Take colours from the theme."""
        palette = self._context.theme.palette
        self.text.tag_configure("told", font="TkTextFont", wrap="word")
        for kind, colour in (
            ("keyword", palette.sent),
            ("string", palette.received),
            ("number", palette.fin),
            ("comment", palette.muted),
        ):
            self.text.tag_configure(kind, foreground=colour)

    def copy(self) -> None:
        """Put the program on the clipboard."""
        if self.program:
            self.clipboard_clear()
            self.clipboard_append(self.program)
            self._context.tell(translate(N_("The program is on the clipboard.")))

    def save(self) -> None:
        """Ask for a file, and write the program into it."""
        name, end, _writes = PROGRAMS[self.language.key]
        if not self.program:
            return
        types = ((translate(name), f"*{end}"), (_("All files"), "*"))
        path = ask_save(self, self._context.places, _("Save the program"), types, end)
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Begin to write the program into a file."""
        self._saving = written(path, self.program.encode)

    def _show(self, program: str, why: str) -> None:
        self.program = program
        if self._shown == (program or why):
            return
        self._shown = program or why
        for button in self.buttons:
            enable(button, bool(program), N_("There is no program here."))
        self.text.delete("1.0", "end")
        self.text.insert("1.0", self._shown, () if program else "told")
        for part in python_parts(program) if self.language.key == "python" else ():
            begin, end = (f"{line}.{column}" for line, column in (part.begin, part.end))
            self.text.tag_add(part.kind, begin, end)

    def _look(self) -> None:
        self.refresh()
        if self._saving is not None and self._saving.outcome is not None:
            self._context.tell(self._saving.outcome)
            self._saving = None
        self._next = self.after(LOOK_MS, self._look)

    def destroy(self) -> None:
        """Close the window; it looks no more."""
        self.after_cancel(self._next)
        super().destroy()
