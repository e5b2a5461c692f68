"""The clients of a server: the table, what one does with them, and whose rows alone are shown."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from gui.context import Context
from gui.models.clients import Client, ClientList, client_cells, stands_out
from gui.theme.theme import Theme
from gui.translated import Message, set_text, translate
from gui.widgets.columns import Column
from gui.widgets.flow import Flow
from gui.widgets.menus import context_menu
from gui.widgets.table import OPENED, Table, TableRow
from gui.widgets.tooltip import tip
from netlib import (
    N_,
    now,
)

COLUMNS = (
    Column("address", N_("Client"), 150, whole=True),
    Column("name", N_("Nickname"), 110, stretch=True, rank=1),
    Column("messages", N_("Messages"), 92, "e", rank=3),
    Column("waits", N_("State"), 340, stretch=True),
    Column("idle", N_("Idle"), 84, "e", rank=2),
    Column("in", N_("Received"), 88, "e", rank=6),
    Column("out", N_("Sent"), 90, "e", rank=5),
    Column("last", N_("Last message"), 118, stretch=True, rank=4),
    Column("since", N_("Connected at"), 80, rank=7),
    Column("state", N_("TCP state"), 118, rank=8),
)


class ClientsPane(ttk.Frame):
    """The table, its head with what can be done, and in which order the clients stand."""

    def __init__(self, parent: tk.Misc, context: Context, empty: Message) -> None:
        """Show nobody yet; its owner adds buttons to `head`."""
        super().__init__(parent)
        self._context = context
        self._list = ClientList()
        self._shown: list[int] = []
        self.encoding = "utf-8"
        """How the last message of a client is read."""
        theme = context.theme
        self.head = Flow(self, theme, gap=6)
        self.head.pack(side="top", fill="x", pady=(0, theme.px(4)))
        title = ttk.Label(self.head, style="Bold.TLabel")
        set_text(title, N_("Clients"))
        self._counts = ttk.Label(self.head, style="Muted.TLabel")
        self.clear = ttk.Button(self.head, style="Tool.TButton", command=self.forget)
        set_text(self.clear, N_("Clear gone"))
        tip(self.clear, N_("Forget the clients that have left; the recording keeps everything."))
        self.head.add(title, self._counts)
        self.head.add(self.clear, optional=True)
        self.head.show(self.clear, False)
        self.head.spread()
        self.table = Table(self, theme, COLUMNS, empty, chips=Column("", N_("No."), 62))
        self.table.columns.sort_by(lambda _order: self.show(self._list), "number")
        self.table.pack(fill="both", expand=True)

    def add(self, *buttons: ttk.Button) -> None:
        """Put what can be done with clients into the head, and into the menu of the table."""
        opened = partial(self.table.event_generate, OPENED)
        self.head.add(*buttons, optional=True)
        context_menu(
            self.table.tree,
            (N_("Only this conversation"), opened),
            (N_("Copy"), self.table.copy),
            *((_words_of(button), button.invoke) for button in buttons),
            (N_("Clear gone"), self.forget),
        )

    def show(self, clients: ClientList) -> None:
        """Show who is here and who has left."""
        order, moment = self.table.columns.order, now()
        self._list = clients
        self._shown = shown = clients.numbers(order.key, backwards=order.backwards)
        palette = self._context.theme.palette

        def fetch(first: int, last: int) -> list[TableRow]:
            return [
                TableRow(
                    str(client.number),
                    client_cells(client, moment, self.encoding),
                    stands_out(client, moment),
                    f"{client.number:02}",
                    palette.edge if client.ended else palette.client(client.number),
                )
                for client in map(clients.client, shown[first:last])
                if client is not None
            ]

        self.table.set_rows(len(shown), fetch)
        words = _count_words(clients, len(shown) - len(clients.gone))
        if words != self._counts.cget("text"):
            self._counts.configure(text=words)
            self.head.fit()
        self.head.show(self.clear, bool(clients.gone))

    @property
    def chosen(self) -> list[Client]:
        """The clients that are chosen, gone ones too."""
        chosen = {int(one) for one in self.table.chosen}
        shown = [number for number in self._shown if number in chosen] if chosen else []
        return [one for one in map(self._list.client, shown) if one is not None]

    def forget(self) -> None:
        """Show no longer who has left."""
        self._list.clear()
        self.show(self._list)


class OnlyStrip(Flow):
    """Says whose rows alone are shown, and how to see all again."""

    def __init__(self, parent: tk.Misc, theme: Theme, on_end: Callable[[], None]) -> None:
        """Say nothing yet."""
        super().__init__(parent, theme, gap=8)
        self._bar = tk.Frame(self, width=1, height=1)
        self._words = ttk.Label(self, style="Bold.TLabel")
        self._count = ttk.Label(self, style="Muted.TLabel")
        close = ttk.Button(self, style="Tool.TButton", command=on_end)
        set_text(close, N_("Show all (Esc)"))
        self.add(self._bar, self._words)
        self._address = ttk.Label(self)
        self.add(self._address, self._count, optional=True)
        self.spread()
        self.add(close)

    def say(self, client: Client) -> None:
        """Name the client."""
        px = self._theme.px
        hue = self._theme.palette.client(client.number)
        self._bar.configure(background=hue, width=px(5), height=px(18))
        name, address = client.name, str(client.row.peer)
        words = translate(N_("Only {number} {who}"), number=f"{client.number:02}", who=name)
        self._words.configure(text=words)
        self._address.configure(text=address)
        self.show(self._address, name != address)

    def count(self, shown: int, total: int) -> None:
        """Say how many rows there are of it."""
        words = translate(N_("{shown} of {total} rows"), shown=f"{shown:,}", total=f"{total:,}")
        if words != self._count.cget("text"):
            self._count.configure(text=words)
            self.fit()


def _words_of(button: ttk.Button) -> Message:
    return lambda: str(button.cget("text"))


def _count_words(clients: ClientList, here: int) -> str:
    words = translate(N_("{count} here"), count=f"{here:,}")
    if clients.gone:
        words += translate(N_(" · {count} left"), count=f"{len(clients.gone):,}")
    if clients.let_go:
        words += translate(N_(" · {count} older ones not shown"), count=f"{clients.let_go:,}")
    return words
