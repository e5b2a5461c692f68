"""The head of the Server tab: one line that is always there, and what it folds away."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.context import Context
from gui.models.server import ServerModel, ServerRow, ServerState, others_type
from gui.tabs.server_form import ServerForm
from gui.tabs.server_list import ServerList, in_a_line
from gui.translated import set_text, translate
from gui.widgets.flip import FlipButton
from gui.widgets.flow import Flow
from gui.widgets.fold import Fold
from gui.widgets.lamp import Lamp
from gui.widgets.tooltip import enable, tip
from netlib import N_, _
from netlib.value import NamedTuple

_SERVERS = N_("Servers")
ONLY_HERE = N_("Only programs on this computer can reach this server.")


class Does(NamedTuple):
    """What the head asks of its tab."""

    start: Callable[[], None]
    choose: Callable[[ServerRow], None]
    show_clients: Callable[[bool], None]
    show_address: Callable[[], None]


class ServerHead(ttk.Frame):
    """Folds and buttons in a line; below it the form of a new server, and the list of servers."""

    def __init__(self, parent: tk.Misc, context: Context, model: ServerModel, does: Does) -> None:
        """Show what was typed last time, folded as it was left."""
        super().__init__(parent)
        self._context, self._model, self._does = context, model, does
        self._low = self._tight = False
        """The page is low; and therefore form and list are folded."""
        self.bar = Flow(self, context.theme, gap=6)
        self.bar.pack(side="top", fill="x")
        self.form = ServerForm(self, context)
        self.main = FlipButton(self.form.head, does.start)
        self.main.say(N_("Start"))
        tip(self.main, N_("Start one more server with these settings (Enter)."))
        self.form.add_buttons(self.main)
        self.list = ServerList(self, context, does.choose)
        self._make_folds()
        self._make_buttons()
        self._show_form(self.folds["form"].is_open)
        self._show_list(self.folds["list"].is_open)

    def _make_folds(self) -> None:
        settings = self._context.settings
        self.folds = {
            name: Fold(self.bar, settings, f"server.{name}", words, does, key=key)
            for name, words, key, does in (
                ("form", N_("New server"), "F6", self._show_form),
                ("list", _SERVERS, "F7", self._show_list),
                ("clients", N_("Clients"), "F8", self._does.show_clients),
            )
        }
        self._line = ttk.Label(self.bar, style="Muted.TLabel")
        self.lamp = Lamp(self.bar)
        *first, clients = self.folds.values()
        self.bar.add(*first)
        self.bar.add(self.lamp, optional=True)
        self.bar.add(clients, self._line, optional=True)
        self.bar.spread()

    def _make_buttons(self) -> None:
        bar = self.bar
        self.copy = ttk.Button(bar, style="Tool.TButton", command=self._copy_address)
        set_text(self.copy, N_("Copy address"))
        self.address = ttk.Button(bar, command=self._does.show_address)
        set_text(self.address, N_("Class address"))
        tip(self.address, N_("Show in huge letters what other computers connect to (F9)."))
        self.stop = FlipButton(bar, self._model.stop)
        self.stop.say(N_("Stop"))
        tip(
            self.stop,
            N_("Stop the server selected in the list and close its clients' connections."),
        )
        self.stop_all = ttk.Button(bar, command=self._model.stop_all)
        set_text(self.stop_all, N_("Stop all"))
        tip(self.stop_all, N_("Stop every server of this window."))
        bar.add(self.stop)
        bar.add(self.address, self.stop_all, self.copy, optional=True)

    # -- what is shown ---------------------------------------------------------------------------

    def show(self) -> None:
        """Show the servers as they are now."""
        model, chosen = self._model, self._model.chosen
        self.list.show(model)
        running = chosen is not None and chosen.running
        addresses = others_type(chosen) if chosen is not None else []
        enable(self.stop, running, N_("No running server is selected."))
        enable(self.address, bool(addresses), ONLY_HERE)
        self.bar.show(self.stop_all, model.running > 1)
        self.bar.show(self.copy, bool(addresses))
        words = _reach_words(addresses) if running else ""
        if words != self._line.cget("text"):
            self._line.configure(text=words)
        self.set_low(self._low)
        self._name_list()

    def set_low(self, low: bool) -> None:
        """Fold the form and the list while the page is too low for them and a server runs."""
        self._low = low
        tight = low and self._model.running > 0
        if tight != self._tight:
            self._tight = tight
            for name in ("form", "list"):
                self.folds[name].set(self.folds[name].remembered and not tight)

    def _name_list(self) -> None:
        """Let what unfolds the list name the server that is looked at, while it is folded."""
        fold = self.folds["list"]
        chosen = None if fold.is_open else self._model.chosen
        fold.name(_SERVERS if chosen is None else lambda: in_a_line(chosen))
        listens = chosen is not None and chosen.state is ServerState.LISTENING
        if listens:
            self.lamp.show(True, translate(ServerState.LISTENING.value))
        self.bar.show(self.lamp, listens)  # of any other state the folded line itself has the word

    def _show_form(self, shown: bool) -> None:
        if shown:
            gap = (self._context.theme.px(6), 0)
            self.form.pack(side="top", fill="x", pady=gap, after=self.bar)
        else:
            self.form.pack_forget()

    def _show_list(self, shown: bool) -> None:
        if shown:
            gap = (self._context.theme.px(6), 0)
            self.list.pack(side="bottom", fill="x", pady=gap)
        else:
            self.list.pack_forget()
        self._name_list()

    def _copy_address(self) -> None:
        if self._model.chosen is not None and (addresses := others_type(self._model.chosen)):
            self.clipboard_clear()
            self.clipboard_append(addresses[0])
            self._context.tell(_("Copied: {address}").format(address=addresses[0]))


def _reach_words(addresses: list[str]) -> str:
    """Return who can reach a server, and how."""
    if not addresses:
        return translate(ONLY_HERE)
    return "  ".join([translate(N_("From other computers, connect to:")), *addresses])
