"""The Server tab: start servers, watch their clients, speak to one or to all."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk

from gui.context import Context
from gui.models import checks
from gui.models.clients import Client
from gui.models.notice import Cure
from gui.models.server import (
    ServerModel,
    ServerRow,
    ServerState,
    Then,
    others_type,
    terminal_command,
)
from gui.tabs.page import Page
from gui.tabs.saved import Saved
from gui.tabs.server_head import Does, ServerHead
from gui.tabs.server_panes import ServerPanes
from gui.translated import Message, set_text, translate
from gui.widgets.composer import Composer, OnSend
from gui.widgets.table import CHOSEN, OPENED
from gui.widgets.tooltip import enable, tip
from netlib import (
    ENCODINGS,
    N_,
    SERVICES,
    CloseMode,
    ServerConfig,
    Transport,
    free_port,
    replace,
    visible_text,
)

LOW = 560
"""Logical pixels: a page that is lower has no room for the form and the list of servers, once one
runs; a line stands for them, and a click unfolds them."""
_NO_CLIENTS = N_("No client yet. Connect from the Chat or Connect tab.")
_NO_CLIENTS_TYPE = N_("No client yet. Connect from the Chat or Connect tab,\nor type: {command}")
_NO_CONNECTIONS = N_(
    "UDP has no connections: received datagrams appear in the traffic.\nTry: {command}"
)
_NOT_LISTENING = N_("This server does not listen.")
_SERVED_HERE = N_(
    "Port {port} is already served by this window: {service}, selected in the "
    "list of servers. To start one more server, type another port."
)


class ServerTab(Page):
    """Several servers; clients and traffic of the one chosen."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Show the pre-filled defaults, or what was typed last time."""
        super().__init__(parent, context)
        self.model = ServerModel(context.backend)
        self._changes = -1
        self._served: ServerRow | None = None
        """Of which the banner says that it has the port, and is selected."""
        self.cures = {"use_port": partial(_use_port, self)}
        self.serve = partial(_serve, self)
        self._make_panes()
        does = Does(
            start=self._start,
            choose=self._choose,
            show_clients=self.panes.show_clients,
            show_address=lambda: self.panes.show_address(True),
        )
        self.head = head = ServerHead(self.who, context, self.model, does)
        head.pack(fill="x")
        self.form, self.main, self.servers = head.form, head.main, head.list.table
        for field in self.form.typed:
            field.entry.bind("<Return>", lambda _event: self.main_action())
        self.panes.show_clients(head.folds["clients"].is_open)
        self._make_say()
        self.winfo_toplevel().bind("<F9>", lambda _event: self._flip_address(), add=True)
        for event in ("<Configure>", "<<ThemeChanged>>"):
            self.bind(event, lambda _event: self._settle(), add=True)

    # -- building --------------------------------------------------------------------------------

    def _make_panes(self) -> None:
        self.panes = ServerPanes(self.body, self.context, self.model.rows, _NO_CLIENTS, self.model)
        self.panes.pack(fill="both", expand=True)
        for direction, split in self.panes.splits.items():
            self.keep(split, f"server.clients_share.{direction}")
        self.traffic = self.panes.traffic
        self.traffic.whole.give(partial(_give_page, self))
        self.clients = self.panes.clients.table
        self.clients.bind(CHOSEN, lambda _event: self._show_clients())
        self.clients.bind(OPENED, lambda _event: self._only_chosen())
        head = self.panes.clients.head
        self.reset = ttk.Button(
            head, style="Tool.TButton", command=lambda: self._end(CloseMode.ABORT)
        )
        set_text(self.reset, N_("Reset (RST)"))
        tip(self.reset, N_("Reset the selected clients' connections (RST)."))
        self.disconnect = ttk.Button(
            head, style="Tool.TButton", command=lambda: self._end(CloseMode.CLOSE)
        )
        set_text(self.disconnect, N_("Disconnect"))
        tip(self.disconnect, N_("Close the selected clients' connections (FIN)."))
        self.panes.clients.add(self.disconnect, self.reset)

    def _make_say(self) -> None:
        gap = self.theme.px(6)
        self._whom = ttk.Label(self.composer_area, style="Bold.TLabel")
        self._whom.pack(side="left", anchor="n", padx=(0, gap), pady=self.theme.px(4))
        send: OnSend = lambda typed: self.model.send(typed, self._chosen_clients())  # noqa: E731
        self.composer = Composer(self.composer_area, self.theme, send, ENCODINGS)
        self.composer.pack(fill="x", expand=True)
        self.saved = Saved(self, self.composer)

    # -- what the user does ----------------------------------------------------------------------

    def _start(self) -> None:
        """Start a server as typed, or say what is wrong with it."""
        self.banner.clear()
        if self.form.wrong:
            self.head.folds["form"].set(True)  # there it is said
        config = self.form.server_config()
        if config is None:
            return
        served = self.model.serving(config)
        if served is None:
            self.model.start(config)
            self.panes.show_only(None)
        else:
            self._choose(served)
            service = SERVICES[served.config.service].label()
            words = translate(_SERVED_HERE, port=config.port, service=service)
            free = free_port(config.host, config.port, udp=config.transport is Transport.UDP)
            self.banner.complain(words, Cure("use_port", config.host, free) if free else None)
        self._served = served

    def _end(self, how: CloseMode) -> None:
        self.model.end_clients(self._chosen_clients(), how)

    def _chosen_clients(self) -> list[int]:
        return [int(one) for one in self.clients.chosen if int(one) in self.model.clients]

    def _choose(self, server: ServerRow) -> None:
        if server is not self.model.chosen:
            self.clients.choose(())
            self.panes.show_only(None)
            self.model.choose(server)

    def _only_chosen(self) -> None:
        """Show only the conversation with the chosen client; with the same one again: all."""
        chosen = self.panes.clients.chosen[:1]
        shown = self.panes.client
        same = shown is not None and bool(chosen) and shown.number == chosen[0].number
        self.panes.show_only(None if same or not chosen else chosen[0])

    def _flip_address(self) -> None:
        if self.winfo_viewable() and self.head.address.instate(["!disabled"]):
            self.panes.show_address(not self.panes.address.winfo_manager())

    def cancel(self) -> None:
        """Esc: close the message, else the class address, else show the rows of all clients."""
        if self.banner.showing:
            super().cancel()
        elif self.panes.address.winfo_manager():
            self.panes.show_address(False)
        elif self.panes.client is not None:
            self.panes.show_only(None)

    # -- what is shown ---------------------------------------------------------------------------

    def tick(self) -> None:
        """Show what has changed."""
        if self.model.changes != self._changes:
            self._changes = self.model.changes
            self.head.show()
            self._show_clients()
            self.banner.follow(self.model.notice)
            served = self._served
            if served is not None and not (served.running and served is self.model.chosen):
                self._served = None
                self.banner.withdraw()
        self.panes.refresh()

    def slow_tick(self) -> None:
        """Renew the figures."""
        self.model.refresh_clients()

    def _settle(self) -> None:
        """Fold what a low page has no room for: its height follows from the window alone."""
        if self.winfo_height() > 1:
            self.head.set_low(self.winfo_height() < self.theme.px(LOW))

    def _show_clients(self) -> None:
        server, here = self.model.chosen, self.model.clients
        typed = self.composer.encoding.get()
        pane = self.panes.clients
        pane.encoding = ENCODINGS[0] if checks.encoding(typed) else typed  # half a name is none yet
        pane.table.set_empty(_no_clients(server))
        if server is not None:
            pane.show(server.clients)
            command = terminal_command(server, others=True)
            self.panes.address.show(others_type(server), command, server.clients.here)
        chosen = self._chosen_clients()
        self._whom.configure(text=_whom_words(self.panes.clients.chosen, len(chosen)))
        self.composer.enable(bool(here), N_("No client is connected to this server."))
        send = self.composer.send_button
        self.emphasise(send if here else self.main, send, self.main)
        for button in (self.reset, self.disconnect):
            enable(button, bool(chosen), N_("Select clients in the table first."))

    def remember(self) -> None:
        """Put what was typed into the settings."""
        self.form.remember(self.context.settings)


def _whom_words(clients: list[Client], here: int) -> str:
    """Return to whom a line will go."""
    if here == 1 and len(clients) == 1:
        name = clients[0].row.name
        number = f"{clients[0].number:02}"
        return translate(N_("To {who}:"), who=f"{number} {visible_text(name, 20)}".strip())
    return translate(N_("To {count} selected:"), count=here) if here else translate(N_("To all:"))


def _no_clients(server: ServerRow | None) -> Message:
    """Return how the first client comes to a server."""
    command = terminal_command(server) if server is not None else ""
    if server is None or server.state is ServerState.STARTING:
        return _NO_CLIENTS
    if not command:
        return _NOT_LISTENING
    udp = server.config.transport is Transport.UDP
    words = _NO_CONNECTIONS if udp else _NO_CLIENTS_TYPE
    return lambda: translate(words, command=command)


def _give_page(tab: ServerTab, whole: bool) -> None:
    """Give the page to the traffic, or show the rest of it, too."""
    tab.panes.show_clients(not whole and tab.head.folds["clients"].is_open)
    tab.show_parts(whole=whole)


def _serve(tab: ServerTab, config: ServerConfig, then: Then) -> None:
    """Start a server for another tab; `then` is told where it listens, or None."""
    read = tab.form.limits["read"]
    patience = config.read_timeout if read.wrong else read.number or None
    tab.banner.clear()
    tab.model.start(replace(config, read_timeout=patience), then)


def _use_port(tab: ServerTab, cure: Cure) -> None:
    """Start the server on the next free port."""
    tab.form.port.text = str(cure.port)
    tab.main.invoke()
