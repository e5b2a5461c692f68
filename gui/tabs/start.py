"""The first screen: play the demo here, start a server, or connect to an address."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.context import Context
from gui.models import checks
from gui.models.offers import Fitting
from gui.tabs.page import Page, RunningHere
from gui.theme.theme import Theme
from gui.translated import set_text, translate
from gui.widgets.address import AddressField
from gui.widgets.cards import Card, Cards, Words
from gui.widgets.fit import Fitted, Paragraph
from netlib import LOCAL_HOST, N_, Endpoint, Transport, free_port, interfaces

USUAL = "localhost:8080"
FIRST_PORT = 8080
"""The demo's server takes the first free port from here on."""
HELLO = "你好"
SIDES = 24
"""Logical pixels left and right of everything."""
NARROW = 400
"""Logical pixels between them below which there is nothing but the choices."""
MOST_ADDRESSES = 3
"""Of this computer."""
EVERY_TICKS = 40
"""Slow ticks after which the addresses of this computer are looked up again: ten seconds."""

DEMO = Words(
    "▶",
    N_("Play the demo here"),
    N_("A server and a client in this window say hello to each other."),
)
SERVER = Words(
    "▤",
    N_("Start a server"),
    N_("The class connects to this computer: line reply, chat room, web page, time."),
)
CLIENT = Words(
    "→",
    N_("Connect to an address"),
    N_("The one your teacher shows, a web site, or a server on this computer."),
)


class Head(Fitted):
    """What all this is for; left out where the choices need the room."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Say it."""
        super().__init__(parent, theme)
        self._title = ttk.Label(self, style="Page.TLabel")
        self._lead = ttk.Label(self, style="Lead.TLabel")
        set_text(self._title, N_("See what sockets do"))
        set_text(self._lead, N_("A server, a client, and every byte that passes between them."))
        self.hold(self._title)
        self.hold(self._lead)

    def arrange(self, width: int) -> int:
        """Place the lines that fit whole; none in a narrow window, which is a low one, too."""
        high = 0
        for line in (self._title, self._lead):
            if width >= max(line.winfo_reqwidth(), self._theme.px(NARROW)):
                line.place(x=0, y=high)
                high += line.winfo_reqheight()
            else:
                line.place_forget()
        return high + self._theme.px(8) if high else 0


class StartTab(Page):
    """Three choices, the first of which needs nothing to be known."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Offer the choices."""
        super().__init__(parent, context)
        px = self.theme.px
        self.who.pack_forget()
        self.composer_area.pack_forget()
        self.body.pack_configure(padx=px(SIDES))
        self._addresses: list[str] = []
        self._slow_ticks = 0
        self._foot = Paragraph(self.body, self.theme, "Small.TLabel")
        self._foot.pack(side="bottom", fill="x")
        set_text(self._foot.label, self._foot_words)
        self._leave_room(1)
        head = Head(self.body, self.theme)
        head.pack(fill="x")
        self._make_cards()
        self._leave_room(2)

    def _leave_room(self, shares: int) -> None:
        """Take so many shares of the height that nothing else needs."""
        for _share in range(shares):
            ttk.Frame(self.body, height=1).pack(expand=True)

    def _make_cards(self) -> None:
        cards, theme = Cards(self.body, self.theme), self.theme
        cards.pack(fill="x")
        demo = Card(cards, theme, DEMO, first=True)
        demo.press(N_("Play"), self.main_action)
        server, client = Card(cards, theme, SERVER), Card(cards, theme, CLIENT)
        server.press(N_("Choose a service"), lambda: self.context.tabs().show("server"))
        client.press(N_("Connect"), self._connect)
        self.play, self.serve, self.connect = demo.button, server.button, client.button
        self.address = AddressField(client, theme, N_("Address"), checks.address_or_url)
        self.address.hide_label()
        self.address.text = USUAL
        self._running = RunningHere(
            self.context.backend, self.address, lambda: Fitting(Transport.TCP), USUAL
        )
        self.address.entry.bind("<Return>", lambda _event: self._connect())
        self.connect.lift()  # the keyboard comes to the field first
        client.field = self.address
        client.click(self._type_address)
        cards.add(demo, server, client)

    # -- what the user does ----------------------------------------------------------------------

    def main_action(self) -> None:
        """Play the demo: a server and a client in this window, every byte of it real."""
        from netlib import ServerConfig  # late: not needed for the first picture

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

    def _type_address(self) -> None:
        """Go where the address is typed, ready to be replaced."""
        self.address.entry.focus_set()
        self.address.entry.selection_range(0, "end")

    # -- what is shown ---------------------------------------------------------------------------

    def tick(self) -> None:
        """Offer what runs."""
        self._running.tick()

    def slow_tick(self) -> None:
        """Say what this computer is called by others, now and then."""
        if self._slow_ticks % EVERY_TICKS == 0:
            found = [one.words for one in interfaces()[:MOST_ADDRESSES]]
            if found != self._addresses:
                self._addresses = found
                set_text(self._foot.label, self._foot_words)
        self._slow_ticks += 1

    def find(self) -> None:
        """Nothing: there are no rows here."""

    def _foot_words(self) -> str:
        if not self._addresses:
            return " "
        return translate(N_("This computer: {addresses}"), addresses="  ·  ".join(self._addresses))
