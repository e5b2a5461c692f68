"""The Time tab: a UDP time server on the left, a client that asks one on the right."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from gui.context import Context
from gui.models import checks
from gui.models.notice import Cure, Notice
from gui.models.offers import Fitting
from gui.models.time import (
    DEFAULT_PORTS,
    SERVICE_OF,
    TimeClient,
    TimeForm,
    TimeServer,
    answer_cells,
    newest_words,
    summary,
)
from gui.tabs.page import Page, RunningHere
from gui.translated import LANGUAGE_CHANGED, Message, translate
from gui.views.pane import TrafficPane
from gui.widgets.address import AddressField
from gui.widgets.choice import Choice, Segments
from gui.widgets.columns import Column
from gui.widgets.field import Field, Limits, NumberField
from gui.widgets.fit import Paragraph
from gui.widgets.flip import FlipButton
from gui.widgets.flow import Flow
from gui.widgets.fold import Fold
from gui.widgets.lamp import Lamp
from gui.widgets.split import Split
from gui.widgets.table import Table, TableRow
from gui.widgets.tooltip import enable, tip
from netlib import N_, TimeReply, Transport

COLUMNS = (
    Column("number", N_("No."), 50, "e", rank=1),
    Column("time", N_("Server's time"), 180, stretch=True, whole=True),
    Column("rtt", N_("Round-trip time"), 115, "e", whole=True),
    Column("offset", N_("Clock offset"), 150, "e", whole=True),
)
WIDE, HIGH = 900, 400
"""Logical pixels: in less room a line stands for the server, and a click unfolds the rest of it."""
VIEWS = {"answers": N_("Replies"), "traffic": N_("Traffic")}
FIELDS: tuple[tuple[str, str, Limits, str, str], ...] = (
    ("count", N_("Queries"), Limits(1, 100_000), "1", ""),
    ("interval", N_("Interval"), Limits(0, 3600, whole=False), "1", N_("s")),
    ("timeout", N_("Timeout"), Limits(0.05, 600, whole=False), "2", N_("s")),
    ("retries", N_("Retries"), Limits(0, 100), "0", ""),
)
LINES = 2
"""Of the client's controls; in less width some go behind a button."""
PROTOCOLS: dict[str, Message] = {
    "rfc3339": N_("text (RFC 3339)"),
    "ntp": N_("NTP"),
    "daytime": N_("daytime"),
}
"""What server and client speak."""
_NO_REQUESTS = N_("No request yet: press Start, then Query on the right.")
_NO_ANSWERS = N_("No reply yet: press Query.")
_NO_TRAFFIC = N_("Nothing sent yet.")


class TimeTab(Page):
    """Server and client side by side."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Show the pre-filled defaults, or what was typed last time."""
        super().__init__(parent, context)
        self.server, self.client = TimeServer(context.backend), TimeClient(context.backend)
        self._changes = (-1, -1)
        self._asked, self.tight = "", False
        self._answer: TimeReply | None = None
        self.cures = {"serve": self._start_on, "use_port": self._start_on}
        self._asks_when_started = False
        self._noticed: tuple[Notice | None, Notice | None] = (None, None)
        self.says = False
        self.show_parts()
        self._panes = panes = Split(self.body, orient="horizontal", share=0.5)
        self.keep(panes, "time.server_share")
        panes.pack(fill="both", expand=True)
        self._left, self._right = (ttk.Frame(panes, padding=self.theme.px(4)) for _ in range(2))
        self._make_server(self.who)
        self._make_client(self._right)
        self._show_server(self.fold.is_open)
        self.bind(LANGUAGE_CHANGED, lambda _event: self._show())
        for event in ("<Configure>", "<<ThemeChanged>>"):
            self.bind(event, lambda _event: _settle(self), add=True)

    # -- building --------------------------------------------------------------------------------

    def _make_server(self, frame: ttk.Frame) -> None:
        theme, settings = self.theme, self.context.settings
        flow = self._head = Flow(frame, theme)
        flow.pack(fill="x")
        self.protocol = Choice(flow, PROTOCOLS)
        self.protocol.key = settings.one_of("time.protocol", PROTOCOLS, "rfc3339")
        self.protocol.bind("<<ComboboxSelected>>", lambda _event: _protocol_chosen(self), add=True)
        words = N_("Time server (UDP)")
        self.fold = Fold(flow, settings, "time.server", words, self._show_server, key="F6")
        places = {"localhost": N_("this computer only"), "*": N_("all interfaces")}
        self.interface = Choice(flow, places)
        self.port = Field(flow, theme, N_("Port"), checks.listening_port, width=6)
        self.port.text = settings.get("time.port", str(DEFAULT_PORTS[self.protocol.key]))
        self.start = FlipButton(flow, self.start_or_stop, width=8)
        self.port.entry.bind("<Return>", lambda _event: self.start.press())
        flow.add(self.fold, self.protocol, self.interface, self.port, self.start)
        self.state_shown = Lamp(flow)
        flow.add(self.state_shown, optional=True)
        self.requests = TrafficPane(
            self._left, self.context, self.server.rows, N_("Requests"), _NO_REQUESTS, wrapped=True
        )
        self.requests.pack(fill="both", expand=True)

    def _make_client(self, frame: ttk.Frame) -> None:
        theme, settings = self.theme, self.context.settings
        self.client_head = head = ttk.Frame(frame)
        head.pack(side="top", fill="x")
        flow = Flow(head, theme)
        flow.pack(fill="x", pady=(0, theme.px(6)))
        self.address = AddressField(flow, theme, N_("Server"), checks.address, width=18)
        usual = f"localhost:{DEFAULT_PORTS[self.protocol.key]}"
        self.address.text = settings.get("time.address", usual)
        self.address.history = settings.texts("time.history", [self.address.text])
        fits: Callable[[], Fitting] = lambda: Fitting(  # noqa: E731
            Transport.UDP, ((SERVICE_OF[self.protocol.key],),)
        )
        self._running = RunningHere(self.context.backend, self.address, fits, usual)
        self.address.entry.bind("<Return>", lambda _event: self.main_action())
        self.query = FlipButton(flow, self._query_or_stop, width=8)
        flow.add(self.address, self.query)
        self.fields: dict[str, NumberField] = {}
        for key, words, limits, usual, unit in FIELDS:
            field = NumberField(flow, theme, words, limits, width=5, unit=unit)
            field.text = settings.get(f"time.{key}", usual)
            field.entry.bind("<Return>", lambda _event: self.main_action())
            self.fields[key] = field
            flow.add(field)
        tip(self.fields["retries"].entry, N_("How many times an unanswered query is sent again."))
        self.clear = FlipButton(flow, self.client.clear_or_restore)
        self._newest = Paragraph(head, theme, "Bold.TLabel")
        self._newest.pack(fill="x")
        self._summary = Paragraph(head, theme, "Muted.TLabel")
        self._summary.pack(fill="x", pady=(0, theme.px(6)))
        self.view = Segments(flow, VIEWS, lambda _key: self._show_view())
        flow.add(self.view, self.clear)
        flow.fold(LINES, self.view, *self.fields.values(), self.clear)
        self.answers = Table(frame, theme, COLUMNS, _NO_ANSWERS)
        self.traffic = TrafficPane(
            frame, self.context, self.client.rows, N_("Traffic"), _NO_TRAFFIC, wrapped=True
        )
        self.traffic.whole.give(partial(_give_page, self))
        self._show_view()

    def _show_server(self, shown: bool) -> None:
        for control in (self.interface, self.port):
            self._head.show(control, shown)
        if shown:
            self._panes.both(self._left, self._right)
        else:
            self._panes.only(self._right)

    def _show_view(self) -> None:
        for key, view in (("answers", self.answers), ("traffic", self.traffic)):
            if key == self.view.key:
                view.pack(fill="both", expand=True)
            else:
                view.pack_forget()

    # -- what the user does ----------------------------------------------------------------------

    def start_or_stop(self) -> None:
        """Start the server as typed, or say what is wrong with it; stop it when it runs."""
        self.banner.clear()
        if self.server.running:
            self.server.stop()
        elif self.port.accept():
            self.server.start(self.interface.key, int(self.port.text), self.protocol.key)

    def main_action(self) -> None:
        """Press Query."""
        self.query.press()

    def find(self) -> None:
        """Open the search in the rows of the half that has the focus; else in the client's."""
        focus = str(self.tk.call("focus"))
        of_server = focus.startswith((f"{self._left}.", f"{self.who}."))
        if of_server and self.fold.is_open:
            self.requests.open_find()
            return
        self.view.choose("traffic")
        self.traffic.open_find()

    def _query_or_stop(self) -> None:
        """Query as typed, or say what is wrong with it; while queries go on, stop them."""
        self.banner.clear()
        if self.client.asking:
            self.client.stop()
            return
        if not self.address.accept() or not all(f.accept() for f in self.fields.values()):
            return
        self._asked = self.address.text
        numbers = {key: field.number for key, field in self.fields.items()}
        self.client.ask(
            TimeForm(
                self.address.text,
                int(numbers["count"]),
                numbers["interval"],
                numbers["timeout"],
                int(numbers["retries"]),
                self.protocol.key,
            )
        )

    def _start_on(self, cure: Cure) -> None:
        """Start the time server of this tab, on the port that is missing or the next free one."""
        if not self.server.running:
            self.port.text = str(cure.port)
            self._asks_when_started = cure.intent == "serve"
            self.start_or_stop()

    def cancel(self) -> None:
        """Stop asking; else close the banner."""
        if self.client.asking:
            self.client.stop()
        else:
            super().cancel()

    # -- what is shown ---------------------------------------------------------------------------

    def tick(self) -> None:
        """Show what has changed."""
        self._running.tick()
        changes = self.server.changes, self.client.changes
        if changes != self._changes:
            self._changes = changes
            self._show()
            self.banner.follow(self._notice())
        self.requests.refresh()
        self.traffic.refresh()

    def _notice(self) -> Notice | None:
        """Return the newest notice of the two halves."""
        before, now = self._noticed, (self.server.notice, self.client.notice)
        self._noticed = now
        news = [new for new, old in zip(now, before, strict=True) if new and new is not old]
        return next(iter(news), now[0] or now[1])

    def _show(self) -> None:
        if self._asks_when_started and self.server.local and not self.client.asking:
            self._asks_when_started = False
            self._query_or_stop()
        running = self.server.running
        self.start.say(N_("Stop") if running else N_("Start"))
        for control in (self.interface, self.protocol):
            enable(control, not running, N_("Stop the server first."))
        self.port.enable(not running, N_("Stop the server first."))
        if running:
            words = translate(N_("listening on {address}"), address=self.server.local or "…")
        else:
            words = translate(N_("stopped"))
        self.state_shown.show(running, words)
        self.query.say(N_("Stop") if self.client.asking else N_("Query"))
        client = self.client
        self.clear.say(N_("Undo clear") if client.is_cleared else N_("Clear"))
        enable(self.clear, bool(client.answers) or client.is_cleared, _NO_ANSWERS)
        following = self.query if running else self.start
        self.emphasise(None if self.client.asking else following, self.start, self.query)
        newest = self.client.newest()
        if newest is not self._answer and newest is not None:
            self.address.remember(self._asked)
        self._answer = newest
        self._newest.label.configure(text=" " if newest is None else newest_words(newest))
        self._summary.label.configure(text=summary(self.client) or " ")
        answers = list(self.client.answers)
        rows = [TableRow(str(index), answer_cells(one)) for index, one in enumerate(answers)]
        rows.reverse()
        self.answers.set_rows(len(rows), lambda first, last: rows[first:last])

    def remember(self) -> None:
        """Put what was typed into the settings."""
        settings = self.context.settings
        settings.set("time.protocol", self.protocol.key)
        settings.set("time.port", self.port.text)
        settings.set("time.address", self.address.typed)
        settings.set("time.history", list(self.address.history))
        for key, field in self.fields.items():
            settings.set(f"time.{key}", field.text)


def _give_page(tab: TimeTab, whole: bool) -> None:
    """Give the page to the traffic of the client, or show the rest of it, too."""
    tab.show_parts(whole=whole)
    tab.client_head.pack_forget()
    if not whole:
        half = tab.client_head.nametowidget(tab.client_head.winfo_parent())
        tab.client_head.pack(side="top", fill="x", before=half.pack_slaves()[0])


def _protocol_chosen(tab: TimeTab) -> None:
    """Offer the usual port of the protocol to server and client, unless others were typed."""
    port = str(DEFAULT_PORTS[tab.protocol.key])
    usual = {str(one) for one in DEFAULT_PORTS.values()}
    if tab.port.text in usual:
        tab.port.text = port
    if tab.address.text in {f"localhost:{one}" for one in usual}:
        tab.address.text = f"localhost:{port}"


def _settle(tab: TimeTab) -> None:
    """Fold the server for the moment, where the page has no room for both."""
    room, px = tab.master, tab.theme.px
    if room.winfo_height() > 1:
        tight = room.winfo_width() < px(WIDE) or room.winfo_height() < px(HIGH)
        if tight != tab.tight:
            tab.tight = tight
            tab.fold.set(tab.fold.remembered and not tight)
