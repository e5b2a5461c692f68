"""The clients of a server and its traffic: side by side, one above the other, or one alone.

Which way they stand follows from the width of the page alone. The class address takes their place
while it is shown.
"""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from gui.context import Context
from gui.models.clients import Client
from gui.models.row_format import Room
from gui.models.traffic import TrafficRows
from gui.tabs.class_address import ClassAddress
from gui.tabs.server_clients import ClientsPane, OnlyStrip
from gui.translated import Message
from gui.views import offered
from gui.views.pane import TrafficPane
from gui.widgets.split import Split
from netlib import N_

if TYPE_CHECKING:
    from gui.models.kernel import KernelSource

BESIDE = 480
"""Logical pixels: from this width on the two panes stand side by side."""
LEAST = 220
"""Logical pixels: one above the other the panes have no room in less than that, and only the
traffic is shown. The height is that of the page less its head and its foot, which do not
depend on what is shown here."""
WIDTHS: dict[Room, int] = {"brief": 440, "narrow": 760}
"""Logical pixels: a narrower view of the traffic says less of each row."""
_NO_TRAFFIC = N_("Nothing yet. Data sent and received appears here.")


class ServerPanes(ttk.Frame):
    """What is shown of the server that is looked at."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        rows: TrafficRows,
        empty: Message,
        source: KernelSource,
    ) -> None:
        """Show the two panes."""
        super().__init__(parent)
        self._theme, self._rows = context.theme, rows
        self._splits = {
            "horizontal": Split(self, orient="horizontal", share=0.42),
            "vertical": Split(self, orient="vertical", share=0.42),
        }
        self.clients = ClientsPane(self, context, empty)
        self.traffic = TrafficPane(
            self,
            context,
            rows,
            N_("Traffic"),
            _NO_TRAFFIC,
            others=offered.kernel(context, source),
        )
        self.address = ClassAddress(self, context.theme, lambda: self.show_address(False))
        self.only = OnlyStrip(self.traffic, context.theme, lambda: self.show_only(None))
        self._direction, self._tight = "", False
        self._clients_shown = True
        self._client: Client | None = None
        self.bind("<Configure>", lambda _event: self._arrange())
        self.bind("<<ThemeChanged>>", lambda _event: self._arrange())
        self.traffic.bind("<Configure>", lambda _event: self._narrow(), add=True)

    @property
    def splits(self) -> dict[str, Split]:
        """The divisions by direction, for whoever remembers them."""
        return self._splits

    def show_clients(self, shown: bool) -> None:
        """Show the table of clients beside the traffic, or the traffic alone."""
        self._clients_shown = shown
        self._divide()

    def show_only(self, client: Client | None) -> None:
        """Show the rows of one client alone; None: of all."""
        self._client = client
        self._rows.show_connection(0 if client is None else client.number)
        if client is None:
            self.only.pack_forget()
        else:
            self.only.say(client)
            self.only.pack(side="top", fill="x", before=self.traffic.shown)
        self.traffic.traffic.follow()

    @property
    def client(self) -> Client | None:
        """Whose rows alone are shown."""
        return self._client

    def show_address(self, shown: bool) -> None:
        """Show the class address in place of the panes."""
        if shown:
            self.address.place(relwidth=1, relheight=1)
            self.address.lift()
            self.address.back.focus_set()
        elif self.address.winfo_manager():
            self.address.place_forget()
            self.clients.table.tree.focus_set()

    def refresh(self) -> None:
        """Show what is new in the traffic."""
        self.traffic.refresh()
        if self._client is not None and not self._rows.connection:
            self.show_only(None)  # another server is looked at
        if self._client is not None:
            self.only.count(self._rows.count(), self._rows.total())

    def _arrange(self) -> None:
        """Let the panes stand as the width says."""
        wide = self.winfo_width() >= self._theme.px(BESIDE)
        direction = "horizontal" if wide else "vertical"
        tight = not wide and self.winfo_height() < self._theme.px(LEAST)
        if self.winfo_width() > 1 and (direction, tight) != (self._direction, self._tight):
            for split in self._splits.values():
                for pane in split.panes():  # type: ignore[no-untyped-call]
                    split.forget(pane)
                split.pack_forget()
            self._direction, self._tight = direction, tight
            self._splits[direction].pack(fill="both", expand=True)
            self._divide()

    def _divide(self) -> None:
        if not self._direction:
            return
        split = self._splits[self._direction]
        if self._clients_shown and not self._tight:
            split.both(self.clients, self.traffic)
        else:
            split.only(self.traffic)
        self.clients.lift()
        self.traffic.lift()
        self.address.lift()

    def _narrow(self) -> None:
        width = self.traffic.winfo_width()
        rooms = [room for room, wide in WIDTHS.items() if width < self._theme.px(wide)]
        room: Room = rooms[0] if rooms else "wide"
        self._rows.changes += room != self._rows.format.room
        self._rows.format.room = room
