"""The first screen: play the demo here, start a server, or connect to an address."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.context import Context
from gui.models import checks
from gui.models.offers import Fitting
from gui.tabs.page import Page, RunningHere
from gui.translated import Message, set_text
from gui.widgets.address import AddressField
from gui.widgets.flow import Flow
from netlib import LOCAL_HOST, N_, Endpoint, ServerConfig, Transport, free_port

USUAL = "localhost:8080"
FIRST_PORT = 8080
"""The demo's server takes the first free port from here on."""
HELLO = "你好"
WIDTH = 22
"""Characters of the buttons."""


class StartTab(Page):
    """Three choices, the first of which needs nothing to be known."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Offer the choices."""
        super().__init__(parent, context)
        self.who.pack_forget()
        self.composer_area.pack_forget()
        title = ttk.Label(self.body, style="Result.TLabel")
        set_text(title, N_("See what sockets do"))
        title.pack(anchor="w")
        self.play = self._choice(
            N_("Play the demo here"),
            N_("A server and a client in this window say hello to each other."),
        )
        self.play.configure(style="Accent.TButton", command=self.main_action)
        self.serve = self._choice(
            N_("Start a server"),
            N_("The class connects to this computer: line reply, chat room, web page, time."),
        )
        self.serve.configure(command=lambda: context.tabs().show("server"))
        self._make_address()

    def _row(self) -> Flow:
        row = Flow(self.body, self.theme, gap=16)
        row.pack(fill="x", pady=(self.theme.px(8), 0))
        return row

    def _choice(self, words: Message, sentence: Message) -> ttk.Button:
        """Return a button with a sentence behind it, where there is room for one."""
        row = self._row()
        button, label = ttk.Button(row, width=WIDTH), ttk.Label(row, style="Muted.TLabel")
        set_text(button, words)
        set_text(label, sentence)
        row.add(button)
        row.add(label, optional=True)
        return button

    def _make_address(self) -> None:
        row = self._row()
        self.connect = ttk.Button(row, width=WIDTH, command=self._connect)
        set_text(self.connect, N_("Connect to an address"))
        self.address = AddressField(row, self.theme, N_("Address"), checks.address_or_url, width=24)
        self.address.text = USUAL
        self._running = RunningHere(
            self.context.backend, self.address, lambda: Fitting(Transport.TCP), USUAL
        )
        self.address.entry.bind("<Return>", lambda _event: self._connect())
        row.add(self.connect, self.address)

    # -- what the user does ----------------------------------------------------------------------

    def main_action(self) -> None:
        """Play the demo: a server and a client in this window, every byte of it real."""
        port = free_port(LOCAL_HOST, FIRST_PORT - 1) or 0
        config = ServerConfig(service="acknowledge", host=LOCAL_HOST, port=port)
        self.context.tabs().serve(config, self._greet)

    def _greet(self, local: Endpoint | None) -> None:
        tabs = self.context.tabs()
        if local is None:
            tabs.show("server")  # which says why
        else:
            tabs.call(str(Endpoint(LOCAL_HOST, local.port)), HELLO)

    def _connect(self) -> None:
        if self.address.accept():
            self.context.tabs().call(self.address.text)

    # -- what is shown ---------------------------------------------------------------------------

    def tick(self) -> None:
        """Offer what runs."""
        self._running.tick()
