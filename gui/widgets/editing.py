"""How every entry and editor of the window is edited: bound once to their classes, not per widget.

The wheel scrolls, and never changes a value. Control keys mean what they mean everywhere, not what
they mean in Emacs. Entries can undo, which Tk's cannot; what is pasted replaces what is chosen; an
entry is one line. Every entry and every text has a menu with all that.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from tkinter import ttk
from typing import Any, Final

from gui.translated import Message, translate
from gui.widgets.edits import Edits
from gui.widgets.menus import MENU_KEYS, Entry, Menu
from netlib import N_

_ENTRIES: Final = ("TEntry", "TCombobox", "TSpinbox")
_WITH_VALUES: Final = ("TCombobox", "TSpinbox")
_WHEEL: Final = ("<MouseWheel>", "<Button-4>", "<Button-5>")
_EMACS: Final = (
    ("<<NextChar>>", "<Control-f>"),
    ("<<Paste>>", "<Control-y>"),
)
"""What Tk binds to these keys on X11; here Ctrl+F finds, and Ctrl+Y does again."""
_REDO: Final = ("<Control-y>", "<Control-Z>")
"""Of these Tk knows the first on Windows, and the second elsewhere."""
_MENU: Final[tuple[tuple[str, Message, str] | None, ...]] = (
    ("<<Undo>>", N_("Undo"), "Ctrl+Z"),
    ("<<Redo>>", N_("Redo"), "Ctrl+Y"),
    None,
    ("<<Cut>>", N_("Cut"), "Ctrl+X"),
    ("<<Copy>>", N_("Copy"), "Ctrl+C"),
    ("<<Paste>>", N_("Paste"), "Ctrl+V"),
    None,
    ("<<SelectAll>>", N_("Select all"), "Ctrl+A"),
)
LONGEST: Final = 100_000
"""Characters that are pasted into one line; with a million Tk takes half a second to draw it."""
_CUT = N_("Pasted: the first {most} of {count} characters.")
_LINES_JOINED = N_("Pasted as one line: {count} line ends became blanks.")

Input = ttk.Entry | tk.Text


class Editing:
    """The bindings of one window."""

    def __init__(self, root: tk.Tk, tell: Callable[[str], None]) -> None:
        """Bind the classes; `tell` shows a short translated sentence."""
        self._root, self._tell = root, tell
        self._edits: dict[ttk.Entry, Edits] = {}
        self._menu: Menu | None = None
        self._commands: list[str] = []
        for kind in _WITH_VALUES:
            for event in _WHEEL:
                root.unbind_class(kind, event)
        for virtual, key in _EMACS:
            root.event_delete(virtual, key)
        root.event_add("<<Redo>>", *_REDO)
        self._bind()
        root.bind("<Destroy>", self._destroyed, add=True)

    def _bind(self) -> None:
        for kind in _ENTRIES:
            for event in ("<FocusIn>", "<KeyRelease>"):
                self._on(kind, event, self._note)
            self._on(kind, "<<Undo>>", partial(self._walk, Edits.undo))
            self._on(kind, "<<Redo>>", partial(self._walk, Edits.redo))
            self._on(kind, "<<Paste>>", self._paste_line)
            self._on(kind, "<ButtonRelease-2>", self._selection_pasted, add=True)
            self._on(kind, "<Destroy>", lambda event: self._edits.pop(event.widget, None))
        self._on("Text", "<<Paste>>", _paste_lines)
        for kind in (*_ENTRIES, "Text"):
            self._on(kind, "<<ContextMenu>>", self._open_menu)
            for key in MENU_KEYS:
                self._on(kind, key, partial(self._open_menu, by_key=True))

    def _on(
        self,
        kind: str,
        event: str,
        does: Callable[[tk.Event[Any]], object],
        *,
        add: bool | None = None,
    ) -> None:
        """Bind for the fields of this window; those of Tk's own dialogs, which reach Python by name
        only, keep what Tk does.
        """
        before = "" if add else str(self._root.tk.call("bind", kind, event))

        def run(told: tk.Event[Any]) -> object:
            if not isinstance(told.widget, str):
                return does(told)
            return self._root.tk.eval(before.replace("%W", told.widget)) if before else None

        self._commands.append(self._root.bind_class(kind, event, run, add))

    def _destroyed(self, event: tk.Event[tk.Misc]) -> None:
        """The window is gone: delete what `bind_class` made; see `Tooltips`."""
        if event.widget is self._root:
            for command in self._commands:
                self._root.deletecommand(command)
            self._commands = []

    # -- undo in entries -------------------------------------------------------------------------

    def _note(self, event: tk.Event[ttk.Entry]) -> None:
        self._edits_of(event.widget).note(event.widget.get())

    def _walk(self, step: Callable[[Edits, str], str], event: tk.Event[ttk.Entry]) -> None:
        entry = event.widget
        _put(entry, step(self._edits_of(entry), entry.get()))

    def _edits_of(self, entry: ttk.Entry) -> Edits:
        return self._edits.setdefault(entry, Edits(entry.get()))

    # -- what is pasted --------------------------------------------------------------------------

    def _paste_line(self, event: tk.Event[ttk.Entry]) -> None:
        entry = event.widget
        self._note(event)
        if entry.selection_present():
            entry.delete("sel.first", "sel.last")
        entry.insert("insert", self._one_line(_clipboard(entry)))
        entry.tk.call("ttk::entry::See", entry)
        self._note(event)

    def _selection_pasted(self, event: tk.Event[ttk.Entry]) -> None:
        """The middle button has pasted what another window has chosen, line ends and all."""
        text = event.widget.get()
        if (line := self._one_line(text)) != text:
            _put(event.widget, line)

    def _one_line(self, text: str) -> str:
        """Return what one line holds of a text; say what became of its line ends and the rest."""
        lines = _with_lf(text).rstrip("\n").split("\n")
        line = " ".join(lines)
        if len(line) > LONGEST:
            self._tell(translate(_CUT, most=f"{LONGEST:,}", count=f"{len(line):,}"))
        elif len(lines) > 1:
            self._tell(translate(_LINES_JOINED, count=len(lines) - 1))
        return line[:LONGEST]

    # -- the menu --------------------------------------------------------------------------------

    def _open_menu(self, event: tk.Event[Input], *, by_key: bool = False) -> str:
        """Open below the pointer or the caret; "break": the window has a menu of its own on F10."""
        field = event.widget
        field.focus_set()
        possible = self._possible(field)
        menu = self._menu = self._menu or Menu(self._root)
        menu.fill(
            *(entry and Entry(entry[1], partial(_do, field, entry[0]), entry[2]) for entry in _MENU)
        )
        for number, entry in enumerate(_MENU):
            if entry and entry[0] not in possible:
                menu.dim(number)
        at = _caret(field) if by_key else (event.x_root, event.y_root)
        menu.tk_popup(*at)
        return "break"

    def _possible(self, field: Input) -> set[str]:
        """Return what makes sense now."""
        if isinstance(field, tk.Text):
            chosen, editable = bool(field.tag_ranges("sel")), bool(field.cget("undo"))
            back, forth = (
                bool(field.tk.call(field, "edit", question)) for question in ("canundo", "canredo")
            )
        else:
            chosen, editable = field.selection_present(), not field.instate(["readonly"])
            edits = self._edits_of(field)
            back, forth = edits.older, edits.newer
        editable = editable and "disabled" not in str(field.cget("state"))
        found = {
            "<<Undo>>": editable and back,
            "<<Redo>>": editable and forth,
            "<<Cut>>": editable and chosen,
            "<<Copy>>": chosen,
            "<<Paste>>": editable and bool(_clipboard(field)),
            "<<SelectAll>>": True,
        }
        return {virtual for virtual, sensible in found.items() if sensible}


def replace(text: tk.Text, first: str, last: str, words: str) -> None:
    """Put `words` in place of what stands from `first` to `last`; one step for Undo."""
    text.configure(autoseparators=False)
    text.edit_separator()
    text.replace(first, last, words)
    text.edit_separator()
    text.configure(autoseparators=True)


def _paste_lines(event: tk.Event[tk.Text]) -> None:
    """Put the clipboard in place of what is chosen; Tk on X11 puts it beside."""
    text = event.widget
    place = ("sel.first", "sel.last") if text.tag_ranges("sel") else ("insert", "insert")
    replace(text, *place, _with_lf(_clipboard(text)))
    text.see("insert")


def _do(field: Input, virtual: str) -> None:
    """Do what a key would do; what watches the keys is told of one."""
    field.event_generate(virtual)
    field.event_generate("<KeyRelease>")


def _put(entry: ttk.Entry, text: str) -> None:
    entry.delete(0, "end")
    entry.insert(0, text)


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _clipboard(widget: tk.Misc) -> str:
    with suppress(tk.TclError):  # empty, or something else than text
        return widget.clipboard_get()
    return ""


def _caret(field: Input) -> tuple[int, int]:
    """Return where on the screen a menu of the keyboard opens."""
    box = field.bbox("insert")
    left, top, _width, height = box or (0, 0, 0, 0)
    return field.winfo_rootx() + left, field.winfo_rooty() + top + height
