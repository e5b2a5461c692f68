"""The Chat tab: several chat clients side by side, so that one screen can show a class."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from gui.context import Context
from gui.models.chat import ChatState
from gui.models.offers import offers
from gui.tabs.chat_pane import FITTING, ChatPane, fits, show_compact
from gui.tabs.page import Page
from gui.translated import set_text
from gui.widgets.choice import Choice
from gui.widgets.flip import FlipButton
from gui.widgets.flow import Flow
from gui.widgets.tooltip import enable, tip
from netlib import N_, visible_text

AT_FIRST, AT_MOST = 2, 8
GAP = 5
"""Logical pixels between two clients."""
COLUMNS = {1: 1, 2: 2, 3: 3, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4}
"""How many stand beside each other, by how many there are."""


class ChatTab(Page):
    """A grid of chat clients."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Show two clients, or as many as last time."""
        super().__init__(parent, context)
        self.panes: list[ChatPane] = []
        self._names: tuple[str, ...] = ()
        self._one_by_one = self.unfolded = False
        self._make_who()
        self._grid = ttk.Frame(self.body)
        self._grid.pack(fill="both", expand=True)
        self.says = self._whole = False
        self.show_parts()
        kept = context.settings.texts("chat.panes", [])
        for number in range(max(1, min(len(kept) or AT_FIRST, AT_MOST))):
            self.add(kept[number] if number < len(kept) else "")
        self.which.key = "0"
        self.bind("<Configure>", lambda _event: self.settle())

    def _make_who(self) -> None:
        flow = self._head = Flow(self.who, self.theme)
        flow.pack(fill="x")
        self.more = ttk.Button(flow, command=self.add)
        set_text(self.more, N_("+ Chat client"))
        tip(self.more, N_("Open one more chat client beside the others."))
        self.all = FlipButton(flow, self._connect_or_disconnect_all)
        self.all.say(N_("Connect all"))
        tip(self.all, N_("Connect every client that is not connected; if all are, disconnect."))
        self.which: Choice[str] = Choice(flow, {"0": "1"})
        self.which.bind("<<ComboboxSelected>>", lambda _event: self._arrange(), add=True)
        tip(self.which, N_("Which client is shown: there is no room for all of them."))
        self._hint = ttk.Label(flow, style="Muted.TLabel")
        set_text(self._hint, N_("Start a chat room or line reply server in the Server tab first."))
        self._further = ttk.Button(
            flow, style="Tool.TButton", text="⋯", command=partial(_unfold, self)
        )
        tip(self._further, N_("Show or hide the further controls."))
        flow.add(self.all, self.more, self.which, self._further)
        flow.add(self._hint, optional=True)
        for control in (self.which, self._further):
            flow.show(control, False)

    @property
    def shown(self) -> list[ChatPane]:
        """The clients that are in sight: all, or the chosen one where there is no room for all."""
        return [self.panes[int(self.which.key)]] if self._one_by_one else self.panes

    def add(self, typed: str = "") -> None:
        """Open one more client; `typed`: what its head held last time."""
        if len(self.panes) >= AT_MOST:
            return
        pane = ChatPane(self._grid, self.context, self._remove)
        pane.restore(typed or "localhost:8080\t\tutf-8")
        self.panes.append(pane)
        self._offer_panes()
        self.which.key = str(len(self.panes) - 1)
        self._arrange()

    def _remove(self, pane: ChatPane) -> None:
        pane.model.stop()
        self.panes.remove(pane)
        pane.destroy()
        self._offer_panes()
        self._arrange()

    def _offer_panes(self) -> None:
        """Let one be chosen by its number and the name typed there."""
        names = tuple(visible_text(pane.nickname.text.strip(), 12) for pane in self.panes)
        if names != self._names:
            self._names = names
            self.which.offer({f"{at}": f"{at + 1} {name}" for at, name in enumerate(names)})

    def settle(self) -> None:
        """Show one client at a time where they have no room beside each other.

        Follows from the room of the whole page and from what its parts ask for, never from what
        is shown.
        """
        holder, px = self.master, self.theme.px
        wide, high = holder.winfo_width() - px(24), holder.winfo_height() - px(24)
        if wide <= 1 or high <= 1:  # not laid out yet
            return
        columns = COLUMNS[len(self.panes)]
        rows, gap = -(-len(self.panes) // columns), px(GAP)
        width = (wide - gap * (columns - 1)) // columns
        height = (high - self.all.winfo_reqheight() - gap * (rows - 1)) // rows
        pane = self.panes[0]
        one_by_one = len(self.panes) > 1 and not fits(pane, width, height)
        low = not fits(pane, wide, high - self.all.winfo_reqheight())
        self._head.show(self._further, low)
        for one in self.panes:
            show_compact(one, low and not self.unfolded)
        whole = len(self.shown) == 1 and self.shown[0].is_whole
        if whole != self._whole:
            self._whole = whole
            self.show_parts(whole=whole)
        if one_by_one != self._one_by_one:
            self._one_by_one = one_by_one
            self._head.show(self.which, one_by_one)
            self._arrange()

    def _arrange(self) -> None:
        shown = self.shown
        columns = COLUMNS[len(shown)]
        gap = self.theme.px(GAP)
        _divide(self._grid.columnconfigure, columns, gap)
        _divide(self._grid.rowconfigure, -(-len(shown) // columns), gap)
        for pane in self.panes:
            enable(pane.remove, len(self.panes) > 1, N_("At least one client."))
            if pane not in shown:
                pane.grid_forget()
        for number, pane in enumerate(shown):
            row, column = divmod(number, columns)
            pane.grid(row=2 * row, column=2 * column, sticky="nswe")
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
        pane = next(with_focus, self.shown[0])
        pane.view.choose("traffic")
        pane.traffic.open_find()

    def tick(self) -> None:
        """Show what has changed."""
        for pane in self.panes:
            pane.tick()
        self._offer_panes()
        self.settle()
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


def _unfold(tab: ChatTab) -> None:
    tab.unfolded = not tab.unfolded
    tab.settle()


def _divide(configure: Callable[..., object], parts: int, gap: int) -> None:
    """Divide the grid into equal parts; between two of them lies an empty one."""
    for index in range(2 * AT_MOST):
        used, between = index < 2 * parts - 1, index % 2
        configure(
            index,
            weight=int(used and not between),
            uniform="chat" if used and not between else "",
            minsize=gap if used and between else 0,
        )
