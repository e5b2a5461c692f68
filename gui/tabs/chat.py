"""The Chat tab: several chat clients side by side, so that one screen can show a class."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.context import Context
from gui.models.chat import ChatState
from gui.models.offers import offers
from gui.tabs.chat_pane import FITTING, ChatPane
from gui.tabs.page import Page
from gui.translated import set_text
from gui.widgets.flip import FlipButton
from gui.widgets.flow import Flow
from gui.widgets.tooltip import enable, tip
from netlib import N_

AT_FIRST, AT_MOST = 2, 8
COLUMNS = {1: 1, 2: 2, 3: 3, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4}
"""How many stand beside each other, by how many there are."""


class ChatTab(Page):
    """A grid of chat clients."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Show two clients, or as many as last time."""
        super().__init__(parent, context)
        self.panes: list[ChatPane] = []
        self._make_who()
        self._grid = ttk.Frame(self.body)
        self._grid.pack(fill="both", expand=True)
        self.composer_area.pack_forget()
        kept = context.settings.texts("chat.panes", [])
        for number in range(max(1, min(len(kept) or AT_FIRST, AT_MOST))):
            self.add(kept[number] if number < len(kept) else "")

    def _make_who(self) -> None:
        flow = self._head = Flow(self.who, self.theme)
        flow.pack(fill="x")
        self.more = ttk.Button(flow, command=self.add)
        set_text(self.more, N_("+ Chat client"))
        tip(self.more, N_("Open one more chat client beside the others."))
        self.all = FlipButton(flow, self._connect_or_disconnect_all)
        self.all.say(N_("Connect all"))
        tip(self.all, N_("Connect every client that is not connected; if all are, disconnect."))
        self._hint = ttk.Label(flow, style="Muted.TLabel")
        set_text(self._hint, N_("Start a chat room or line reply server in the Server tab first."))
        flow.add(self.all, self.more, self._hint)

    def add(self, typed: str = "") -> None:
        """Open one more client; `typed`: what its head held last time."""
        if len(self.panes) >= AT_MOST:
            return
        pane = ChatPane(self._grid, self.context, self._remove)
        pane.restore(typed or "localhost:8080\t\tutf-8")
        self.panes.append(pane)
        self._arrange()

    def _remove(self, pane: ChatPane) -> None:
        pane.model.stop()
        self.panes.remove(pane)
        pane.destroy()
        self._arrange()

    def _arrange(self) -> None:
        columns = COLUMNS[max(len(self.panes), 1)]
        for index in range(AT_MOST):
            self._grid.columnconfigure(
                index, weight=int(index < columns), uniform="chat" if index < columns else ""
            )
            rows = -(-len(self.panes) // columns)
            self._grid.rowconfigure(
                index, weight=int(index < rows), uniform="chat" if index < rows else ""
            )
        gap = self.theme.px(5)
        for number, pane in enumerate(self.panes):
            row, column = divmod(number, columns)
            left = gap if column else 0
            pane.grid(
                row=row, column=column, sticky="nswe", padx=(left, 0), pady=(gap if row else 0, 0)
            )
        for pane in self.panes:
            enable(pane.remove, len(self.panes) > 1, N_("At least one client."))
        enable(self.more, len(self.panes) < AT_MOST, N_("At most eight clients."))

    def main_action(self) -> None:
        """Connect everyone who is not."""
        for pane in self.panes:
            pane.connect_if_idle()

    def _any_idle(self) -> bool:
        return any(pane.model.state is ChatState.IDLE for pane in self.panes)

    def _connect_or_disconnect_all(self) -> None:
        if self._any_idle():
            self.main_action()
        else:
            for pane in self.panes:
                pane.model.disconnect()

    def find(self) -> None:
        """Open the search in the client that has the focus, else in the first."""
        focus = f"{self.tk.call('focus')}."
        with_focus = (pane for pane in self.panes if focus.startswith(f"{pane}."))
        pane = next(with_focus, self.panes[0])
        pane.view.choose("traffic")
        pane.traffic.open_find()

    def tick(self) -> None:
        """Show what has changed."""
        for pane in self.panes:
            pane.tick()
        idle = self._any_idle()
        self.all.say(N_("Connect all") if idle else N_("Disconnect all"))
        self.emphasise(self.all if idle else None, self.all)
        self._head.show(self._hint, not offers(self.context.backend, FITTING))

    def cancel(self) -> None:
        """Close the banners."""
        for pane in self.panes:
            pane.banner.clear()

    def remember(self) -> None:
        """Put what was typed into the settings."""
        self.context.settings.set("chat.panes", [pane.typed() for pane in self.panes])
