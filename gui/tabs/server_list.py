"""The servers of this window: one row each, with a lamp; the one looked at is chosen."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.context import Context
from gui.models.server import ServerModel, ServerRow, ServerState, others_type, server_cells
from gui.widgets.columns import Column
from gui.widgets.menus import context_menu
from gui.widgets.table import CHOSEN, Table, TableRow
from netlib import N_, SERVICES, _

COLUMNS = (
    Column("service", N_("Service"), 115),
    Column("protocol", N_("Protocol"), 90, rank=5),
    Column("address", N_("Address"), 150, stretch=True, whole=True),
    Column("clients", N_("Clients"), 80, "e"),
    Column("messages", N_("Messages"), 100, "e", rank=2),
    Column("in", N_("Received"), 110, "e", rank=3),
    Column("out", N_("Sent"), 110, "e", rank=4),
)
MOST_LINES = 4
"""Servers in sight; further ones scroll."""
_EMPTY = N_("No server yet: press Start.")
_LAMPS = {ServerState.LISTENING: "lamp", ServerState.FAILED: "bad"}
"""The colour of the palette for a state; the others are grey. The word stands beside it."""


class ServerList(ttk.Frame):
    """The table of servers."""

    def __init__(
        self, parent: tk.Misc, context: Context, on_choose: Callable[[ServerRow], None]
    ) -> None:
        """Show no server yet; tell `on_choose` which one the user wants to look at."""
        super().__init__(parent)
        self._theme, self._on_choose = context.theme, on_choose
        self._servers: list[ServerRow] = []
        self._chosen: ServerRow | None = None
        chips = Column("", N_("State"), 115)
        self.table = Table(self, context.theme, COLUMNS, _EMPTY, lines=1, chips=chips)
        self.table.pack(fill="both", expand=True)
        self.table.bind(CHOSEN, lambda _event: self._tell())
        context_menu(self.table.tree, (N_("Copy"), self.table.copy))

    def show(self, model: ServerModel) -> None:
        """Show the servers there are; one that is newly looked at comes into sight."""
        self._servers = model.servers
        palette = self._theme.palette
        rows = [
            TableRow(
                str(server.activity),
                server_cells(server),
                chip=_(server.state.value),
                colour=getattr(palette, _LAMPS.get(server.state, "edge")),
            )
            for server in model.servers
        ]
        lines = min(max(len(rows), 1), MOST_LINES)
        if lines != self.table.tree.cget("height"):
            self.table.tree.configure(height=lines)
        self.table.set_rows(len(rows), lambda first, last: rows[first:last])
        chosen = model.chosen
        if chosen is not None:
            self.table.choose([str(chosen.activity)])
        if chosen is not self._chosen and chosen in model.servers:
            self.table.see(model.servers.index(chosen))
        self._chosen = chosen

    def _tell(self) -> None:
        for server in self._servers:
            if str(server.activity) in self.table.chosen:
                self._on_choose(server)


def in_a_line(server: ServerRow) -> str:
    """Return a server in few words, its address whole: for where there is no room for the table."""
    address = next(iter(others_type(server)), server.address)
    title = _(SERVICES[server.config.service].title)
    listens = server.state is ServerState.LISTENING
    state = "" if listens else f"{_(server.state.value)}  "  # to listen is what is expected
    return f"{state}{title}  {address}"
