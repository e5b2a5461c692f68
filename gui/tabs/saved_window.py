"""The list of saved messages: send, change, repeat, import and export them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from gui.context import Context
from gui.models.saved_messages import SavedMessage, SavedMessages, save_file
from gui.models.textbook_messages import textbook_messages
from gui.models.typed import Typed
from gui.tabs.saved_form import MessageForm
from gui.translated import Message, set_text, set_title
from gui.widgets.columns import Column
from gui.widgets.file_dialogs import ask_open, ask_save
from gui.widgets.fit import Paragraph
from gui.widgets.flow import Flow
from gui.widgets.table import CHOSEN, OPENED, Table, TableRow
from gui.widgets.tooltip import enable
from netlib import N_, _, visible_text

SIZE: Final = (860, 560)
"""Logical pixels."""
MARGIN: Final = 60
"""Pixels of a screen left to the frame of the window, and to the task bar."""
SHOWN: Final = 200
"""Characters of a message in the list."""
COLUMNS: Final = (
    Column("name", N_("Message name"), 180),
    Column("target", N_("Target"), 200),
    Column("message", N_("Message"), 240, stretch=True),
    Column("every", N_("Every"), 80, "e"),
)
END: Final = ".json"


class SavedWindow(tk.Toplevel):
    """The messages of a user, and one of them to be changed."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        send: Callable[[SavedMessage], str | None],
    ) -> None:
        """Show all there are; `send` sends one, or says why not."""
        super().__init__(parent)
        self._context, self._kept, self._send = context, context.messages, send
        self._was = ""
        """Name of the message in the form; empty: it is a new one."""
        self._asking: list[ttk.Button] = []
        """The buttons for the chosen message."""
        px = context.theme.px
        set_title(self, N_("Saved messages"))
        self._take_room()
        self.bind("<<ThemeChanged>>", lambda _event: self._take_room())
        inside = ttk.Frame(self, padding=px(12))
        inside.pack(fill="both", expand=True)
        self.told = Paragraph(inside, context.theme)
        self.told.pack(side="bottom", fill="x", pady=(px(8), 0))
        self.form = MessageForm(
            inside,
            context.theme,
            self.save,
            lambda name: self._was not in {"", name} and name in _names(self._kept),
        )
        self.form.pack(side="bottom", fill="x", pady=(px(8), 0))
        self._make_buttons(inside)
        self.table = Table(inside, context.theme, COLUMNS, N_("Nothing is saved yet."))
        self.table.pack(fill="both", expand=True)
        self.table.bind(CHOSEN, lambda _event: self._show_chosen())
        self.table.bind(OPENED, lambda _event: self.send_chosen())
        self.bind("<Escape>", lambda _event: self.destroy())
        self.refresh()
        self.tell("\n".join(self._kept.problems))

    def _take_room(self) -> None:
        """Be as large as the text needs, and no larger than the screen."""
        room = self.winfo_screenwidth() - MARGIN, self.winfo_screenheight() - MARGIN
        wide, high = (
            min(self._context.theme.px(side), most) for side, most in zip(SIZE, room, strict=True)
        )
        self.geometry(f"{wide}x{high}")

    def _make_buttons(self, inside: ttk.Frame) -> None:
        bar = Flow(inside, self._context.theme, gap=6)
        bar.pack(side="bottom", fill="x", pady=(self._context.theme.px(8), 0))
        entries: tuple[tuple[Message, Callable[[], object]], ...] = (
            (N_("Send"), self.send_chosen),
            (N_("New"), lambda: self.begin(Typed(""), "")),
            (N_("Save"), self.save),
            (N_("Delete"), self.delete),
            (N_("From textbooks"), self.add_textbook),
            (N_("Import…"), self.take_in),
            (N_("Export…"), self.export),
        )
        for words, does in entries:
            button = ttk.Button(bar, command=does)
            set_text(button, words)
            bar.add(button)
            if does in (self.send_chosen, self.delete):
                self._asking.append(button)

    # -- what is shown ---------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is kept now."""
        rows = [TableRow(one.name, _cells(one)) for one in self._kept.messages]
        self.table.set_rows(len(rows), lambda first, last: rows[first:last])
        for button in self._asking:
            enable(button, self._chosen() is not None, N_("Select a message in the list first."))

    def tell(self, words: str) -> None:
        """Say what went wrong, or how it went."""
        self.told.label.configure(text=words)

    def begin(self, typed: Typed, target: str) -> None:
        """Begin a new message with what is typed elsewhere."""
        self._was = ""
        self.table.choose(())
        self.refresh()
        self.form.fill("", typed, target)
        self.form.name.entry.focus_set()

    def _show_chosen(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._was = chosen.name
            self.form.put(chosen)
            self.tell("")
        self.refresh()

    def _chosen(self) -> SavedMessage | None:
        names = self.table.chosen
        return next((one for one in self._kept.messages if one.name in names), None)

    # -- what the user does ----------------------------------------------------------------------

    def send_chosen(self) -> None:
        """Send the chosen message where the tab is connected."""
        chosen = self._chosen()
        self.tell((chosen and self._send(chosen)) or "")

    def save(self) -> None:
        """Keep what stands in the form, or say what is wrong with it."""
        if not self.form.accept():
            return
        try:
            message = self.form.message()
            self._kept.put(message, self._was)
        except ValueError as wrong:
            self.tell(str(wrong))
            return
        self._was = message.name
        self.table.choose([message.name])
        self.refresh()
        self.tell("")

    def delete(self) -> None:
        """Forget the chosen message."""
        chosen = self._chosen()
        if chosen is not None:
            self._try(lambda: self._kept.remove(chosen.name))

    def add_textbook(self) -> None:
        """Add what the clients of textbooks send; what has the same name stays as it is."""
        self._try(lambda: self._kept.add_missing(textbook_messages()))

    def take_in(self) -> None:
        """Ask for a file and take in its messages; say which of its lines are wrong."""
        path = ask_open(self, self._context.places, _("Import messages"), _types())
        if path is not None:
            self._try(lambda: self._kept.add_file(path).problems)

    def export(self) -> None:
        """Ask for a file and write all messages to it."""
        title, types = _("Export messages"), _types()
        path = ask_save(self, self._context.places, title, types, END, words="messages")
        if path is not None:
            self._try(lambda: save_file(path, [*self._kept.messages], private=False))

    def _try(self, does: Callable[[], list[str] | None]) -> None:
        try:
            problems = does() or []
        except ValueError as wrong:
            problems = [str(wrong)]
        self.refresh()
        self.tell("\n".join(problems))


def _names(kept: SavedMessages) -> list[str]:
    return [one.name for one in kept.messages]


def _cells(message: SavedMessage) -> tuple[str, ...]:
    words = message.file or message.typed.text
    every = f"{message.every:g} s" if message.every else ""
    name, target = visible_text(message.name, SHOWN), visible_text(message.target, SHOWN)
    return name, target, visible_text(words, SHOWN), every


def _types() -> list[tuple[str, str]]:
    return [(_("Messages"), "*" + END), (_("All files"), "*")]
