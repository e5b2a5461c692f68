"""The Server tab: start servers, watch their clients, speak to one or to all."""

from __future__ import annotations

import time
import tkinter as tk
from tkinter import ttk

from gui.context import Context
from gui.models import checks
from gui.models.server import (
    ServerModel,
    ServerRow,
    ServerState,
    client_cells,
    others_type,
    server_cells,
    terminal_command,
)
from gui.models.typed import Typed
from gui.tabs.page import Page
from gui.tabs.server_form import ServerForm
from gui.translated import Message, set_text, translate
from gui.views.pane import TrafficPane
from gui.widgets.composer import Composer
from gui.widgets.emphasis import emphasise
from gui.widgets.flip import FlipButton
from gui.widgets.split import Split
from gui.widgets.table import CHOSEN, Column, Table, TableRow
from gui.widgets.tooltip import enable, tip
from netlib import ENCODINGS, N_, CloseMode, Transport, _

SERVER_COLUMNS = (
    Column("state", N_("State"), 115),
    Column("service", N_("Service"), 115),
    Column("protocol", N_("Protocol"), 90),
    Column("address", N_("Address"), 150, stretch=True),
    Column("clients", N_("Clients"), 80, "e"),
    Column("messages", N_("Messages"), 100, "e"),
    Column("in", N_("Received"), 110, "e"),
    Column("out", N_("Sent"), 110, "e"),
)
CLIENT_COLUMNS = (
    Column("address", N_("Client"), 140),
    Column("since", N_("Connected at"), 80),
    Column("messages", N_("Messages"), 92, "e"),
    Column("in", N_("Received"), 88, "e"),
    Column("out", N_("Sent"), 90, "e"),
    Column("idle", N_("Idle"), 84, "e"),
    Column("last", N_("Last message"), 118, stretch=True),
    Column("state", N_("State"), 213, stretch=True),
)
LOW_SCREEN = 700
"""Logical pixels; a lower screen has room for one server of the list, further ones scroll."""
_NO_CLIENTS = N_("No client yet. Connect from the Chat or Connect tab.")
_NO_CLIENTS_TYPE = N_("No client yet. Connect from the Chat or Connect tab,\nor type: {command}")
_NO_CONNECTIONS = N_("UDP has no connections: what comes stands in the traffic.\nTry: {command}")
_NOT_LISTENING = N_("This server does not listen.")
_SERVED_HERE = N_(
    "Port {port} is already served by this window: {service}, chosen in the list below. "
    "For one more server type another port."
)
_NO_SERVERS = N_("No server yet: press Start.")
_NO_TRAFFIC = N_("Nothing yet. Data sent and received appears here.")


class ServerTab(Page):
    """Several servers; clients and traffic of the one chosen."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Show the pre-filled defaults, or what was typed last time."""
        super().__init__(parent, context)
        self.model = ServerModel(context.backend)
        self._changes = -1
        self._make_who()
        self._make_body()
        self._make_say()

    # -- building --------------------------------------------------------------------------------

    def _make_who(self) -> None:
        self.form = form = ServerForm(self.who, self.context)
        form.pack(fill="x")
        form.port.entry.bind("<Return>", lambda _event: self.main_action())
        self.main = FlipButton(form.head, self._start)
        self.main.say(N_("Start"))
        tip(self.main, N_("Start one more server with these settings (Enter)."))
        self.stop = FlipButton(form.head, self.model.stop)
        self.stop.say(N_("Stop"))
        tip(
            self.stop,
            N_("Stop the server selected in the list and close its clients' connections."),
        )
        self.stop_all = ttk.Button(form.head, command=self.model.stop_all)
        set_text(self.stop_all, N_("Stop all"))
        tip(self.stop_all, N_("Stop every server of this window."))
        form.add_buttons(self.main, self.stop, self.stop_all)

    def _make_body(self) -> None:
        px = self.theme.px
        lines = 2 if self.winfo_screenheight() >= px(LOW_SCREEN) else 1
        self.servers = Table(self.body, self.theme, SERVER_COLUMNS, _NO_SERVERS, lines=lines)
        self.servers.pack(side="top", fill="x")
        self.servers.bind(CHOSEN, lambda _event: self._server_chosen())
        self._reach = ttk.Frame(self.body)
        self._reach.pack(side="top", fill="x", pady=px(3))
        self._others = ttk.Label(self._reach, style="Muted.TLabel")
        self._others.pack(side="left")
        self.copy = ttk.Button(self._reach, style="Tool.TButton", command=self._copy_address)
        set_text(self.copy, N_("Copy address"))
        panes = Split(self.body, orient="vertical", share=0.4)
        self.keep(panes, "server.clients_share")
        panes.pack(fill="both", expand=True)
        self.clients = Table(panes, self.theme, CLIENT_COLUMNS, _NO_CLIENTS)
        self.clients.bind(CHOSEN, lambda _event: self._show_clients())
        self.traffic = TrafficPane(panes, self.context, self.model.rows, N_("Traffic"), _NO_TRAFFIC)
        panes.both(self.clients, self.traffic)

    def _make_say(self) -> None:
        gap = self.theme.px(6)
        self._whom = ttk.Label(self.composer_area, style="Bold.TLabel")
        self._whom.pack(side="left", anchor="n", padx=(0, gap), pady=self.theme.px(4))
        self.composer = Composer(self.composer_area, self.theme, self._send, ENCODINGS)
        self.composer.pack(fill="x", expand=True)
        self.reset = ttk.Button(self.composer, command=lambda: self._end(CloseMode.ABORT))
        set_text(self.reset, N_("Reset (RST)"))
        tip(self.reset, N_("Reset the selected clients' connections (RST)."))
        self.disconnect = ttk.Button(self.composer, command=lambda: self._end(CloseMode.CLOSE))
        set_text(self.disconnect, N_("Disconnect"))
        tip(self.disconnect, N_("Close the selected clients' connections (FIN)."))
        self.composer.add(self.disconnect, self.reset)

    # -- what the user does ----------------------------------------------------------------------

    def _start(self) -> None:
        """Start a server as typed, or say what is wrong with it."""
        self.banner.clear()
        config = self.form.server_config()
        if config is None:
            return
        served = self.model.serving(config)
        if served is None:
            self.banner.clear()
            self.model.start(config)
        else:
            self.model.choose(served)
            words = translate(_SERVED_HERE, port=config.port, service=served.config.service)
            self.banner.complain(words)

    def _send(self, typed: Typed) -> str | None:
        return self.model.send(typed, self._chosen_clients())

    def _end(self, how: CloseMode) -> None:
        self.model.end_clients(self._chosen_clients(), how)

    def _chosen_clients(self) -> list[int]:
        there = {row.connection for row in self.model.clients}
        return [number for number in map(int, self.clients.chosen) if number in there]

    def _server_chosen(self) -> None:
        for server in self.model.servers:
            if str(server.activity) in self.servers.chosen:
                self.clients.choose(())
                self.model.choose(server)

    def _copy_address(self) -> None:
        if self.model.chosen is not None and (addresses := others_type(self.model.chosen)):
            self.clipboard_clear()
            self.clipboard_append(addresses[0])
            self.context.tell(_("Copied: {address}").format(address=addresses[0]))

    # -- what is shown ---------------------------------------------------------------------------

    def tick(self) -> None:
        """Show what has changed."""
        if self.model.changes != self._changes:
            self._changes = self.model.changes
            self._show_servers()
            self._show_clients()
            self.banner.follow(self.model.notice)
        self.traffic.refresh()

    def slow_tick(self) -> None:
        """Renew the figures."""
        self.model.refresh_clients()

    def _show_servers(self) -> None:
        rows = [(str(server.activity), server_cells(server)) for server in self.model.servers]
        self.servers.set_rows(len(rows), lambda first, last: rows[first:last])
        chosen = self.model.chosen
        if chosen is not None:
            self.servers.choose([str(chosen.activity)])
        self.form.head.show(self.stop_all, self.model.running > 1)
        self.clients.set_empty(_no_clients(chosen))
        enable(
            self.stop, chosen is not None and chosen.running, N_("No running server is selected.")
        )
        addresses = others_type(chosen) if chosen is not None else []
        self._others.configure(text=_reach_words(self.model, addresses))
        if addresses:
            self.copy.pack(side="left", padx=self.theme.px(8))
        else:
            self.copy.pack_forget()

    def _show_clients(self) -> None:
        clients, now = self.model.clients, time.monotonic()
        typed = self.composer.encoding.get()
        encoding = ENCODINGS[0] if checks.encoding(typed) else typed  # half a name is no name yet

        def fetch(first: int, last: int) -> list[TableRow]:
            return [
                (str(row.connection), client_cells(row, now, encoding))
                for row in clients[first:last]
            ]

        self.clients.set_rows(len(clients), fetch)
        chosen = len(self._chosen_clients())
        words = N_("To {count} selected:") if chosen else N_("To all:")
        text = translate(words, count=chosen) if chosen else translate(words)
        self._whom.configure(text=text)
        self.composer.enable(bool(clients), N_("No client is connected to this server."))
        send = self.composer.send_button
        emphasise(send if clients else self.main, send, self.main)
        for button in (self.reset, self.disconnect):
            enable(button, bool(chosen), N_("Select clients in the table first."))

    def remember(self) -> None:
        """Put what was typed into the settings."""
        self.form.remember(self.context.settings)


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


def _reach_words(model: ServerModel, addresses: list[str]) -> str:
    if model.chosen is None or not model.chosen.running:
        return ""
    if not addresses:
        return translate(N_("Only programs on this computer can reach this server."))
    return translate(N_("From other computers, connect to:")) + "  " + "   ".join(addresses)
